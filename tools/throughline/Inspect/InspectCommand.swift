import ArgumentParser

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Look at what a store's files hold, as they hold it.",
        discussion: """
            Opens everything for reading only: a daemon may go on beside it, and none is needed. Of a             damaged file it shows what can be read and says what cannot. What comes from events is             shown so that a terminal follows nothing in it.
            """,
        subcommands: [
            InspectLayout.self, InspectSegment.self, InspectBlock.self, InspectEvent.self,
            InspectIndex.self, InspectView.self, InspectSnapshot.self, InspectConsumers.self,
            InspectDictionary.self, InspectHex.self,
        ])
}

/// The store that is looked into.
struct StoreArgument: ParsableArguments {
    @Argument(help: "The folder of a store or of a backup.")
    var store: String
}

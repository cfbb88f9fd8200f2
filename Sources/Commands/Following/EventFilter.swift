internal import EventLog
internal import EventModel

/// Which events somebody wants: of one of the types, of one of the channels, with one of the
/// identifiers. What is not named is not asked for.
struct EventFilter {
    /// The patterns as they were given.
    let types: [String]
    /// The channels as they were given.
    let channels: [String]
    private let patterns: [TypePattern]
    private let channelBytes: [[UInt8]]
    private let identifiers: [StreamName]

    /// Everything of some types and channels.
    init(types: [String], channels: [String]) {
        self.init(types: types, channels: channels, identifiers: [])
    }

    private init(types: [String], channels: [String], identifiers: [StreamName]) {
        self.types = types
        self.channels = channels
        self.identifiers = identifiers
        patterns = types.map { TypePattern($0) }
        channelBytes = channels.map { Array($0.utf8) }
    }

    /// Reads TYPE, CHANNEL and, where the command has it, IDENTIFIER.
    init(
        _ arguments: borrowing ArgumentReader, of command: CommandDefinition,
        takesIdentifiers: Bool
    ) throws(CommandError) {
        let types = try Self.words("TYPE", arguments, command)
        let channels = try Self.words("CHANNEL", arguments, command)
        var identifiers: [StreamName] = []
        if takesIdentifiers {
            for word in try arguments.texts("IDENTIFIER") {
                let name = Array("identifier-\(word)".utf8)
                guard case .stream(let stream) = unsafe StreamName.read(name.span.bytes) else {
                    throw .badArgument(
                        command.name, argument: "IDENTIFIER", expected: "kind:value")
                }
                identifiers.append(stream)
            }
        }
        guard identifiers.count <= FollowLimits.filterWordsMax else {
            throw .badArgument(
                command.name, argument: "IDENTIFIER",
                expected: "given at most \(FollowLimits.filterWordsMax) times")
        }
        self.init(types: types, channels: channels, identifiers: identifiers)
    }

    /// Returns the words of an argument that may be given several times, as often and as long as
    /// an event is compared with.
    static func words(
        _ name: String, _ arguments: borrowing ArgumentReader, _ command: CommandDefinition
    ) throws(CommandError) -> [String] {
        let words = try arguments.texts(name)
        let bytesMax = FollowLimits.filterWordBytesMax
        guard words.count <= FollowLimits.filterWordsMax,
            words.allSatisfy({ 1...bytesMax ~= $0.utf8.count })
        else {
            throw .badArgument(
                command.name, argument: name,
                expected: "given at most \(FollowLimits.filterWordsMax) times, each 1 to "
                    + "\(bytesMax) bytes")
        }
        return words
    }

    /// What is left to ask once an event has been looked at by itself.
    enum Verdict {
        case unwanted, wanted
        /// Wanted if the interaction's channel is.
        case byInteraction([UInt8])
    }

    /// Judges an event by what it says itself.
    func judge(_ event: borrowing EventView) -> Verdict {
        guard isOfType(event), hasIdentifier(event) else { return .unwanted }
        guard !channelBytes.isEmpty else { return .wanted }
        if let own = event.bytes("channel") {
            for channel in channelBytes where unsafe own.equals(channel.span.bytes) {
                return .wanted
            }
            return .unwanted
        }
        guard let interaction = event.bytes("interaction") else { return .unwanted }
        return .byInteraction(interaction.copied())
    }

    /// Whether events of an interaction's channel are wanted.
    func wants(channel: [UInt8]) -> Bool { channelBytes.contains(channel) }

    private func isOfType(_ event: borrowing EventView) -> Bool {
        guard !patterns.isEmpty else { return true }
        for pattern in patterns where pattern.matches(event.type) { return true }
        return false
    }

    private func hasIdentifier(_ event: borrowing EventView) -> Bool {
        guard !identifiers.isEmpty else { return true }
        for identifier in identifiers where identifier.contains(event) { return true }
        return false
    }
}

import ArgumentParser
import Importing
import JSON
import RESP

struct AppendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append", abstract: "Record one event.",
        discussion: """
            Every event names its source and an id of that source's own: the same pair again stores \
            nothing and answers the first position, so a command that may have been heard is simply \
            given again.

                throughline append note.taken source=desk id=2026-03-02-7 interaction=c-8812 \\
                    customer=crm:8812 text="calls back on Monday"
            """)

    @Argument(help: "The event's type, such as note.taken.")
    var type: String

    @Argument(help: "Its attributes, as name=value.")
    var attributes: [String] = []

    @Option(help: ArgumentHelp("A file whose bytes are its data; - reads them.", valueName: "file"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Only if the stream has so many events, none, or any; may be repeated.",
            valueName: "stream=n"))
    var expect: [String] = []

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON document.")
    var json = false

    func validate() throws {
        for attribute in attributes where !attribute.dropFirst().contains("=") {
            throw ValidationError("an attribute is name=value, such as queue=billing")
        }
        for guarding in expect where !guarding.dropFirst().contains("=") {
            throw ValidationError("--expect is stream=n, such as agent-ana=41")
        }
    }

    /// The words of APPEND, without its data.
    var words: [String] { ["APPEND", type] + attributes.flatMap(Self.pair) }

    /// What stands before the first `=`, and behind it.
    private static func pair(_ text: String) -> [String] {
        text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    }

    /// The words of the guards: a stream's name may hold a `=`, what it is to hold does not.
    var guards: [String] {
        expect.flatMap { text -> [String] in
            let equals = text.lastIndex(of: "=") ?? text.endIndex
            return ["EXPECT", String(text[..<equals]), String(text[equals...].dropFirst())]
        }
    }

    func run() throws {
        var bytes = words.map { Array($0.utf8) }
        if let data { bytes += [Array("DATA".utf8), try DataFile.read(data)] }
        bytes += guards.map { Array($0.utf8) }
        var session = try connection.connect()
        let reply = try session.call(bytes, named: "APPEND \(type)")
        guard let answer = AppendAnswer(reply) else {
            throw ToolFailure("APPEND answered no position")
        }
        if json { OutputOptions.printed(answer.document) } else { Terminal.write(answer.text) }
    }
}

/// Where APPEND says that the event lies, and since when.
struct AppendAnswer {
    enum State {
        /// It is stored now.
        case stored
        /// It was stored before.
        case repeated
        /// It was stored before, and whom it was about is erased since.
        case erased
    }

    let position: Int64
    let state: State

    /// Reads a position, or a position and a word; nil for anything else.
    init?(_ reply: Reply) {
        let parts = reply.elements ?? [reply]
        guard let position = parts.first?.integerValue else { return nil }
        self.position = position
        switch (parts.count, parts.last?.text) {
        case (1, _) where reply.integerValue != nil: state = .stored
        case (2, "REPEAT"): state = .repeated
        case (2, "ERASED"): state = .erased
        default: return nil
        }
    }

    var text: String {
        switch state {
        case .stored: "position \(position)\n"
        case .repeated: "position \(position), stored before\n"
        case .erased:
            "position \(position), stored before; whom it was about is erased, and nothing was "
                + "stored now\n"
        }
    }

    /// `erased` stands there only where it is so.
    var document: JSONValue {
        var members = [
            JSONValue.Member("position", .integer(position)),
            JSONValue.Member("repeat", .boolean(state != .stored)),
        ]
        if state == .erased { members.append(JSONValue.Member("erased", .boolean(true))) }
        return .object(members)
    }
}

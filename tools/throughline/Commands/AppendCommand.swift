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
        let isRepeat = reply.elements?.last?.text == "REPEAT"
        guard let position = reply.integerValue ?? reply.elements?.first?.integerValue else {
            throw ToolFailure("APPEND answered no position")
        }
        if json {
            OutputOptions.printed(
                .object([
                    JSONValue.Member("position", .integer(position)),
                    JSONValue.Member("repeat", .boolean(isRepeat)),
                ]))
        } else {
            Terminal.write("position \(position)\(isRepeat ? ", stored before" : "")\n")
        }
    }
}

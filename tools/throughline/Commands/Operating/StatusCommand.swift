import ArgumentParser
import Importing
import JSON

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How the daemon and its projections are.")

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var output: OutputOptions

    func run() throws {
        var session = try connection.connect()
        let info = Self.sections(
            of: try session.document(["INFO"], missing: "the daemon tells nothing of itself").text)
        let projections = try session.document(["PROJECTIONS"], missing: "no projections").value()
        let list = projections["projections"] ?? .array([])
        if output.json || output.csv {
            output.show(
                .object([
                    JSONValue.Member("info", info), JSONValue.Member("projections", projections),
                ]))
        } else {
            var printer = DocumentPrinter(bars: ["behind"])
            printer.add(info, indentation: "")
            printer.add(
                .object([JSONValue.Member("projections", list)]), indentation: "")
            Terminal.write(printer.lines.map { $0 + "\n" }.joined())
        }
    }

    /// Reads INFO's text: `# Section` lines, and `name:value` lines below them.
    static func sections(of text: String) -> JSONValue {
        var sections: [JSONValue.Member] = []
        var members: [JSONValue.Member] = []
        var name = ""
        func close() {
            guard !name.isEmpty || !members.isEmpty else { return }
            sections.append(JSONValue.Member(name.isEmpty ? "daemon" : name, .object(members)))
            members = []
        }
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("#") {
                close()
                name = line.dropFirst().trimmed.lowercased()
            } else if let colon = line.firstIndex(of: ":") {
                let value = String(line[line.index(after: colon)...])
                members.append(
                    JSONValue.Member(
                        String(line[..<colon]),
                        Int64(value).map(JSONValue.integer) ?? .string(value)))
            }
        }
        close()
        return .object(sections)
    }
}

extension Substring {
    fileprivate var trimmed: Substring { drop { $0 == " " } }
}

import ArgumentParser
import JSON
import RESP

struct ProjectionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projections", abstract: "How far each view is, and how fast it goes.")

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var output: OutputOptions

    func run() throws {
        var session = try connection.connect()
        try output.show(
            try session.document(["PROJECTIONS"], missing: "there are no projections"),
            as: DocumentShape(list: "projections", bars: ["behind"]))
    }
}

struct LimitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits", abstract: "Every limit, its value, and how often it was met.",
        discussion: "--json and --csv also say what happens then and what the standard value is.")

    @Flag(help: "Only limits that were met.")
    var met = false

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var output: OutputOptions

    func run() throws {
        var session = try connection.connect()
        let document = try session.document(["LIMITS"], missing: "there are no limits")
        let shape = DocumentShape(
            list: "limits", columns: ["name", "value", "met", "what"], bars: ["met"])
        guard met else { return try output.show(document, as: shape) }
        let all = try document.value()
        let members = (all.members ?? []).map { member -> JSONValue.Member in
            guard member.name == "limits" else { return member }
            let rows = (member.value.elements ?? []).filter { Cell.integer($0["met"]) > 0 }
            return JSONValue.Member("limits", .array(rows))
        }
        output.show(.object(members), as: shape)
    }
}

struct ConsumersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consumers", abstract: "Named consumers, and how far each has read.")

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var output: OutputOptions

    func run() throws {
        var session = try connection.connect()
        try output.show(
            try session.document(["CONSUMER", "LIST"], missing: "there are no consumers"),
            as: DocumentShape(list: "consumers", bars: ["lag"]))
    }
}

struct SealCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal", abstract: "End the newest segment, so that it is packed for good.",
        discussion: "It is packed behind the scenes; throughline status says how far that is.")

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
        var session = try connection.connect()
        guard let last = try session.call(["SEAL"]).integerValue else {
            throw ToolFailure("SEAL answered no position")
        }
        if json {
            OutputOptions.printed(.object([JSONValue.Member("last", .integer(last))]))
        } else if last == 0 {
            Terminal.write("there is nothing to seal: the log is empty\n")
        } else {
            Terminal.write("the segment ends with position \(last)\n")
        }
    }
}

struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Fold a view anew, beside the one in use.",
        discussion: """
            The view in use answers until the new one has caught up and takes its place; identity is \
            followed by all others. The command waits for that and shows how far it is, unless \
            --no-wait says otherwise. What a fold of this version would change can be seen before: \
            throughline replay STORE --compare.
            """)

    @Argument(help: "identity, queues, metrics or customers.")
    var projection: String

    @Flag(inversion: .prefixedNo, help: "Wait until the new view is in its place.")
    var wait = true

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var output: OutputOptions

    func run() throws {
        var session = try connection.connect()
        _ = try session.call(["REBUILD", projection])
        let shape = DocumentShape(list: "projections", bars: ["behind"])
        var document = try session.document(["PROJECTIONS"], missing: "there are no projections")
        if wait {
            let bar = ProgressBar("folding \(projection)", unit: "events")
            while let done = try Self.folded(projection, in: try document.value()) {
                bar.show(done.events, of: done.total)
                Terminal.pause()
                document = try session.document(
                    ["PROJECTIONS"], missing: "there are no projections")
            }
            bar.clear()
        }
        try output.show(document, as: shape)
    }

    /// How many events the new view has folded, of how many; nil once it is in its place.
    ///
    /// - Throws: `ToolFailure` when it was given up.
    static func folded(
        _ projection: String, in document: JSONValue
    ) throws -> (events: UInt64, total: UInt64)? {
        let views = document["projections"]?.elements ?? []
        guard let rebuild = views.first(where: { $0["name"]?.text == projection })?["rebuild"]
        else { return nil }
        if rebuild["state"]?.text == "failed" {
            let reason = rebuild["reason"]?.text ?? "it does not say why"
            throw ToolFailure("\(projection) was not folded anew: \(reason)")
        }
        return (
            UInt64(clamping: Cell.integer(rebuild["position"])),
            UInt64(clamping: Cell.integer(document["position"]))
        )
    }
}

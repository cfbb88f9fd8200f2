import Importing
import JSON

/// What a running daemon says of itself.
struct DaemonChecks {
    private(set) var findings: [Finding] = []
    let info: JSONValue
    private let projections: JSONValue
    private let limits: JSONValue
    private let consumers: JSONValue

    /// Asks the daemon.
    init(_ session: inout DaemonSession) throws {
        info = StatusCommand.sections(
            of: try session.document(["INFO"], missing: "the daemon tells nothing of itself").text)
        projections = try session.document(["PROJECTIONS"], missing: "no projections").value()
        limits = try session.document(["LIMITS"], missing: "no limits").value()
        consumers = try session.document(["CONSUMER", "LIST"], missing: "no consumers").value()
    }

    init(info: JSONValue, projections: JSONValue, limits: JSONValue, consumers: JSONValue) {
        (self.info, self.projections) = (info, projections)
        (self.limits, self.consumers) = (limits, consumers)
    }

    /// The store it has open.
    var store: String? { info["server"]?["store_path"]?.text }

    /// How many connections it serves at a time.
    var connections: Int64 { Cell.integer(info["clients"]?["maxclients"]) }

    mutating func run() {
        checkVersion()
        checkClock()
        checkSealing()
        checkDamage()
        checkProjections()
        checkLimits()
        checkConsumers()
    }

    private mutating func checkVersion() {
        let version = info["server"]?["version"]?.text ?? "of no version"
        if version == Throughline.version {
            findings.append(.good("versions", "daemon and tool are \(version)"))
        } else {
            findings.append(
                .note(
                    "versions", "the daemon is \(version), this tool \(Throughline.version)",
                    "use the tool that came with the daemon"))
        }
    }

    private mutating func checkClock() {
        let clock = info["server"]?["clock"]?.text ?? "unknown"
        if clock == "followed" {
            findings.append(.good("clock", "the machine's clock is followed"))
        } else {
            findings.append(
                .problem(
                    "clock", "the machine's clock is not followed: \(clock)",
                    "set it right, or say that it is: redis-cli -s SOCKET CLOCK ACCEPT"))
        }
    }

    private mutating func checkSealing() {
        for (field, what) in [
            ("sealing_trouble", "a segment cannot be sealed"),
            ("writing_trouble", "what is committed cannot be moved into a segment"),
        ] {
            let trouble = info["log"]?[field]?.text ?? "none"
            guard trouble != "none" else { continue }
            findings.append(.problem("log", "\(what): \(trouble)", Self.advice(trouble)))
        }
    }

    /// What is to be done about what INFO says.
    private static func advice(_ trouble: String) -> String {
        if trouble.contains("no room") { return "make room on the disk of the store" }
        func says(_ texts: String...) -> Bool { texts.contains { trouble.contains($0) } }
        if says("errno 23", "open files in system") {
            return "let the machine open more files: fs.file-max"
        }
        guard says("errno 24", "Too many open files") else { return "throughline verify STORE" }
        return "let the daemon open more files: LimitNOFILE= in its unit"
    }

    private mutating func checkDamage() {
        let found = Cell.integer(info["log"]?["damage_found"])
        guard found > 0 else { return }
        let newest = info["log"]?["damage_newest"]?.text ?? "it says not where"
        findings.append(
            .problem(
                "damage", "\(found) times damage was found on the disk, last in \(newest)",
                "throughline verify STORE, and look at the disk"))
    }

    /// Views that are so far behind are not what a wallboard shows.
    private static let behindMax: Int64 = 10_000

    private static let mapAdvice =
        "start the daemon with a larger --map-bytes-max, or none: a view that fills its map waits"

    /// Whether a view's file takes four fifths of what it can take at most.
    private static func fillsMap(_ view: JSONValue) -> Bool {
        let most = Cell.integer(view["map_bytes"])
        return most > 0 && Cell.integer(view["bytes"]) / 4 >= most / 5
    }

    private mutating func checkProjections() {
        let before = findings.count
        for view in projections["projections"]?.elements ?? [] {
            let name = view["name"]?.text ?? "?"
            let behind = Cell.integer(view["behind"])
            switch view["state"]?.text {
            case "halted":
                findings.append(
                    .problem(
                        "views",
                        "\(name) stands still: \(view["reason"]?.text ?? "it says not why")",
                        "throughline rebuild \(name) folds it anew"))
            case "waiting":
                findings.append(
                    .problem(
                        "views", "\(name) waits: \(view["reason"]?.text ?? "it says not why")",
                        Self.fillsMap(view)
                            ? Self.mapAdvice : "make room on the disk; it goes on by itself"))
            case "building":
                findings.append(
                    .note(
                        "views",
                        "\(name) is folded for the first time, "
                            + "\(Int(behind).grouped) events are left",
                        "it answers -REBUILDING until then; throughline projections"))
            default:
                if view["rebuild"]?["state"]?.text == "failed" {
                    findings.append(
                        .problem(
                            "views",
                            "\(name) was not folded anew: "
                                + (view["rebuild"]?["reason"]?.text ?? "it says not why"),
                            "mend that, then throughline rebuild \(name)"))
                } else if Self.fillsMap(view) {
                    findings.append(
                        .problem("views", "\(name) fills its map by four fifths", Self.mapAdvice))
                } else if behind > Self.behindMax {
                    findings.append(
                        .note(
                            "views", "\(name) is \(Int(behind).grouped) events behind",
                            "throughline projections, twice: does it get fewer?"))
                }
            }
        }
        if findings.count == before { findings.append(.good("views", "all are up to date")) }
    }

    private mutating func checkLimits() {
        let met = (limits["limits"]?.elements ?? []).filter { Cell.integer($0["met"]) > 0 }
        guard !met.isEmpty else {
            return findings.append(.good("limits", "none was met since the start"))
        }
        for limit in met {
            let name = limit["name"]?.text ?? "?"
            findings.append(
                .note(
                    "limits",
                    "\(name) (\(Cell.integer(limit["value"]))) was met "
                        + "\(Cell.integer(limit["met"])) times: \(limit["what"]?.text ?? "")",
                    "see who does that, or raise it: --set limits.\(name)=N"))
        }
    }

    /// A consumer so far behind is probably one that nobody reads any more.
    private static let lagMax: Int64 = 1_000_000

    private mutating func checkConsumers() {
        for consumer in consumers["consumers"]?.elements ?? [] {
            let lag = Cell.integer(consumer["lag"])
            guard lag > Self.lagMax else { continue }
            let name = consumer["name"]?.text ?? "?"
            findings.append(
                .note(
                    "consumers", "\(name) has \(Int(lag).grouped) events to read",
                    "start who reads it, or redis-cli -s SOCKET CONSUMER DELETE \(name)"))
        }
    }
}

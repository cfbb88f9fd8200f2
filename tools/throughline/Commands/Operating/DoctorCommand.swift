import ArgumentParser
import EventLog
import EventModel
import Glibc
import Importing
import JSON

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "What is wrong, or will be, and what to do.",
        discussion: """
            Looks at disk, permissions, system limits, clock, versions, views and backups of the \
            daemon that the socket leads to and of its store; with a store's folder at that, whether \
            a daemon runs or not. It reads only. throughline verify reads the events themselves.

            --plan computes the disk that a rate of events needs.

            Exit code: 0 no problem, 1 problems.
            """)

    @Argument(help: "The folder of a store; by default that of the daemon.")
    var store: String?

    @Option(help: ArgumentHelp("The disk for so many events.", valueName: "events per day"))
    var plan: Int64?

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard plan.map({ (1...1_000_000_000_000).contains($0) }) ?? true else {
            throw ValidationError("--plan takes the events of a day, at least 1")
        }
    }

    func run() throws {
        var findings: [Finding] = []
        let daemon = try askDaemon(&findings)
        guard let folder = store ?? daemon?.store else {
            throw ToolFailure("the daemon does not say where its store lies; name the folder")
        }
        guard unsafe access(folder + "/store.json", F_OK) == 0 else {
            throw ToolFailure("\(folder) is no store: it has no store.json that you can see")
        }
        var checks = StoreChecks(folder)
        checks.run(now: Timestamp(milliseconds: Int64(time(nil)) * 1_000))
        findings += checks.findings
        var machine = MachineChecks(process: Self.holder(of: folder))
        let segments = FolderListing.names(folder + "/log").filter { $0.hasSuffix(".segment") }
        machine.run(connections: daemon?.connections ?? 10_000, segments: segments.count)
        findings += machine.findings
        let plan = plan.map { perDay in
            DiskPlan(
                perDay: perDay, rates: .of(checks.sizes, events: checks.events ?? 0),
                sizes: checks.sizes, room: checks.room)
        }
        report(findings, plan)
        guard findings.allSatisfy({ $0.state != .problem }) else { Terminal.exit(1) }
    }

    /// What the daemon says; nil where the store that is asked for has none.
    private func askDaemon(_ findings: inout [Finding]) throws -> DaemonChecks? {
        do {
            var session = try connection.connect()
            var checks = try DaemonChecks(&session)
            if let store, checks.store.map(Self.identity) != Self.identity(store) {
                // Another store's daemon, which nobody asked about.
                guard connection.socket == nil else {
                    throw ToolFailure("the daemon behind --socket has another store open")
                }
                findings.append(Self.noDaemon)
                return nil
            }
            checks.run()
            findings += checks.findings
            return checks
        } catch let failure as ToolFailure {
            guard store != nil, connection.socket == nil else {
                throw ToolFailure(
                    failure.lines.joined(separator: " "),
                    "With a store's folder the doctor looks at that alone: throughline doctor STORE"
                )
            }
            findings.append(Self.noDaemon)
            return nil
        }
    }

    private static let noDaemon = Finding.note(
        "daemon", "none answers for this store",
        "where one runs, name its socket with --socket or $THROUGHLINE_SOCKET")

    /// A folder by what it is, whatever it is called.
    private static func identity(_ path: String) -> [UInt64] {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return [] }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }

    /// The process that has the store open, by what its lock's file says.
    private static func holder(of store: String) -> Int32? {
        guard let text = SystemFile.text(store + "/LOCK"),
            let pid = Int32(text.prefix { $0.isNumber }),
            unsafe access("/proc/\(pid)/limits", F_OK) == 0
        else { return nil }
        return pid
    }

    private func report(_ findings: [Finding], _ plan: DiskPlan?) {
        let rows = findings.map(\.document)
        guard !output.json, !output.csv else {
            var members = [JSONValue.Member("findings", .array(rows))]
            if let plan { members.append(JSONValue.Member("plan", plan.document)) }
            return output.show(.object(members), as: DocumentShape(list: "findings"))
        }
        var text = findings.map(\.text).joined()
        if let plan { text += "\n" + plan.text }
        Terminal.write(text)
    }
}

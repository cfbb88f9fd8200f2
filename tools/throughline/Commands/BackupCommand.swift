import ArgumentParser
import EventLog
import EventModel
import Glibc
import Importing
import JSON
import RESP

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Have the daemon make a backup while it serves.",
        discussion: """
            The backup holds everything that was committed when it was begun. It is a folder of \
            the given name in the daemon's --backup-folder; segments that an earlier backup there \
            has already are not copied again. throughline verify checks it, throughline restore \
            makes a store of it.
            """)

    @Argument(help: "Its name: 1 to 64 letters, digits, '.', '_', '-'.")
    var name: String

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
        var session = try connection.connect()
        _ = try session.call(["BACKUP", name])
        let bar = ProgressBar("copying", unit: "bytes")
        while true {
            let document = try session.document(["BACKUP"], missing: "no backup")
            let status = try document.value()
            let state = status["state"]?.text
            if state == "running", status["backup"]?.text == name {
                bar.show(Self.number(status["bytes"]), of: Self.number(status["total_bytes"]))
                Terminal.pause()
                continue
            }
            bar.clear()
            guard state == "done", status["backup"]?.text == name else {
                throw ToolFailure(
                    "backup \(name) was not made: \(status["reason"]?.text ?? "it is not known")")
            }
            try tell(document, status)
            return
        }
    }

    private static func number(_ value: JSONValue?) -> UInt64 {
        if case .integer(let number)? = value { UInt64(clamping: number) } else { 0 }
    }

    private func tell(_ document: Document, _ status: JSONValue) throws {
        guard !json else { return document.printJSON() }
        let (bytes, taken) = (
            Self.number(status["bytes"]), Self.number(status["taken_over_bytes"])
        )
        Terminal.write(
            """
            backup     \(Escaping.printable(status["path"]?.text ?? name))
            positions  1 to \(Int(clamping: Self.number(status["last"])).grouped)
            copied     \(Int(clamping: bytes - min(bytes, taken)).grouped) bytes
            taken over \(Int(clamping: taken).grouped) bytes from earlier backups

            """)
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a new store of a backup, or mend one of its segments.",
        discussion: """
            The backup is verified first; nothing is made of one that is not whole. The store \
            begins a new epoch when a daemon first opens it, so that nobody takes it for the \
            continuation of what came after the backup. Nothing is overwritten. A backup that is \
            older than an erasure is only restored with the ledger of erasures that the daemon keeps \
            beside its backups; what it says is carried out before the store is served.

            With --segment only that segment of a store is put back, which has been damaged: a segment \
            that has ended, of the store that was backed up and in the epoch that it has now; no \
            daemon has it open.
            """)

    @Argument(help: "The folder of a backup.")
    var backup: String

    @Argument(help: "The folder of the store to be: missing or empty; with --segment the store.")
    var store: String

    @Option(help: "A position of the segment that is to be put back.")
    var segment: UInt64?

    @Option(help: "The ledger of erasures: erasures.ledger beside the backups, or a copy of it.")
    var erasures: String?

    @Option(help: "How many threads verify; by default one for each processor.")
    var jobs: Int = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    func validate() throws {
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs must be 1 to 64") }
        guard segment != 0 else { throw ValidationError("--segment: positions begin at 1") }
    }

    func run() throws {
        let bar = ProgressBar("verifying", unit: "events")
        do throws(BackupError) {
            if let segment {
                let restored = try Restore.segment(
                    holding: Position(segment), of: backup, into: store, erasures: erasures,
                    jobs: jobs
                ) { bar.show($0, of: $1) }
                bar.clear()
                tell(restored)
            } else {
                let result = try Restore.run(
                    backup: backup, to: store, erasures: erasures, jobs: jobs
                ) { bar.show($0, of: $1) }
                bar.clear()
                tell(result)
            }
        } catch {
            bar.clear()
            if case .damaged(let report) = error {
                for fault in report.faults { Terminal.writeError(VerificationPrinter.line(fault)) }
            }
            throw ToolFailure("\(error)")
        }
    }

    private func tell(_ segment: Restore.RestoredSegment) {
        Terminal.write(
            """
            store      \(Escaping.printable(store))
            segment    positions \(Int(clamping: segment.first.rawValue).grouped) to \
            \(Int(clamping: segment.last.rawValue).grouped), \
            \(Int(clamping: segment.bytes).grouped) bytes

            """)
    }

    private func tell(_ result: Restore.Result) {
        Terminal.write(
            """
            store      \(Escaping.printable(store))
            positions  1 to \(Int(clamping: result.position.rawValue).grouped)
            epoch      \(result.epoch), begun when a daemon opens it

            """)
    }
}

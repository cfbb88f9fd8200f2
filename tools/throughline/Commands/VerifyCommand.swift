import ArgumentParser
import EventLog
import EventModel
import Glibc
import Importing

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check everything that a store or a backup holds.",
        discussion: """
            Reads every block, event and index entry and holds them against each other: checksums, \
            positions, recorded times, the digest chain, indexes both ways, filters, the journal. \
            Nothing is changed, and a daemon may go on appending to the store meanwhile; while its views \
            are read, tens of seconds for gigabytes, their files grow by what is folded. The chain goes \
            on over what was erased or redacted; all of that is listed.

            Exit code: 0 all is as it was written, 1 faults were found (each is printed), 2 the \
            command line cannot be meant or there is no store.

            --repair removes damaged indexes, filters and views, which the daemon makes anew from \
            the log at its next start; the log itself is never touched. It needs the store for \
            itself. Exit code 0 then means that nothing else was wrong.
            """)

    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @Option(help: "The first position to look at; what lies in its part of an index is, too.")
    var from: UInt64?

    @Option(help: "The last position to look at.")
    var to: UInt64?

    @Option(help: "How many threads look; by default one for each processor.")
    var jobs: Int = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(help: "Remove what is damaged and can be made anew.")
    var repair = false

    func validate() throws {
        guard (1...LogLimits.verificationJobsMax).contains(jobs) else {
            throw ValidationError("--jobs must be 1 to \(LogLimits.verificationJobsMax)")
        }
        guard from != 0, (from ?? 1) <= (to ?? .max) else {
            throw ValidationError("--from must be at least 1 and not greater than --to")
        }
        guard !repair || (from == nil && to == nil) else {
            throw ValidationError("--repair looks at the whole store: leave --from and --to out")
        }
    }

    func run() throws {
        let start = ContinuousClock.now
        let held = repair ? try holdStore() : nil
        let bar = ProgressBar("verifying", unit: "events")
        let report: VerificationReport
        do {
            report = try Verification.run(
                store: store,
                options: .init(
                    from: from.map { Position($0) }, to: to.map { Position($0) }, jobs: jobs,
                    progress: { bar.show($0, of: $1) }))
        } catch {
            throw ToolFailure("\(error)", code: 2)
        }
        bar.clear()
        let removed: [String]?
        do {
            removed = try held.map { try Repair.run($0, report) }
        } catch {
            throw ToolFailure("\(error)")
        }
        let printer = VerificationPrinter(
            report: report, statements: statements(), removed: removed,
            elapsed: ContinuousClock.now - start)
        Terminal.write(json ? printer.json : printer.text)
        let isMended =
            removed != nil && report.faultCount == report.faults.count
            && report.faults.allSatisfy(\.isDisposable)
        Terminal.exit(report.isWhole || isMended ? 0 : 1)
    }

    /// The store's erasures and redactions; nil where what is damaged may hold one.
    private func statements() -> StatementList? {
        do throws(EventLogError) {
            return StatementList(try StoredLog.open(store: store).statements())
        } catch {
            return nil
        }
    }

    /// Takes the store's lock, as a daemon does.
    private func holdStore() throws -> StoreFolder {
        guard unsafe access(store + "/store.json", F_OK) == 0 else {
            throw ToolFailure("\(store) is no store: it has no store.json", code: 2)
        }
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        do {
            return try StoreFolder(
                path: store, now: Timestamp(milliseconds: Int64(now.tv_sec) * 1_000),
                randomBytes: { .random(in: .min ... .max) })
        } catch {
            throw ToolFailure("\(error)", "--repair needs the store for itself.")
        }
    }
}

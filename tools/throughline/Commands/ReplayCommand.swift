import ArgumentParser
import EventLog
import EventModel
import Importing
import Projecting
import Views

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Fold a whole log anew, in a place of its own.",
        discussion: """
            Reads the log of a store or of a backup from the first event and folds all views anew, \
            without touching the store; a daemon may go on beside it. Prints each view's digest over \
            keys and rows in key order: the same log and the same version give the same digest.

            --compare holds the result against the store's own views, --against against those in a \
            folder that an earlier replay left with --into, as of another version: how many rows of \
            which kind differ, and the first of each kind by key. --diff OLD NEW holds two such \
            folders against each other and folds nothing.

            --prepare leaves the views that a daemon of this version would fold anew in the store, while \
            one of another version goes on serving its own: the next start of this version begins with \
            them, and no view is ever missing. A REBUILD or an erasure removes them.

            --rules FILE folds who is who by other rules over all events, the body of a definition.set of \
            kind identityRules, and tells how many persons would join and split, with examples; nothing \
            is changed. The definition with "all_history": true makes it so at the next start, and \
            --prepare has that start find the views folded.

            --step walks one customer, interaction or agent through the log instead, and shows of \
            each event what it changed of what was known.

            Exit code: 0 folded and equal where compared, 1 different or failed, 2 the command line \
            cannot be meant.
            """)

    @Argument(help: "The folder of a store or of a backup; none with --diff.")
    var store: String?

    @Option(help: "The last position to fold.")
    var to: UInt64?

    @Option(help: "Where the views are put, and stay; a new folder.")
    var into: String?

    @Flag(help: "Hold them against the views of the store.")
    var compare = false

    @Flag(help: "Leave them in the store for the daemon of this version to begin with.")
    var prepare = false

    @Option(help: "Hold them against the views in this folder.")
    var against: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Hold the views in two folders against each other.", valueName: "old> <new"))
    var diff: [String] = []

    @Option(help: ArgumentHelp("Try identity rules over all events.", valueName: "file"))
    var rules: String?

    @Option(help: "How many differences of each kind of row, joins and splits are shown.")
    var examples = 1

    @Option(
        help: ArgumentHelp(
            "Walk kind:value, c_…, interaction-<id> or agent-<id>, event by event.",
            valueName: "subject"))
    var step: String?

    @Option(
        help: ArgumentHelp(
            "Of a walk: only changes whose path begins so, and the events that made them.",
            valueName: "path"))
    var only: String?

    @Flag(help: "Print one JSON document; of a walk, one for each event.")
    var json = false

    func validate() throws {
        guard to != 0 else { throw ValidationError("positions begin at 1") }
        guard (store == nil) == !diff.isEmpty else {
            throw ValidationError(
                "name the folder of a store or of a backup, or two folders with views behind --diff"
            )
        }
        guard diff.isEmpty || diff.count == 2 else {
            throw ValidationError("--diff takes two folders with views, the older first")
        }
        let asked = [
            compare, prepare, against != nil, !diff.isEmpty, step != nil, rules != nil,
        ].count { $0 }
        guard asked <= 1 else {
            throw ValidationError(
                "--compare, --prepare, --against, --diff, --rules and --step exclude each other")
        }
        guard rules == nil || into == nil else {
            throw ValidationError("--rules leaves no views: leave --into out")
        }
        guard !prepare || to == nil && into == nil else {
            throw ValidationError("--prepare folds all, into the store: leave --to and --into out")
        }
        guard diff.isEmpty || to == nil && into == nil else {
            throw ValidationError("--diff folds nothing: leave --to and --into out")
        }
        guard !compare || to == nil else {
            throw ValidationError("the store's views reflect all of its log: leave --to out")
        }
        guard (0...1_000).contains(examples) else {
            throw ValidationError("--examples must be 0 to 1000")
        }
        guard only == nil || step != nil else {
            throw ValidationError("--only is about a walk: add --step")
        }
        if let step { _ = try StepSubject(step) }
    }

    func run() throws {
        do {
            let report = try store.map { try replay($0) } ?? difference()
            guard let report else { return }
            let printer = ReplayPrinter(report: report)
            Terminal.write(json ? printer.json : printer.text)
            guard report.comparisons.allSatisfy(\.isEqual) else { Terminal.exit(1) }
        } catch let failure as ToolFailure {
            throw failure
        } catch {
            throw ToolFailure("\(error)")
        }
    }

    /// Folds a log; nil where it was walked, which has told everything.
    private func replay(_ store: String) throws -> ReplayReport? {
        if prepare { return try PreparedViews(store).report }
        let log = try StoredLog.open(store: store, through: to.map { Position($0) })
        let begun = ContinuousClock.now
        if let rules {
            let tried = try TriedRules(
                try TextFile.read(rules), on: log, examples: examples)
            Terminal.write(json ? tried.json : tried.text)
            return nil
        }
        if let step {
            let source = try log.hidingSource()
            let folded = try FoldedViews(source, into: into)
            try OfflineWalk(try StepSubject(step), folded, source).run(only: only, json: json)
            return nil
        }
        let folded = try FoldedViews(log.source, into: into)
        var report = try ReplayReport(folded, of: log.storeID, since: begun)
        if let other = compare ? store + "/views" : against {
            try report.compare(folded, with: other, examples)
        }
        return report
    }

    private func difference() throws -> ReplayReport {
        var report = ReplayReport(nil)
        try report.compare(diff[1], with: diff[0], examples)
        return report
    }
}

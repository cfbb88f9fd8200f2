internal import EventLog
internal import EventModel
internal import Projecting

/// How far the erasures at hand are carried out. All that are pending when a round begins go
/// through it together; one that a killed process was at begins again, and finds done what was.
struct ErasureWork {
    enum Step {
        /// Nothing is at hand.
        case idle
        /// The segment that holds the newest of them is to end.
        case ending
        /// Views are copied without what goes.
        case copying(CopyTicket)
        /// Segments and indexes are written anew.
        case scrubbing
        /// The journal's ring is overwritten, up to an offset.
        case wiping(Int)
        /// Views that were copied are folded on, and others anew.
        case rebuilding(RebuildTicket)
        /// A view could not be folded anew; it is tried again at a moment of the monotonic clock, in
        /// nanoseconds.
        case resting(until: UInt64)
    }

    var step = Step.idle
    /// Erasures up to here are at hand.
    var goal = Position.zero
    /// Segments written anew before this round.
    var segmentsBefore: UInt64 = 0
    /// Views that were copied since the start, and those of all rounds.
    var viewsCopied = 0
    var viewsInRounds = 0
    /// What copying failed of in the last round, if it did.
    var copyTrouble: String?
    /// Erasures that are staged.
    var staged: [Erasure] = []
    /// The positions of those whose completion is staged.
    var completing: Set<Position> = []

    /// The word in INFO.
    var word: String {
        switch step {
        case .idle: "idle"
        case .ending: "ending"
        case .copying: "copying"
        case .scrubbing: "scrubbing"
        case .wiping: "wiping"
        case .rebuilding: "rebuilding"
        case .resting: "resting"
        }
    }
}

/// Carrying out erasures, a step at a time, where the order is.
extension CommandExecutor {
    /// Whether erasures are still to be carried out.
    public var hasErasures: Bool { !log.erasures.isEmpty }

    /// Whether the journal's ring is being overwritten, in many small steps.
    public var isWipingJournal: Bool {
        if case .wiping = erasing.step { true } else { false }
    }

    /// Goes on with carrying out erasures.
    ///
    /// - Returns: Whether events were staged that say that some are done.
    public func carryOutErasures() throws(CommandError) -> Bool {
        guard hasErasures, !isStopping, erasing.completing.isEmpty else { return false }
        switch erasing.step {
        case .idle:
            let newest = log.erasures.newest
            guard views.status.allSatisfy({ $0.position >= newest && !$0.isBuilding }),
                writer.stagedCount == 0
            else { return false }
            // A round that a process before this one has begun is ended first: what it has folded
            // anew of the views is of use to it alone.
            let begun = views.scrubbedBefore
            let goesOn = log.erasures.pending.contains { $0.position <= begun }
            erasing.goal = goesOn ? min(begun, newest) : newest
            erasing.segmentsBefore = log.scrubbing.segments
            writer.endSegment()
            erasing.step = .ending
        case .ending:
            views.barFoldingAnew()
            guard log.hasEnded(erasing.goal), views.isFoldingAtRest else { return false }
            erasing.step = .copying(
                views.copyWithout(log.erasures, through: erasing.goal))
        case .copying(let ticket):
            guard let copied = ticket.outcome else { return false }
            erasing.viewsCopied += copied.views
            erasing.copyTrouble = copied.trouble
            erasing.viewsInRounds += views.status.count
            Failpoint.erasureCopied.pass()
            log.scrub(through: erasing.goal)
            erasing.step = .scrubbing
        case .scrubbing:
            guard log.scrubbing.through >= erasing.goal else { return false }
            erasing.step = .wiping(0)
        case .wiping(var offset):
            let isDone = try readingLog { () throws(EventLogError) in
                try writer.wipeJournal(at: &offset)
            }
            erasing.step = .wiping(offset)
            guard isDone else { return false }
            Failpoint.erasureWiped.pass()
            erasing.step = .rebuilding(views.foldAnew(scrubbedThrough: erasing.goal))
        case .rebuilding(let ticket):
            switch views.state(of: ticket) {
            case .waits: return false
            case .failed:
                let pause = UInt64(CommandLimits.erasureRetryMilliseconds) * 1_000_000
                erasing.step = .resting(until: environment.nanoseconds() + pause)
            case .done:
                Failpoint.erasureRebuilt.pass()
                guard environment.clock.refusal == nil else { return false }
                // Nothing is called done that a restored backup would bring back.
                guard environment.backups?.ledgerIsComplete ?? true else {
                    environment.backups?.retryLedger()
                    return false
                }
                try stageCompletions()
                return true
            }
        case .resting(let moment):
            guard environment.nanoseconds() >= moment else { return false }
            erasing.step = .rebuilding(views.foldAnew(scrubbedThrough: erasing.goal))
        }
        return false
    }

    /// Stages that some are done: who appends meanwhile is not to wait for a thousand.
    private func stageCompletions() throws(CommandError) {
        let done = log.erasures.pending.filter { $0.position <= erasing.goal }
            .prefix(CommandLimits.completionsPerRound)
        let segments = log.scrubbing.segments - erasing.segmentsBefore
        let mark = writer.mark()
        do throws(CommandError) {
            for erasure in done { try stageCompletion(of: erasure, segments) }
        } catch {
            writer.takeBack(to: mark)
            erasing.completing.removeAll()
            throw error
        }
    }

    private func stageCompletion(
        of erasure: Erasure, _ segments: UInt64
    ) throws(CommandError) {
        let kind = erasure.kind
        let words = [
            ("source", Reserved.source), ("id", kind.completionID(erasure.number)),
            ("\(kind.word)", "\(erasure.position)"), ("events", "\(erasure.eventCount)"),
            ("segments", "\(segments)"), ("views", "\(views.status.count)"),
        ]
        _ = try stage(kind.completionType, words.map { ($0.0, Array($0.1.utf8)) })
        erasing.completing.insert(erasure.position)
    }

    /// Puts what the round said of erasures into force.
    func erasuresCommitted() {
        for erasure in erasing.staged { log.erasures.add(erasure) }
        environment.suppression?.keep()
        environment.backups?.note(erasing.staged)
        erasing.staged.removeAll()
        guard !erasing.completing.isEmpty else { return }
        log.erasures.complete(erasing.completing)
        erasing.completing.removeAll()
        if !log.erasures.pending.contains(where: { $0.position <= erasing.goal }) {
            erasing.step = .idle
        }
    }

    /// Forgets what a failed round said of them.
    func erasuresFailed() {
        environment.suppression?.drop()
        erasing.staged.removeAll()
        erasing.completing.removeAll()
    }

    /// The lines of INFO.
    var erasureLines: [(String, String)] {
        [
            ("erasures_pending", "\(log.erasures.pending.count)"),
            ("erasure_step", erasing.word),
            ("erasure_views_copied", "\(erasing.viewsCopied)"),
            ("erasure_views_folded", "\(erasing.viewsInRounds - erasing.viewsCopied)"),
            ("erasure_copy_trouble", erasing.copyTrouble ?? "none"),
            (
                "erasure_ledger_trouble",
                environment.backups?.ledgerTrouble.map { "\($0)" } ?? "none"
            ),
            ("erasure_trouble", log.scrubbing.trouble.map { "\($0)" } ?? "none"),
        ]
    }
}

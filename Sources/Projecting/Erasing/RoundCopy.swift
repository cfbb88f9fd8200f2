public import EventLog
public import EventModel
internal import Synchronization
internal import Threads
internal import Views

/// A wish to have views copied without what a round of erasures takes, before it does.
public final class CopyTicket: Sendable {
    private let copied = Mutex<(views: Int, trouble: String?)?>(nil)

    init() {}

    /// How many views could be copied, once that is known: the others are to be folded anew. And what it
    /// failed of, if it did: a view that is merely not to be copied is none.
    public var outcome: (views: Int, trouble: String?)? { copied.withLock { $0 } }

    func note(_ views: Int, _ trouble: String? = nil) {
        copied.withLock { $0 = (views, trouble) }
    }
}

extension ViewSet {
    /// Has views copied without what all erasures up to a position take. What cannot be copied so, or
    /// does not end well, is folded anew later.
    public func copyWithout(_ erasures: Erasures, through goal: Position) -> CopyTicket {
        let ticket = CopyTicket()
        rebuilder.ask(first: { [self] in
            do throws(ViewFault) {
                ticket.note(try copy(erasures, goal))
            } catch {
                // Folding anew takes longer, and does without.
                ticket.note(0, "\(error)")
            }
        })
        return ticket
    }

    private func copy(_ erasures: Erasures, _ goal: Position) throws(ViewFault) -> Int {
        // Who wants a view folded from the first event is not put off with a copy.
        guard !rebuilder.isAsked, let round = try RoundCopy(self, erasures, goal) else { return 0 }
        return try round.copy(rebuilder)
    }
}

/// Rests on the way through many events, each of which takes next to nothing.
struct CopyRests {
    private let pace: Rebuilder
    private var count = 0
    private var begun = Wakeup.nanoseconds()

    init(_ pace: Rebuilder) { self.pace = pace }

    /// Returns whether the work is to go on, now and then after a rest.
    mutating func goesOn() -> Bool {
        count += 1
        guard count % ProjectingLimits.touchedEventsPerStep == 0 else { return true }
        defer { begun = Wakeup.nanoseconds() }
        return pace.restAtWork(after: Wakeup.nanoseconds() - begun)
    }
}

/// One round's copies.
private struct RoundCopy {
    private let views: ViewSet
    private let removals: RoundRemovals
    private let erased: ErasedPeople
    /// Those of erasures behind the round.
    private let later: ErasedPeople
    private let queues, metrics, customers, identity: ViewInUse
    private var touched: TouchedEvents

    /// Finds the events that make what changes.
    ///
    /// - Returns: nil where they are too many or gone already, or who somebody was is not known.
    init?(_ views: ViewSet, _ erasures: Erasures, _ goal: Position) throws(ViewFault) {
        self.views = views
        // None runs ahead of identity.
        queues = try views.queues.hold()
        metrics = try views.metrics.hold()
        customers = try views.customers.hold()
        identity = try views.identity.hold()
        // Behind the views, so that no erasure is missing that they have seen.
        let most = ProjectingLimits.touchedEventsMax
        guard let removals = RoundRemovals(erasures, through: goal, most: most) else { return nil }
        self.removals = removals
        guard let erased = ErasedPeople(removals.pending),
            let later = ErasedPeople(removals.pending.filter { $0.position > removals.goal })
        else { return nil }
        self.erased = erased
        self.later = later
        touched = TouchedEvents(most: most)
        let history = EventHistory(try Self.makeReader(views.log))
        let oldest = removals.pending.map(\.position).min() ?? .zero
        var isScrubbed = false
        for position in removals.positions {
            try history.show(position) { (event) throws(ViewFault) in
                if let remnant = event.remnant, remnant.cause >= oldest { isScrubbed = true }
                try touched.take(
                    event, showing: try erased.customers(of: event, identity.view.rows),
                    identity.view.rows, customers.view.rows)
            }
            // A process before this one was at the round: what the views were folded from is gone.
            guard !isScrubbed, !touched.isTooMuch else { return nil }
        }
        touched.know(erased.others)
        // Folds that come to an erasure look at its events.
        for erasure in removals.pending { touched.take(erasure.position) }
        for position in removals.later { touched.take(position) }
        try touched.close(identity.view.rows, customers.view.rows, metrics.view.rows) {
            (position) throws(ViewFault) in
            var name: String?
            try history.show(position) { name = $0.text("interaction") }
            return name
        }
        // What came since the slowest of them.
        let all = [queues, metrics, customers, identity].map { $0.view.rows.position }
        guard let first = all.min(), let last = all.max() else { return nil }
        guard last.rawValue - first.rawValue <= UInt64(ProjectingLimits.touchedEventsMax) else {
            return nil
        }
        for position in first.rawValue..<last.rawValue { touched.take(Position(position + 1)) }
        guard !touched.isTooMuch else { return nil }
    }

    /// Copies what can be copied.
    ///
    /// - Returns: How many views those are.
    func copy(_ pace: Rebuilder) throws(ViewFault) -> Int {
        guard let (events, left) = try read(pace) else { return 0 }
        try events.resolve(erased, identity.view.rows)
        let people = try views.identity.replacements(
            events, left, in: identity, of: leaving, holding: touched.identifiers, pace: pace)
        guard let people else { return 0 }
        try left.resolve(later, PatchedRows(identity.view, people))
        // Who concerns whom is told by the identity view that is copied: without it there are no others.
        guard
            try views.identity.copy(
                identity, replacing: people, scrubbed: removals.goal, pace: pace)
        else { return 0 }
        var count = 1
        if try copy(views.queues, queues, events, left, pace) { count += 1 }
        if try copy(views.metrics, metrics, events, left, pace) { count += 1 }
        if try copy(views.customers, customers, events, left, pace) { count += 1 }
        return count
    }

    /// The customers whose rows go with the round: those of erasures behind it stay.
    private var leaving: Set<CustomerID> { erased.customers.subtracting(later.customers) }

    private func copy<Fold: Projection & ~Copyable & SendableMetatype>(
        _ projector: Projector<Fold>, _ use: ViewInUse, _ events: RoundEvents,
        _ left: RoundEvents, _ pace: Rebuilder
    ) throws(ViewFault) -> Bool {
        let replacements = try projector.replacements(
            events, left, in: use, of: leaving, pace: pace)
        guard let replacements else { return false }
        return try projector.copy(
            use, replacing: replacements, scrubbed: removals.goal, pace: pace)
    }

    /// Reads the events, as they are and as the round leaves them; nil where they are too large, or the work
    /// is to end.
    private func read(
        _ pace: Rebuilder
    ) throws(ViewFault) -> (events: RoundEvents, left: RoundEvents)? {
        let history = EventHistory(try Self.makeReader(views.log))
        var events = TouchedLog()
        var left = TouchedLog()
        var rests = CopyRests(pace)
        for position in touched.positions.sorted() {
            guard rests.goesOn() else { return nil }
            try history.show(position) { (event) throws(ViewFault) in
                events.append(event)
                removals.show(event) { left.append($0) }
            }
            guard events.byteCount <= ProjectingLimits.touchedBytesMax else { return nil }
        }
        return (RoundEvents(events), RoundEvents(left))
    }

    private static func makeReader(_ log: LogSource) throws(ViewFault) -> LogReader {
        do throws(EventLogError) {
            return try log.makeReader()
        } catch {
            throw ViewFault(error)
        }
    }
}

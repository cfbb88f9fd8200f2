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
            var count = 0
            do throws(ViewFault) {
                try copy(erasures, goal, &count)
                ticket.note(count)
            } catch {
                // Folding anew takes longer, and does without.
                ticket.note(count, "\(error)")
            }
        })
        return ticket
    }

    /// - Parameter count: How many views are copied.
    private func copy(
        _ erasures: Erasures, _ goal: Position, _ count: inout Int
    ) throws(ViewFault) {
        // Who wants a view folded from the first event is not put off with a copy.
        guard !rebuilder.isAsked,
            var round = try RoundCopy(self, erasures, goal, rebuilder)
        else { return }
        try round.copy(rebuilder, &count)
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
    /// What the erasures touch, those together that touch each other.
    private var portions: [RoundPortion]

    /// Finds the events that make what changes.
    ///
    /// - Returns: nil where they are too many or gone already, or who somebody was is not known.
    init?(
        _ views: ViewSet, _ erasures: Erasures, _ goal: Position, _ pace: Rebuilder
    ) throws(ViewFault) {
        self.views = views
        // None runs ahead of identity.
        queues = try views.queues.hold()
        metrics = try views.metrics.hold()
        customers = try views.customers.hold()
        identity = try views.identity.hold()
        // Behind the views, so that no erasure is missing that they have seen.
        let most = ProjectingLimits.erasedEventsMax
        guard let removals = RoundRemovals(erasures, through: goal, most: most) else { return nil }
        self.removals = removals
        guard let erased = ErasedPeople(removals.pending),
            let later = ErasedPeople(removals.pending.filter { $0.position > removals.goal })
        else { return nil }
        self.erased = erased
        self.later = later
        portions = []
        let all = [queues, metrics, customers, identity].map { $0.view.rows.position }
        guard let first = all.min(), let last = all.max(),
            // Each portion takes them: where they are many they would be folded again and again.
            last.rawValue - first.rawValue <= UInt64(views.touchedEventsMax / 2),
            try knowsErasures(through: last, pace), let portions = try findPortions(pace)
        else { return nil }
        // What came since the slowest of them.
        let recent = (first.rawValue..<last.rawValue).map { Position($0 + 1) }
        self.portions = portions.packed(with: recent, most: views.touchedEventsMax)
        guard self.portions.allSatisfy({ !$0.touched.isTooMuch }) else { return nil }
    }

    /// Whether no view has seen an erasure that is not known to be pending yet: it is just being committed.
    private func knowsErasures(
        through last: Position, _ pace: Rebuilder
    ) throws(ViewFault) -> Bool {
        let known = Set(removals.pending.map(\.position))
        let history = EventHistory(try Self.makeReader(views.log))
        var position = removals.goal.next
        var isKnown = true
        var rests = CopyRests(pace)
        while position <= last, isKnown {
            guard rests.goesOn() else { return false }
            try history.show(position) { event in
                let isErasure = Erasure.Kind.allCases.contains { event.type.equals($0.type) }
                if isErasure, !known.contains(position) { isKnown = false }
            }
            position = position.next
        }
        return isKnown
    }

    private func findPortions(_ pace: Rebuilder) throws(ViewFault) -> [RoundPortion]? {
        var rests = CopyRests(pace)
        let history = EventHistory(try Self.makeReader(views.log))
        let oldest = removals.pending.map(\.position).min() ?? .zero
        var found: [RoundPortion] = []
        for erasure in removals.pending {
            var portion = RoundPortion(
                erasure, removals.positions(of: erasure), most: views.touchedEventsMax)
            var isScrubbed = false
            for position in portion.changing {
                guard rests.goesOn() else { return nil }
                guard erasure.position <= removals.goal else {
                    portion.touched.take(position)
                    continue
                }
                try history.show(position) { (event) throws(ViewFault) in
                    if let remnant = event.remnant, remnant.cause >= oldest { isScrubbed = true }
                    try portion.touched.take(
                        event, showing: try erased.customers(of: event, identity.view.rows),
                        identity.view.rows, customers.view.rows)
                }
                // A process before this one was at the round: what the views were folded from is gone.
                guard !isScrubbed, !portion.touched.isTooMuch else { return nil }
            }
            portion.touched.know(ErasedPeople.others(of: erasure))
            try portion.touched.close(
                identity.view.rows, customers.view.rows, metrics.view.rows
            ) { (position) throws(ViewFault) in
                var name: String?
                try history.show(position) { name = $0.text("interaction") }
                return name
            }
            guard !portion.touched.isTooMuch else { return nil }
            found.append(portion)
        }
        return found
    }

    /// Copies what can be copied.
    ///
    /// - Parameter count: How many views are.
    mutating func copy(_ pace: Rebuilder, _ count: inout Int) throws(ViewFault) {
        guard let rows = try replacements(pace), let people = rows.identity else { return }
        let all = [identity, queues, metrics, customers]
        var bytes: UInt64 = 0
        for use in all { bytes += try use.store.rowBytes() }
        try identity.store.checkRoom(for: bytes, beside: views.log)
        // Who concerns whom is told by the identity view that is copied: without it there are no others.
        guard
            try views.identity.copy(
                identity, replacing: people, scrubbed: removals.goal, pace: pace)
        else { return }
        count = 1
        try copy(views.queues, queues, rows.queues, pace, &count)
        try copy(views.metrics, metrics, rows.metrics, pace, &count)
        try copy(views.customers, customers, rows.customers, pace, &count)
    }

    private func copy<Fold: Projection & ~Copyable & SendableMetatype>(
        _ projector: Projector<Fold>, _ use: ViewInUse, _ rows: RowReplacements?,
        _ pace: Rebuilder, _ count: inout Int
    ) throws(ViewFault) {
        guard let rows else { return }
        let isCopied = try projector.copy(
            use, replacing: rows, scrubbed: removals.goal, pace: pace)
        if isCopied { count += 1 }
    }

    /// Finds which rows of all views are replaced.
    ///
    /// - Returns: nil where none can be; of a view that cannot be copied it has none.
    private func replacements(_ pace: Rebuilder) throws(ViewFault) -> RoundRows? {
        var all = RoundRows()
        for portion in portions {
            guard let (events, left) = try read(portion, pace) else { return nil }
            let leaving = ErasedPeople(portion.erasures)?.customers ?? []
            let gone = leaving.subtracting(later.customers)
            try events.resolve(erased, identity.view.rows)
            let people = try views.identity.replacements(
                events, left, in: identity, of: gone, holding: portion.touched.identifiers,
                pace: pace)
            guard let people else { return nil }
            try left.resolve(later, PatchedRows(identity.view, people))
            guard all.identity?.add(people) ?? false else { return nil }
            func add<Fold: Projection & ~Copyable & SendableMetatype>(
                _ projector: Projector<Fold>, _ use: ViewInUse, to known: inout RowReplacements?
            ) throws(ViewFault) {
                guard known != nil else { return }
                let rows = try projector.replacements(events, left, in: use, of: gone, pace: pace)
                guard let rows, known?.add(rows) ?? false else { return known = nil }
            }
            try add(views.queues, queues, to: &all.queues)
            try add(views.metrics, metrics, to: &all.metrics)
            try add(views.customers, customers, to: &all.customers)
            guard all.byteCount <= ProjectingLimits.replacedBytesMax else { return nil }
        }
        return all
    }

    /// Reads the events of a portion, as they are and as the round leaves them; nil where they are too
    /// large, or the work is to end.
    private func read(
        _ portion: RoundPortion, _ pace: Rebuilder
    ) throws(ViewFault) -> (events: RoundEvents, left: RoundEvents)? {
        let history = EventHistory(try Self.makeReader(views.log))
        var events = TouchedLog()
        var left = TouchedLog()
        var rests = CopyRests(pace)
        for position in portion.touched.positions.sorted() {
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

/// The rows that are replaced; nil of a view that cannot be copied.
private struct RoundRows {
    var identity: RowReplacements? = RowReplacements()
    var queues: RowReplacements? = RowReplacements()
    var metrics: RowReplacements? = RowReplacements()
    var customers: RowReplacements? = RowReplacements()

    var byteCount: Int {
        [identity, queues, metrics, customers].reduce(0) { $0 + ($1?.byteCount ?? 0) }
    }
}

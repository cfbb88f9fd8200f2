internal import EventLog
public import EventModel
internal import LMDB
public import Views

/// Views as of past moments, for one thread. The views in use must reflect what is asked for.
public final class PastViews {
    private let views: ViewSet
    private let log: LogSource
    private let readers: PastReaders

    init(_ views: ViewSet, _ log: LogSource) throws(ViewFault) {
        self.views = views
        self.log = log
        readers = try PastReaders(log)
    }

    /// Finds a moment in the log.
    public func moment(_ asked: AskedMoment) throws(ViewFault) -> PastMoment {
        try PastMoment.find(asked, head: log.head.position, readers.events)
    }

    /// Finds a moment of single people: events that had happened by then count however late they
    /// came, since few are read.
    public func momentOfPeople(_ asked: AskedMoment) throws(ViewFault) -> PastMoment {
        try moment(asked).lookingThrough(log.head.position)
    }

    /// Who is who; whom an identifier belonged to at a moment is asked with its position.
    public func identity() throws(ViewFault) -> ViewSnapshot { try views.identity.snapshot() }

    /// Interactions, queues and agents at a moment.
    ///
    /// Complexity: the events since the state kept last before it.
    public func queues(at moment: PastMoment) throws(ViewFault) -> PastView<QueuesProjection> {
        try view(views.queues, moment)
    }

    /// Figures at a moment.
    ///
    /// Complexity: the events of that day up to it.
    public func metrics(at moment: PastMoment) throws(ViewFault) -> PastView<MetricsProjection> {
        try view(views.metrics, moment)
    }

    /// Shows all that the metrics view held at a moment, folded from the first event.
    ///
    /// Complexity: the events up to it; for a later moment than the last one asked for, and for the
    /// same, only those between.
    public func wholeMetrics(
        at moment: PastMoment, _ body: (borrowing ViewSnapshot) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try views.metrics.whole.show(at: moment, body)
    }

    /// Shows all that the customers view held at a moment; as `wholeMetrics`.
    public func wholeCustomers(
        at moment: PastMoment, _ body: (borrowing ViewSnapshot) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try views.customers.whole.show(at: moment, body)
    }

    /// Shows all that the identity view held at a moment; as `wholeMetrics`.
    public func wholeIdentity(
        at moment: PastMoment, _ body: (borrowing ViewSnapshot) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try views.identity.whole.show(at: moment, body)
    }

    /// What was known of some people at a moment; of others nothing is in it.
    ///
    /// Complexity: their events up to it.
    public func customers(
        _ customers: [CustomerID], at moment: PastMoment
    ) throws(ViewFault) -> PastView<CustomersProjection> {
        let sources = try sources()
        let state = PastState<CustomersProjection>(
            sources, kept: PastRows(), asOf: .zero, current: nil, day: 0,
            occurred: moment.occurred)
        let theirs = try sources.customers(customers, through: moment.position)
        let definitions = try sources.definitions(
            through: moment.position, occurred: moment.occurred)
        try state.fold(Set(theirs).union(definitions).sorted())
        return PastView(state, position: moment.position)
    }

    /// What the customers view knew of one interaction at a moment; nothing else is in it.
    public func interaction(
        _ name: String, at moment: PastMoment
    ) throws(ViewFault) -> PastView<CustomersProjection> {
        let sources = try sources()
        let state = PastState<CustomersProjection>(
            sources, kept: PastRows(), asOf: .zero, current: nil, day: 0,
            occurred: moment.occurred)
        try state.fold(try sources.interaction(name, through: moment.position))
        return PastView(state, position: moment.position)
    }

    private func sources() throws(ViewFault) -> PastSources {
        PastSources(
            readers, people: try views.identity.snapshot(),
            timelines: try views.customers.snapshot())
    }

    private func view<Fold: ~Copyable>(
        _ projector: Projector<Fold>, _ moment: PastMoment
    ) throws(ViewFault) -> PastView<Fold> {
        let state: PastState<Fold>
        let start: Position
        if Fold.keptStates == .base {
            let kept = try projector.store.snapshot(atOrBefore: moment.certain)
            start = kept?.position ?? .zero
            state = PastState(
                try sources(), kept: kept?.rows ?? PastRows(), asOf: start, current: nil, day: 0,
                occurred: moment.occurred)
        } else {
            let day = try dayBegun(by: moment.certain)
            start = day.start
            state = PastState(
                try sources(), kept: PastRows(), asOf: start,
                current: try projector.snapshot(), day: day.number, occurred: moment.occurred)
        }
        if start < moment.position {
            try state.fold(Self.positions(after: start, through: moment.position))
        }
        if Fold.keptStates == .beside {
            try state.take(kept: try rowsKeptBeside(projector, moment))
        }
        return PastView(state, position: moment.position)
    }

    /// Rows that are kept beside others, as of a moment: those of the state kept last before it, with
    /// what events since have changed in them.
    private func rowsKeptBeside<Fold: ~Copyable>(
        _ projector: Projector<Fold>, _ moment: PastMoment
    ) throws(ViewFault) -> PastRows {
        let kept = try projector.store.snapshot(atOrBefore: moment.certain)
        let start = kept?.position ?? .zero
        let state = PastState<Fold>(
            try sources(), kept: kept?.rows ?? PastRows(), asOf: start, current: nil, day: .min,
            occurred: moment.occurred)
        if start < moment.position {
            try state.fold(Self.positions(after: start, through: moment.position)) { event in
                Fold.changesKept(event)
            }
        }
        return try state.near.filter { key throws(ViewFault) in
            try Fold.moment(ofKey: key.rawSpan) == .kept
        }
    }

    private static func positions(
        after start: Position, through last: Position
    ) -> [Position] {
        (start.next.rawValue...last.rawValue).map { Position($0) }
    }

    /// The day on which an event was recorded, and the last event recorded before it.
    private func dayBegun(by position: Position) throws(ViewFault) -> (
        number: Int32, start: Position
    ) {
        guard position > .zero else { return (.min, .zero) }
        let number = RowMoment.day(of: try readers.events.recorded(at: position))
        let midnight = RowMoment.start(ofDay: number).advanced(byMilliseconds: -1)
        return (number, try readers.events.last(recordedBy: midnight, position))
    }
}

extension ViewSet {
    /// Makes what reads past moments on one thread.
    public func past() throws(ViewFault) -> PastViews { try PastViews(self, log) }
}

internal import ContactCentre
internal import EventModel

/// What a fold keeps of an interaction beside its state, folded from the same events in the same
/// order.
protocol InteractionDetails {
    /// What applying an event may look at besides the event: a fold's definitions.
    associatedtype Surroundings

    /// Makes details of an interaction nothing is known of.
    init()

    /// Tells whether events of a type that moves no interaction are read all the same.
    static func reads(_ type: RawSpan) -> Bool

    /// Applies an event, after the interaction's state has taken it.
    mutating func apply(
        _ event: borrowing EventView, as kind: LifecycleEvent?, to interaction: Interaction,
        _ surroundings: Surroundings)

    /// Reads the stored form.
    init(from reader: inout ByteReader) throws(MalformedBytes)

    /// Appends the stored form.
    func encode(into row: inout [UInt8])
}

/// The details of folds that need the state and no more.
struct NoDetails: InteractionDetails {
    init() {}

    static func reads(_ type: RawSpan) -> Bool { false }

    mutating func apply(
        _ event: borrowing EventView, as kind: LifecycleEvent?, to interaction: Interaction,
        _ surroundings: Void
    ) {}

    init(from reader: inout ByteReader) throws(MalformedBytes) {}

    func encode(into row: inout [UInt8]) {}
}

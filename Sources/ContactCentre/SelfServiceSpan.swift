public import EventModel

/// One span with a machine: IVR, bot, web form.
public struct SelfServiceSpan: Hashable, Sendable {
    /// The flow; empty when the source does not name it.
    public var flow: String
    /// When it began.
    public var entered: Timestamp
    /// When it ended.
    public var left: Timestamp?
    /// How it ended; nil while it lasts and where the source sent no end of it.
    public var outcome: SelfServiceOutcome?
}

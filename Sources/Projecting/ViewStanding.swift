public import EventModel
public import Views

/// Whether a view can be read, and how far it goes: the part of `ProjectionStatus` that every reader
/// asks for.
public struct ViewStanding: Sendable {
    /// What readers see now, or would if it could be read.
    public let state: ViewState
    /// Whether it can be read: it neither stands still nor is folded for the first time.
    public let isServed: Bool

    /// The last position that readers see.
    public var position: Position { state.position }
}

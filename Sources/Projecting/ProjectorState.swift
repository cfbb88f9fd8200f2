internal import EventModel
internal import Threads

/// What a projector's thread and its readers tell each other. No part of the generic class: a
/// reader would look up its type for each fold.
struct ProjectorState {
    /// Whether there is no view to be read yet: a version that is new to the store is folded.
    var isBuilding: Bool
    var rebuild: RebuildProgress?
    /// Up to where erasures had been carried out when the view in use was begun; nothing of the view
    /// before is left.
    var scrubbed = Position.zero
    var isHalted = false
    /// The last position before events that cannot be read, once they have been met: a batch
    /// ends there, and the next one halts.
    var readable: Position?
    var fault: String?
    var shortage: String?
    var eventsFolded: UInt64 = 0
    var nanosecondsFolding: UInt64 = 0
    var checkpoints: UInt64 = 0
    var thread: PlainThread?
    var observer: (@Sendable () -> Void)?
}

public import EventModel

/// Events of the log that cannot be read, and where reading can go on.
public struct DamagedEvents: Equatable, Sendable {
    /// The first of them.
    public let first: Position
    /// The last of them.
    public let last: Position
    /// The file they lie in, below the store's folder.
    public let file: String
    /// What is wrong.
    public let reason: String

    /// Names events and file.
    public init(first: Position, last: Position, file: String, reason: String) {
        self.first = first
        self.last = last
        self.file = file
        self.reason = reason
    }

    /// The position from which reading forward goes on.
    public var next: Position { last.next }
}

extension DamagedEvents: CustomStringConvertible {
    /// Says what cannot be read and what to do.
    public var description: String {
        "the events from position \(first) to \(last) cannot be read: \(reason); all others can, go "
            + "on from position \(next) or before \(first); restore \(file) from a backup"
    }
}

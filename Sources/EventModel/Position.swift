/// The place of an event in the whole log: dense, in commit order, from 1.
///
/// Zero stands for "before the first event"; a checkpoint or head of zero has seen nothing.
@frozen
public struct Position: RawRepresentable, Comparable, Hashable, Sendable {
    /// Counts events; the first has 1.
    public let rawValue: UInt64

    /// Makes a position from its number.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Makes a position from its number.
    @inlinable
    public init(_ number: UInt64) { rawValue = number }

    /// Stands before the first event.
    public static let zero = Position(0)

    /// Returns the position that follows this one.
    @inlinable
    public var next: Position { Position(rawValue + 1) }

    /// Orders positions as the log does.
    @inlinable
    public static func < (left: Position, right: Position) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension Position: CustomStringConvertible {
    /// Writes the bare number.
    public var description: String { "\(rawValue)" }
}

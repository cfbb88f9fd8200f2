/// A moment in integer milliseconds since 1970-01-01T00:00:00Z.
@frozen
public struct Timestamp: RawRepresentable, Comparable, Hashable, Sendable {
    /// Milliseconds UTC, without leap seconds.
    public let rawValue: Int64

    /// Makes a moment from its milliseconds.
    @inlinable
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Makes a moment from its milliseconds.
    @inlinable
    public init(milliseconds: Int64) { rawValue = milliseconds }

    /// Gives the milliseconds.
    @inlinable
    public var milliseconds: Int64 { rawValue }

    /// Orders moments.
    @inlinable
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Returns the milliseconds from `earlier` to `later`; negative when they are the other way.
    @inlinable
    public static func - (later: Timestamp, earlier: Timestamp) -> Int64 {
        later.rawValue - earlier.rawValue
    }

    /// Returns the moment so many milliseconds later.
    @inlinable
    public func advanced(byMilliseconds milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: rawValue + milliseconds)
    }

    /// The first moment an event may carry: 1900-01-01, before any contact centre.
    public static let earliest = Timestamp(milliseconds: -2_208_988_800_000)
    /// The last moment an event may carry: 9999-12-31T23:59:59.999Z, the last RFC 3339 can write.
    public static let latest = Timestamp(milliseconds: 253_402_300_799_999)
}

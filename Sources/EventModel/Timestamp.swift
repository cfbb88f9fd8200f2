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
    ///
    /// A difference beyond 64 bits, which only a damaged row can give, is the nearest there is.
    @inlinable
    public static func - (later: Timestamp, earlier: Timestamp) -> Int64 {
        let (difference, overflow) = later.rawValue.subtractingReportingOverflow(earlier.rawValue)
        return overflow ? (later < earlier ? .min : .max) : difference
    }

    /// Returns the moment so many milliseconds later, within `earliest ... latest`: durations come
    /// from producers, and the largest must not trap.
    @inlinable
    public func advanced(byMilliseconds milliseconds: Int64) -> Timestamp {
        let (sum, overflow) = rawValue.addingReportingOverflow(milliseconds)
        guard !overflow else { return milliseconds < 0 ? .earliest : .latest }
        return Timestamp(milliseconds: sum).clamped
    }

    /// The nearest moment within `earliest ... latest`.
    @inlinable
    public var clamped: Timestamp { min(max(self, .earliest), .latest) }

    /// The first moment an event may carry: 1900-01-01, before any contact centre.
    public static let earliest = Timestamp(milliseconds: -2_208_988_800_000)
    /// The last moment an event may carry: 9999-12-31T23:59:59.999Z, the last RFC 3339 can write.
    public static let latest = Timestamp(milliseconds: 253_402_300_799_999)
}

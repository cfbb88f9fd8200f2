public import EventModel

/// Turns readings of the machine's clocks into recorded times, and tells where a wall clock is not
/// to be followed. It reads no clock itself.
///
/// Wall and monotonic clock are slowed and sped up together, so that only a step tells them apart.
/// A step beyond the bound is not followed: recorded time goes on by the monotonic clock until the
/// wall clock comes back or an operator accepts it. At the start, where no monotonic clock reaches
/// back, the wall clock is held against the newest recorded time.
public struct RecordedClock: Sendable {
    /// What both clocks said at one moment.
    public struct Reading: Equatable, Sendable {
        /// The wall clock.
        public let wall: Timestamp
        /// A clock that nobody sets and that goes on while the machine sleeps, in milliseconds.
        public let monotonic: Int64

        /// Names what the clocks said.
        public init(wall: Timestamp, monotonic: Int64) {
            self.wall = wall
            self.monotonic = monotonic
        }
    }

    /// How far the wall clock can be believed.
    public enum State: Equatable, Sendable {
        /// It is followed.
        case followed
        /// It was set by so many milliseconds, forward or back, and is not followed.
        case stepped(milliseconds: Int64)
        /// It lay so many milliseconds before the newest recorded time at the start.
        case behind(milliseconds: Int64)
        /// It lay so many milliseconds after the newest recorded time at the start.
        case ahead(milliseconds: Int64)

        /// Whether appends are refused.
        public var refuses: Bool {
            switch self {
            case .behind, .ahead: true
            case .followed, .stepped: false
            }
        }
    }

    /// How far the wall clock can be believed, as of the last reading.
    public private(set) var state: State
    /// The last reading that was followed; nil while appends are refused.
    private var anchor: Reading?
    /// No time after this has been recorded.
    private let newest: Timestamp?

    /// Begins with a first reading.
    ///
    /// - Parameter newest: The newest recorded time; nil where nothing is recorded yet.
    public init(newest: Timestamp?, reading: Reading) {
        self.newest = newest
        state = .followed
        _ = read(reading)
    }

    /// Takes a reading.
    ///
    /// - Returns: The time to record: never before that of an earlier reading that was followed.
    ///   While appends are refused it is the wall clock, and nothing is to be recorded.
    public mutating func read(_ reading: Reading) -> Timestamp {
        guard let anchor else {
            state = Self.start(reading.wall, after: newest)
            if state == .followed { self.anchor = reading }
            return reading.wall
        }
        let expected = anchor.wall.advanced(
            byMilliseconds: max(0, reading.monotonic - anchor.monotonic))
        let step = reading.wall - expected
        guard abs(step) <= LogLimits.clockStepMillisecondsMax else {
            state = .stepped(milliseconds: step)
            return expected
        }
        state = .followed
        self.anchor = reading
        return reading.wall
    }

    /// Follows the wall clock from now on, whatever it says.
    public mutating func accept(_ reading: Reading) {
        anchor = reading
        state = .followed
    }

    private static func start(_ wall: Timestamp, after newest: Timestamp?) -> State {
        guard let newest else { return .followed }
        let distance = wall - newest
        if distance < -LogLimits.clockBehindMillisecondsMax {
            return .behind(milliseconds: -distance)
        }
        if distance > LogLimits.clockAheadMillisecondsMax {
            return .ahead(milliseconds: distance)
        }
        return .followed
    }
}

public import Client

/// The events of a daemon's log from a position on, for ever: what FOLLOW LOG pushes, over
/// connections that are made anew when one breaks.
///
/// ```
/// for try await event in LogEvents(socketPath: path, from: 418_223, types: ["queue.*"]) {
///     print(event.position, event.document)
/// }
/// ```
///
/// Each event comes once and in order. A daemon that is restarted is waited for, and followed on
/// from where it was; what cannot go on, as a position of another epoch, is thrown. At most `window`
/// events wait for who iterates: the daemon keeps what is behind them. One iteration has one
/// connection and one thread; both end when the iterator goes out of use or its task is cancelled.
public struct LogEvents: AsyncSequence, Sendable {
    /// One event.
    public struct Element: Sendable {
        /// Its position.
        public let position: UInt64
        /// The event as EVENT shows it, JSON in UTF-8.
        public let document: String
    }

    let socketPath: String
    let start: UInt64
    let epoch: UInt64?
    let filter: [String]
    let window: Int

    /// Names a log, a position to begin at, and which events are wanted; nothing named: all.
    ///
    /// - Parameters:
    ///   - epoch: The epoch in which the position was counted.
    ///   - types: Whole types, or beginnings that end in `*`.
    ///   - channels: Channels of the event or else of its interaction.
    ///   - identifiers: `kind:value`.
    ///   - window: The most events that wait unread.
    public init(
        socketPath: String, from position: UInt64, epoch: UInt64? = nil, types: [String] = [],
        channels: [String] = [], identifiers: [String] = [], window: Int = 1_024
    ) {
        precondition(window >= 1)
        self.socketPath = socketPath
        start = Swift.max(position, 1)
        self.epoch = epoch
        filter =
            types.flatMap { ["TYPE", $0] } + channels.flatMap { ["CHANNEL", $0] }
            + identifiers.flatMap { ["IDENTIFIER", $0] }
        self.window = window
    }

    /// Begins to follow.
    public func makeAsyncIterator() -> Iterator { Iterator(self) }

    /// One following.
    public struct Iterator: AsyncIteratorProtocol {
        private let owner: FollowingOwner

        init(_ events: LogEvents) { owner = FollowingOwner(FollowedLog(events)) }

        /// Returns the next event, waiting for it; nil once the task is cancelled.
        ///
        /// - Throws: `FollowError.refused` when the daemon will not let it go on.
        public mutating func next() async throws -> Element? {
            let log = owner.log
            return try await withTaskCancellationHandler {
                try await log.next()
            } onCancel: {
                log.stop()
            }
        }
    }
}

/// Why following ends.
public enum FollowError: Error, Equatable, Sendable {
    /// The daemon refused to follow or to go on, by this code; `next` is where it stood.
    case refused(code: String, message: String, next: UInt64)
    /// What came is no push of FOLLOW.
    case unexpected(next: UInt64)
    /// Nobody can be connected to at that path, or not by this user.
    case client(ClientError)
}

/// Ends a following when nobody iterates any more.
final class FollowingOwner: Sendable {
    let log: FollowedLog

    init(_ log: FollowedLog) { self.log = log }

    deinit { log.stop() }
}

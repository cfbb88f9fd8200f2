public import EventModel
internal import Synchronization
internal import Threads

/// The consumers of a store on disk: changes are taken at once and flushed together, by a thread
/// of its own, so that who acknowledges does not wait for a disk.
///
/// Each change gets a number; `durable` is the last one that is on disk.
public final class ConsumerStore: Sendable {
    /// What a store needs of what is around it.
    public struct Options: Sendable {
        /// Called between putting changes and committing them, and behind the commit: places where a
        /// test has the process killed.
        public var put: @Sendable () -> Void
        /// See `put`.
        public var flushed: @Sendable () -> Void
        /// Hears of a failed write or flush after which nothing may be stored any more.
        public var onFailure: @Sendable (ConsumerError) -> Void

        /// Names them.
        public init(
            put: @escaping @Sendable () -> Void = {},
            flushed: @escaping @Sendable () -> Void = {},
            onFailure: @escaping @Sendable (ConsumerError) -> Void = { _ in }
        ) {
            self.put = put
            self.flushed = flushed
            self.onFailure = onFailure
        }
    }

    private struct State {
        /// What is to be flushed; nil = removed.
        var changes: [String: ConsumerRecord?] = [:]
        /// The number of the newest change.
        var newest: UInt64 = 0
        /// Whether somebody waits for the flush.
        var isHurried = false
        var stops = false
        var observer: (@Sendable () -> Void)?
        var trouble: String?
    }

    /// The records as they were found when the file was opened, by name.
    public let found: [ConsumerRecord]
    private let file: ConsumerFile
    private let options: Options
    private let state = Mutex(State())
    private let wakeup = Wakeup()
    private let flushed = Atomic<UInt64>(0)
    private let flushCount = Atomic<UInt64>(0)
    private let thread = Mutex<PlainThread?>(nil)

    /// Opens the file of a store, or makes an empty one, and starts the thread.
    ///
    /// - Throws: `damaged`, `format`, `storage`.
    public init(store: String, options: Options = Options()) throws(ConsumerError) {
        file = try ConsumerFile.open(store: store)
        found = try file.records()
        self.options = options
        thread.withLock {
            $0 = PlainThread(name: "consumers", nice: ConsumerLimits.threadNice) { [self] in run() }
        }
    }

    /// The greatest position that a consumer has acknowledged: the log was that long once.
    public var recordedPosition: Position { found.map(\.acknowledged).max() ?? .zero }

    /// The number of the last change that is on disk.
    public var durable: UInt64 { flushed.load(ordering: .acquiring) }

    /// How often the file was flushed since the start.
    public var flushes: UInt64 { flushCount.load(ordering: .acquiring) }

    /// Why flushing waits; nil while it does not.
    public var trouble: String? { state.withLock { $0.trouble } }

    /// Has a closure called after each flush, on the thread's own time.
    public func observe(_ observer: @escaping @Sendable () -> Void) {
        state.withLock { $0.observer = observer }
    }

    /// Takes a record in the place of the one of that name.
    ///
    /// - Returns: The number of the change.
    public func set(_ record: ConsumerRecord) -> UInt64 { change(record.name, record) }

    /// Takes away the record of a name.
    ///
    /// - Returns: The number of the change.
    public func remove(_ name: String) -> UInt64 { change(name, nil) }

    private func change(_ name: String, _ record: ConsumerRecord?) -> UInt64 {
        let (number, isFirst) = state.withLock { state in
            let isFirst = state.changes.isEmpty
            state.changes.updateValue(record, forKey: name)
            state.newest += 1
            return (state.newest, isFirst)
        }
        if isFirst { wakeup.wakeAll() }
        return number
    }

    /// Has what was changed flushed without waiting for more.
    public func hurry() {
        state.withLock { $0.isHurried = true }
        wakeup.wakeAll()
    }

    /// Writes a copy of what is on disk to a new file.
    public func copy(to path: String) throws(ConsumerError) { try file.copy(to: path) }

    /// Flushes what there is and ends the thread.
    public func close() {
        state.withLock { $0.stops = true }
        wakeup.wakeAll()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
    }

    private func run() {
        while true {
            wakeup.wait { state.withLock { $0.changes.isEmpty && !$0.stops } }
            let until = Wakeup.nanoseconds() + ConsumerLimits.flushDelayNanoseconds
            wakeup.wait(untilNanoseconds: until) { state.withLock { !$0.isHurried && !$0.stops } }
            let (changes, newest) = state.withLock { state in
                state.isHurried = false
                defer { state.changes = [:] }
                return (state.changes, state.newest)
            }
            guard changes.isEmpty || flush(changes, through: newest) else { return }
            guard !state.withLock({ $0.stops && $0.changes.isEmpty }) else { return }
        }
    }

    /// Returns false when nothing may be written any more.
    private func flush(_ changes: [String: ConsumerRecord?], through newest: UInt64) -> Bool {
        do throws(ConsumerError) {
            try file.write(changes, put: options.put)
        } catch {
            guard case .storage(let what, isNoRoom: true) = error else {
                options.onFailure(error)
                return false
            }
            return waitForRoom(changes, what)
        }
        options.flushed()
        flushed.store(newest, ordering: .releasing)
        flushCount.add(1, ordering: .releasing)
        let observer = state.withLock { state in
            state.trouble = nil
            return state.observer
        }
        observer?()
        return true
    }

    /// Puts changes back behind newer ones, for the next flush.
    private func waitForRoom(_ changes: [String: ConsumerRecord?], _ what: String) -> Bool {
        let stops = state.withLock { state in
            state.trouble = what
            for (name, record) in changes where state.changes[name] == nil {
                state.changes.updateValue(record, forKey: name)
            }
            return state.stops
        }
        guard !stops else { return false }
        let until = Wakeup.nanoseconds() + ConsumerLimits.retryDelayNanoseconds
        wakeup.wait(untilNanoseconds: until) { state.withLock { !$0.stops } }
        return true
    }
}

internal import Synchronization
internal import Threads

/// Writes the ledger of erasures beside the backups on a thread of its own: it is written whole, and
/// whoever erases must not wait for that.
final class LedgerKeeper: Sendable {
    private struct State {
        /// What is to be written, that which is being written included.
        var unnoted: [Erasure] = []
        var trouble: EventLogError?
        /// Whether it is worth a try: not again by itself after a failure.
        var mayTry = true
        var isStopped = false
        var thread: PlainThread?
    }

    private let folder: String
    private let store: String
    private let epochs: [StoreEpoch]
    private let state = Mutex(State())
    private let wakeup = Wakeup()

    private static let nice: Int32 = 5

    init(folder: String, store: String, epochs: [StoreEpoch]) {
        self.folder = folder
        self.store = store
        self.epochs = epochs
    }

    /// Whether the ledger has all that it was told.
    var isComplete: Bool { state.withLock { $0.unnoted.isEmpty } }

    /// Why it could not be written; nil while all goes well.
    var trouble: EventLogError? { state.withLock { $0.trouble } }

    /// Has erasures added; those that it has already change nothing.
    func note(_ erasures: [Erasure]) {
        guard !erasures.isEmpty else { return }
        state.withLock { state in
            state.unnoted += erasures
            state.mayTry = true
            guard state.thread == nil, !state.isStopped else { return }
            state.thread = PlainThread(name: "ledger", nice: Self.nice) { [self] in run() }
        }
        wakeup.wakeAll()
    }

    /// Tries again what could not be written.
    func retry() {
        wakeup.wakeAll { state.withLock { $0.mayTry = true } }
    }

    /// Ends the thread once what it was told is written, or cannot be.
    func stop() {
        wakeup.wakeAll { state.withLock { $0.isStopped = true } }
        let thread = state.withLock { $0.thread.take() }
        thread?.join()
    }

    private func run() {
        while true {
            wakeup.wait {
                state.withLock { ($0.unnoted.isEmpty || !$0.mayTry) && !$0.isStopped }
            }
            let (erasures, isLast) = state.withLock { state in
                state.mayTry = false
                return (state.unnoted, state.isStopped)
            }
            if !erasures.isEmpty { write(erasures) }
            if isLast { return }
        }
    }

    private func write(_ erasures: [Erasure]) {
        do throws(EventLogError) {
            try ErasureLedger.note(erasures, store: store, epochs: epochs, folder: folder)
            state.withLock { state in
                state.unnoted.removeFirst(erasures.count)
                state.trouble = nil
                state.mayTry = true
            }
        } catch {
            state.withLock { $0.trouble = error }
        }
    }
}

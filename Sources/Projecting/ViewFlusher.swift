internal import Synchronization
internal import Threads

/// The thread that puts on disk what folds have committed: one view after the other, so that they
/// do not take the disk from the journal all at once. Now and then it clears the slots of tools that
/// were killed while they read a view, whose file would else only grow.
final class ViewFlusher: Sendable {
    private struct Line: ~Copyable {
        var stores: [ViewStore] = []
        var thread: PlainThread?
        var isStopping = false
    }

    private let line = Mutex(Line())
    private let wakeup = Wakeup()
    private let cleared = Atomic<UInt64>(0)
    /// Between two looks at readers, in nanoseconds.
    private let checkSpacing: UInt64

    init(checkingReadersEach milliseconds: UInt64 = ProjectingLimits.readerCheckMilliseconds) {
        checkSpacing = milliseconds * 1_000_000
    }

    /// How many slots of readers that were killed have been cleared since the start.
    var staleReadersCleared: UInt64 { cleared.load(ordering: .relaxed) }

    /// Starts the thread.
    ///
    /// - Parameter stores: The views in use, whose readers it looks at.
    func start(checking stores: @escaping @Sendable () -> [ViewStore] = { [] }) {
        line.withLock {
            $0.thread = PlainThread(name: "view-flusher", nice: ProjectingLimits.flusherNice) {
                self.run(checking: stores)
            }
        }
    }

    /// Has a view's draft flushed, behind those that came before.
    func enter(_ store: ViewStore) {
        wakeup.wakeAll { line.withLock { $0.stores.append(store) } }
    }

    /// Waits for the thread to end, once no fold commits any more.
    func stop() {
        wakeup.wakeAll { line.withLock { $0.isStopping = true } }
        line.withLock { $0.thread.take() }?.join()
    }

    private func run(checking stores: () -> [ViewStore]) {
        var due = Wakeup.nanoseconds() + checkSpacing
        while let drafted = next(until: due) {
            for store in drafted { store.flushDraft() }
            guard Wakeup.nanoseconds() >= due else { continue }
            for store in stores() {
                cleared.add(UInt64(store.clearStaleReaders()), ordering: .relaxed)
            }
            due = Wakeup.nanoseconds() + checkSpacing
        }
    }

    /// Waits for views to flush, at most until a moment; nil once there are none and there will be none.
    private func next(until moment: UInt64) -> [ViewStore]? {
        wakeup.wait(untilNanoseconds: moment) {
            line.withLock { $0.stores.isEmpty && !$0.isStopping }
        }
        return line.withLock { line in
            guard !line.isStopping || !line.stores.isEmpty else { return nil }
            defer { line.stores = [] }
            return line.stores
        }
    }
}

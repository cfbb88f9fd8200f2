internal import Synchronization
internal import Threads

/// The thread that puts on disk what folds have committed: one view after the other, so that they
/// do not take the disk from the journal all at once.
final class ViewFlusher: Sendable {
    private struct Line: ~Copyable {
        var stores: [ViewStore] = []
        var thread: PlainThread?
        var isStopping = false
    }

    private let line = Mutex(Line())
    private let wakeup = Wakeup()

    /// Starts the thread.
    func start() {
        line.withLock {
            $0.thread = PlainThread(name: "view-flusher", nice: ProjectingLimits.flusherNice) {
                self.run()
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

    private func run() {
        while let stores = next() {
            for store in stores { store.flushDraft() }
        }
    }

    /// Waits for views to flush; nil once there are none and there will be none.
    private func next() -> [ViewStore]? {
        wakeup.wait { line.withLock { $0.stores.isEmpty && !$0.isStopping } }
        return line.withLock { line in
            guard !line.stores.isEmpty else { return nil }
            defer { line.stores = [] }
            return line.stores
        }
    }
}

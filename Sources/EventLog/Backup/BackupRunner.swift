public import Consumers
public import EventModel
internal import Synchronization
internal import Threads

/// How the newest backup of a daemon stands.
public struct BackupStatus: Sendable {
    /// What becomes of it.
    public enum State: String, Sendable {
        /// None was asked for since the start.
        case none
        /// It is being made.
        case running
        /// It is whole and on disk.
        case done
        /// It was not made; nothing of it is left.
        case failed
    }

    /// What becomes of it.
    public internal(set) var state = State.none
    /// Its name.
    public internal(set) var name = ""
    /// Where it lies.
    public internal(set) var path = ""
    /// The bytes that lie there by now.
    public internal(set) var bytes: UInt64 = 0
    /// The bytes that there will be, as far as is known.
    public internal(set) var totalBytes: UInt64 = 0
    /// Those of them that were taken over from an earlier backup.
    public internal(set) var takenOver: UInt64 = 0
    /// The last position in it, once it is done.
    public internal(set) var position: Position?
    /// Why it failed.
    public internal(set) var failure: String?
}

/// Makes backups of an open log, one at a time, on a thread of its own. Appends go on meanwhile.
public final class BackupRunner: Sendable {
    let log: EventLog
    let store: StoreFolder
    let folder: String
    let epoch: UInt64
    private let ledger: LedgerKeeper
    let consumers: ConsumerStore?
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(BackupStatus())
    private let thread = Mutex<PlainThread?>(nil)
    private let stops = Atomic<Bool>(false)

    private static let nice: Int32 = 10

    /// - Parameters:
    ///   - folder: Where backups lie, a folder each; made when it is missing.
    ///   - epochs: Those of the store, the present one last.
    public init(
        log: EventLog, store: StoreFolder, folder: String, epochs: [StoreEpoch],
        consumers: ConsumerStore? = nil,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.log = log
        self.store = store
        self.folder = folder
        epoch = epochs.last?.number ?? 1
        ledger = LedgerKeeper(folder: folder, store: store.storeID, epochs: epochs)
        self.consumers = consumers
        self.now = now
    }

    /// How the newest one stands.
    public var status: BackupStatus { state.withLock { $0 } }

    /// Has erasures added to the ledger beside the backups; see `ErasureLedger`.
    public func note(_ erasures: [Erasure]) { ledger.note(erasures) }

    /// Whether the ledger has all that it was told.
    public var ledgerIsComplete: Bool { ledger.isComplete }

    /// Why the ledger could not be written; nil while all goes well.
    public var ledgerTrouble: EventLogError? { ledger.trouble }

    /// Tries again to write the ledger.
    public func retryLedger() { ledger.retry() }

    /// Begins a backup.
    ///
    /// - Throws: `badName`, `exists`, `busy`.
    public func start(_ name: String) throws(BackupError) {
        guard Self.isName(name) else { throw .badName }
        guard !BackupFiles.exists(folder + "/" + name) else { throw .exists(name: name) }
        let running = state.withLock { state -> String? in
            guard state.state != .running else { return state.name }
            state = BackupStatus()
            state.state = .running
            state.name = name
            state.path = folder + "/" + name
            return nil
        }
        if let running { throw .busy(name: running) }
        thread.withLock { thread in
            // The one before has ended, or its state would say that it runs.
            thread?.join()
            thread = PlainThread(name: "backup", nice: Self.nice) { [self] in make(name) }
        }
    }

    /// Gives up the one that is being made and waits until its thread has ended, and the ledger's.
    public func stop() {
        stops.store(true, ordering: .sequentiallyConsistent)
        thread.withLock { $0.take() }?.join()
        ledger.stop()
    }

    /// Waits until the one that is being made is done or has failed.
    func finish() { thread.withLock { $0.take() }?.join() }

    /// A name that cannot lead anywhere else.
    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && !name.hasPrefix(".") && !name.hasSuffix(".partial")
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
            }
    }

    /// Throws when the daemon stops.
    func checkStop() throws(BackupError) {
        if stops.load(ordering: .sequentiallyConsistent) { throw .stopped }
    }

    func change(_ change: (inout BackupStatus) -> Void) { state.withLock { change(&$0) } }

    private func make(_ name: String) {
        do throws(BackupError) {
            let manifest = try BackupWriter(self, name: name, time: now()).run()
            change {
                $0.position = manifest.position
                $0.state = .done
            }
        } catch {
            let partial = folder + "/" + name + ".partial"
            try? BackupFiles.removeUnfinished(partial)
            change {
                $0.failure = "\(error)"
                $0.state = .failed
            }
        }
    }
}

internal import Synchronization

/// The files this process has open, by device and inode.
///
/// LMDB's locks are the process's, not the handle's: a second open would succeed, and its close
/// would drop the locks of the first (lmdb.h, "Caveats").
enum EnvironmentRegistry {
    private static let open = Mutex<Set<FileIdentity.Key>>([])
    private static let mapBytesBound = Atomic<Int>(.max)

    /// The most address space that a file gets beyond what it holds; see `Environment.limitMaps`.
    static var mapBytesMax: Int {
        get { mapBytesBound.load(ordering: .relaxed) }
        set { mapBytesBound.store(newValue, ordering: .relaxed) }
    }

    /// Runs `body` while nobody else of this process opens or closes an environment.
    ///
    /// Opening takes milliseconds and is rare, so one lock for all files is enough; `body` may add
    /// and ask, and must not let go of an `Environment`, whose end takes the same lock.
    static func exclusively<R: ~Copyable, E: Error>(
        _ body: (inout sending Set<FileIdentity.Key>) throws(E) -> sending R
    ) throws(E) -> sending R {
        try open.withLock(body)
    }
}

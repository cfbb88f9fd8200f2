public import EventModel

/// Looks at a store with its own eyes: everything that is written is read and held against
/// everything else that says the same. Nothing is changed.
///
/// A daemon may have the store open in another process and append meanwhile: ended segments never
/// change, the newest one is read with a reader slot, and of the journal only what must be there
/// is expected. In the daemon's own process no file of the store may be opened a second time.
public enum Verification {
    /// What is looked at, and how.
    public struct Options: Sendable {
        /// The first position, the whole store without it; whole windows of the index are looked at.
        public var from: Position?
        /// The last position.
        public var to: Position?
        /// How many threads look.
        public var jobs: Int
        /// Hears how many events have been read, of how many there seem to be; on any thread.
        public var progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void

        /// Chooses the whole store and one thread.
        public init(
            from: Position? = nil, to: Position? = nil, jobs: Int = 1,
            progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in }
        ) {
            self.from = from
            self.to = to
            self.jobs = jobs
            self.progress = progress
        }
    }

    /// Verifies a store or a backup.
    ///
    /// - Throws: `notAStore` when the folder holds neither a description nor a log, `system`. What
    ///   is damaged is told in the report, never thrown.
    @available(*, noasync)
    public static func run(
        store path: String, options: Options = Options()
    ) throws(EventLogError) -> VerificationReport {
        let audit = try StoreAudit(path: path, options: options)
        return audit.run()
    }
}

internal import EventIndex
public import EventModel

/// What erased persons were called, hashed under a key: by this an event from before an erasure is
/// known when it is sent once more, although nobody is remembered.
///
/// Key and list lie in a folder of their own, beside the store and outside of it (drawn in
/// `SuppressionFile`): who has the store or a backup of it has neither, and so can test no guess. An
/// entry is on disk before the erasure is committed, and in force once it is; one that a crash parted
/// from its erasure is dropped at the next start. One thread, the one that owns the order, owns it.
public final class SuppressionList {
    /// What a name names.
    public enum Kind: UInt8, Sendable {
        // The raw value is hashed: never renumber.
        case identifier = 1
        case interaction = 2
    }

    /// A name in plain.
    public struct Name: Hashable, Sendable {
        let kind: Kind
        let bytes: [UInt8]

        /// Names one.
        public init(_ kind: Kind, _ bytes: [UInt8]) {
            self.kind = kind
            self.bytes = bytes
        }
    }

    private var file: SuppressionFile
    /// Until when each name is suppressed.
    private var until: [KeyHash: Timestamp] = [:]
    /// Of erasures that are not committed yet.
    private var pending: [SuppressionFile.Entry] = []
    /// The end of the last of them; nil while there are none: events from then on need no look.
    public private(set) var newest: Timestamp?
    /// Why the file does not say that an erasure was committed; the next start finds out by itself.
    public private(set) var trouble: EventLogError?

    /// Opens the list in a folder, which need not be there yet.
    ///
    /// - Parameters:
    ///   - store: The store's id.
    ///   - isErased: Whether the log has an erasure with this surrogate, expected at that position.
    ///   - randomBytes: Draws 64 random bits, for the key.
    /// - Throws: `notAStore` when it is another store's list, damaged, or its key is missing.
    public init(
        folder: String, store: String, randomBytes: () -> UInt64,
        isErased: (Surrogate, Position) throws(EventLogError) -> Bool
    ) throws(EventLogError) {
        file = SuppressionFile(
            folder: folder, store: store,
            newKey: HashKey(first: randomBytes(), second: randomBytes()))
        var kept: [SuppressionFile.Entry] = []
        let found = try file.read()
        for (entry, isKept) in found.entries {
            if isKept {
                kept.append(entry)
            } else if try isErased(entry.surrogate, entry.position) {
                kept.append(entry)
            }
        }
        for entry in kept { enforce(entry) }
        if found.isUnsettled { try file.rewrite(kept) }
    }

    /// How many names are suppressed.
    public var count: Int { until.count }

    /// Notes what a person was called; in force once `keep` says that they are erased.
    ///
    /// - Parameters:
    ///   - position: Where the erasure will stand.
    ///   - moment: Events that occurred before it are not taken any more.
    /// - Throws: What writing the file throws; nothing is noted then.
    public func note(
        _ names: Set<Name>, surrogate: Surrogate, position: Position, until moment: Timestamp
    ) throws(EventLogError) {
        guard !names.isEmpty else { return }
        let key = try file.makeKey()
        let entry = SuppressionFile.Entry(
            surrogate: surrogate, position: position, until: moment,
            hashes: names.map { Self.hash($0, key) }.sorted())
        try file.append(entry)
        pending.append(entry)
    }

    /// Puts into force what was noted, for the round with the erasures is committed.
    public func keep() {
        guard !pending.isEmpty else { return }
        for entry in pending { enforce(entry) }
        do throws(EventLogError) {
            try file.keep(pending)
            trouble = nil
        } catch {
            trouble = error
        }
        pending.removeAll()
    }

    /// Forgets what was noted: the round is given up.
    public func drop() { pending.removeAll() }

    private func enforce(_ entry: SuppressionFile.Entry) {
        for hash in entry.hashes { until[hash] = max(until[hash] ?? entry.until, entry.until) }
        newest = max(newest ?? entry.until, entry.until)
    }

    /// Whether an event that occurred then must not come back under a name.
    public func holds(_ name: Name, _ occurred: Timestamp) -> Bool {
        guard let key = file.key else { return false }
        return until[Self.hash(name, key)].map { occurred < $0 } ?? false
    }

    private static func hash(_ name: Name, _ key: HashKey) -> KeyHash {
        unsafe key.stream(kind: name.kind.rawValue, name: name.bytes.span.bytes)
    }
}

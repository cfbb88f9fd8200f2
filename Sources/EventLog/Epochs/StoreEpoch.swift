public import EventModel
internal import Glibc
internal import LMDB

/// A count of a log that is not the continuation of what others may have seen of it: a store begins
/// in the first; each restore, and each start that finds the log shorter than something recorded,
/// begins the next, by an event `store.epoch` of the daemon's own.
///
/// The log is the truth. What it says is also written to `<store>/epoch` at each start, for those
/// who look at a store without opening it:
///
///     epoch <number>
///     position <position of its event, 0 for the first epoch>
public struct StoreEpoch: Hashable, Sendable {
    /// Counts from 1.
    public let number: UInt64
    /// The position of the event that began it; zero for the first.
    public let position: Position

    /// The epoch that a store begins in.
    public static let first = StoreEpoch(number: 1, position: .zero)
    /// The type of the event that begins an epoch.
    public static let type = "store.epoch"

    static let fileName = "epoch"

    /// Reads what the last start wrote; a store without the file is in its first epoch.
    ///
    /// - Throws: `notAStore` when the file is not one of ours, `system`.
    static func read(_ store: String) throws(EventLogError) -> StoreEpoch {
        let path = store + "/" + fileName
        guard let text = try SmallFile.read(path) else { return .first }
        guard let match = text.wholeMatch(of: /epoch ([0-9]{1,19})\nposition ([0-9]{1,19})\n/),
            let number = UInt64(match.output.1), number > 0,
            let position = UInt64(match.output.2)
        else { throw .notAStore(path: path, found: "it does not say an epoch") }
        return StoreEpoch(number: number, position: Position(position))
    }

    /// Writes the file unless it says so already.
    func write(_ store: String) throws(EventLogError) {
        if (try? Self.read(store)) == self { return }
        try SmallFile.write(
            "epoch \(number)\nposition \(position)\n", to: store + "/" + Self.fileName)
    }
}

/// Why an epoch begins, in the words of `store.epoch`.
public enum EpochReason: String, Sendable {
    /// The store was restored from a backup.
    case restored
    /// The log was found shorter than something recorded.
    case logShorter
}

/// An epoch that is to begin: a restore, or a start that has to cut the journal short, leaves it in
/// `<store>/epoch.next`, and it goes once the event is in the log.
///
///     epoch <number>
///     reason <restored or logShorter>
///     last <the last position that both counts have>
struct PendingEpoch: Equatable {
    let number: UInt64
    let reason: EpochReason
    let lastCommon: Position

    static let fileName = "epoch.next"

    static func read(_ store: String) throws(EventLogError) -> PendingEpoch? {
        let path = store + "/" + fileName
        guard let text = try SmallFile.read(path) else { return nil }
        guard
            let match = text.wholeMatch(
                of: /epoch ([0-9]{1,19})\nreason ([a-zA-Z]+)\nlast ([0-9]{1,19})\n/),
            let number = UInt64(match.output.1), number > 1,
            let reason = EpochReason(rawValue: String(match.output.2)),
            let last = UInt64(match.output.3)
        else { throw .notAStore(path: path, found: "it does not say which epoch is to begin") }
        return PendingEpoch(number: number, reason: reason, lastCommon: Position(last))
    }

    func write(_ store: String) throws(EventLogError) {
        try SmallFile.write(
            "epoch \(number)\nreason \(reason.rawValue)\nlast \(lastCommon)\n",
            to: store + "/" + Self.fileName)
    }

    /// Says that the next epoch is to begin, unless that is said already.
    static func announce(
        _ store: String, _ reason: EpochReason, lastCommon: Position
    ) throws(EventLogError) {
        let number = try StoreEpoch.read(store).number + 1
        if let pending = try read(store), pending.number >= number { return }
        try PendingEpoch(number: number, reason: reason, lastCommon: lastCommon).write(store)
    }

    static func remove(_ store: String) throws(EventLogError) {
        let path = store + "/" + fileName
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw .system(operation: "remove", path: path, errno: errno)
        }
        try StoreFolder.syncFolder(store)
    }
}

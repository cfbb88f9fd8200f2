import EventLog

/// A store's log without its views.
final class OpenLog {
    let log: EventLog
    private let folder: StoreFolder
    private let writer: LogWriter

    init(_ path: String) throws {
        folder = try StoreFolder(path: path, now: FoldedStore.noon, randomBytes: { 1 })
        (log, writer) = try EventLog.open(folder: folder)
    }
}

public import EventModel
internal import LMDB

/// Erasures and redactions that were made after a backup was: a restore leaves them in `<store>/erasures.next`, in
/// the form of a ledger, and they are said again before the store is served.
extension EventLog {
    /// Appends the erasures that a restore has left to be carried out; from then on they are hidden.
    ///
    /// Called once, by the owner of the writer, before anything else is appended.
    ///
    /// - Returns: How many.
    /// - Throws: What committing throws.
    @discardableResult
    public func enterErasures(
        _ writer: LogWriter, folder: StoreFolder, now: Timestamp
    ) throws(EventLogError) -> Int {
        let path = folder.path + "/" + PendingErasures.fileName
        guard let ledger = try ErasureLedger.read(path) else { return 0 }
        var count = 0
        for entry in ledger.entries {
            // A start that was killed may have said it already.
            let isSaid = erasures.pending.contains { $0.what == entry.what }
            if isSaid || entry.what.isEmpty { continue }
            erasures.add(try writer.say(entry, now: now, log: self))
            count += 1
        }
        try StoreFiles.removeLeftovers(path)
        try StoreFolder.syncFolder(folder.path)
        return count
    }
}

enum PendingErasures {
    static let fileName = "erasures.next"
}

extension LogWriter {
    fileprivate func say(
        _ entry: ErasureLedger.Entry, now: Timestamp, log: EventLog
    ) throws(EventLogError) -> Erasure {
        let kind = entry.what.kind
        let number = try nextNumber(kind)
        let words =
            [
                ("source", Reserved.source), ("id", kind.id(number)),
                ("reason", "said at \(entry.position), after the backup was made"),
            ] + entry.what.words
        var intake = EventIntake(isDaemon: true)
        let outcome: Outcome
        do throws(ReadFailure<EventRefusal>) {
            outcome = try stage { (records) throws(EventRefusal) in
                let type = Array("\(kind.type)".utf8)
                try intake.begin(type: type.rawSpan, now: .latest)
                for (name, value) in words {
                    let (name, value) = (Array(name.utf8), Array(value.utf8))
                    try intake.take(name.rawSpan, value.rawSpan)
                }
                try intake.finish(into: &records)
            }
        } catch {
            switch error {
            case .log(let error): throw error
            case .body(let refusal): preconditionFailure("the daemon's own event: \(refusal)")
            }
        }
        guard case .new = outcome else {
            preconditionFailure("the number of an erasure is new")
        }
        while true {
            switch try commit(now: now) {
            case .done(let head):
                return Erasure(number: number, position: head, what: entry.what)
            case .waitsForStride: log.settle()
            }
        }
    }
}

public import EventModel
internal import LMDB

/// Epochs: which one the log is in, and beginning the next. Asked before anything else is staged.
extension LogWriter {
    /// Finds the present epoch: that of the newest `store.epoch` in the log, each of which has the
    /// epoch's number in its id.
    ///
    /// - Complexity: One look-up of an id for each epoch.
    func epoch() throws(EventLogError) -> StoreEpoch { try epochs().last ?? .first }

    /// Finds all epochs, the first first.
    ///
    /// Precondition: nothing is staged.
    public func epochs() throws(EventLogError) -> [StoreEpoch] {
        var epochs = [StoreEpoch.first]
        while let position = try position(ofEpoch: UInt64(epochs.count) + 1) {
            epochs.append(StoreEpoch(number: UInt64(epochs.count) + 1, position: position))
        }
        return epochs
    }

    private func position(ofEpoch number: UInt64) throws(EventLogError) -> Position? {
        let mark = mark()
        defer { takeBack(to: mark) }
        switch try stage(number, .logShorter, .zero) {
        case .new: return nil
        case .repeated(let position), .conflicting(let position), .erased(let position):
            return position
        }
    }

    /// Appends the event that begins an epoch, and waits until it is durable.
    ///
    /// - Returns: The epoch; the one that is there when it has begun already.
    func begin(
        _ pending: PendingEpoch, now: Timestamp, log: EventLog
    ) throws(EventLogError) -> StoreEpoch {
        switch try stage(pending.number, pending.reason, pending.lastCommon) {
        case .repeated(let position), .conflicting(let position), .erased(let position):
            return StoreEpoch(number: pending.number, position: position)
        case .new: break
        }
        while true {
            switch try commit(now: now) {
            case .done(let head):
                // Also where commits do not wait for the disk: what says that it is to begin goes.
                try journal.flush?.flush()
                return StoreEpoch(number: pending.number, position: head)
            case .waitsForStride: log.settle()
            }
        }
    }

    private func stage(
        _ number: UInt64, _ reason: EpochReason, _ lastCommon: Position
    ) throws(EventLogError) -> Outcome {
        precondition(stagedCount == 0, "an epoch begins before anything else is staged")
        var intake = EventIntake(isDaemon: true)
        do throws(ReadFailure<EventRefusal>) {
            return try stage { (records) throws(EventRefusal) in
                try Self.write(number, reason, lastCommon, &intake, into: &records)
            }
        } catch {
            switch error {
            case .log(let error): throw error
            case .body(let refusal): preconditionFailure("the daemon's own event: \(refusal)")
            }
        }
    }

    private static func write(
        _ number: UInt64, _ reason: EpochReason, _ lastCommon: Position,
        _ intake: inout EventIntake, into records: inout [UInt8]
    ) throws(EventRefusal) {
        let type = Array(StoreEpoch.type.utf8)
        try intake.begin(type: type.rawSpan, now: .latest)
        let words = [
            ("source", Reserved.source), ("id", "\(StoreEpoch.type):\(number)"),
            ("epoch", "\(number)"), ("previous", "\(number - 1)"),
            ("reason", reason.rawValue), ("last_common", "\(lastCommon)"),
        ]
        for (name, value) in words {
            let (name, value) = (Array(name.utf8), Array(value.utf8))
            try intake.take(name.rawSpan, value.rawSpan)
        }
        try intake.finish(into: &records)
    }
}

extension EventLog {
    /// Says which epoch the log is in, after beginning the one that a restore has left to begin,
    /// or that a log shorter than what is recorded elsewhere demands.
    ///
    /// Called once, by the owner of the writer, before anything is appended.
    ///
    /// - Parameter recorded: The greatest position that anything outside of the log has recorded
    ///   of it: a view's checkpoint, a consumer's.
    /// - Throws: What committing throws.
    public func enterEpoch(
        _ writer: LogWriter, folder: StoreFolder, recorded: Position, now: Timestamp
    ) throws(EventLogError) -> StoreEpoch {
        var epoch = try writer.epoch()
        if let pending = try PendingEpoch.read(folder.path) {
            if pending.number > epoch.number {
                epoch = try writer.begin(pending, now: now, log: self)
            }
            Failpoint.epochBegun.pass()
            try PendingEpoch.remove(folder.path)
        } else if recorded > head.position {
            let pending = PendingEpoch(
                number: epoch.number + 1, reason: .logShorter, lastCommon: head.position)
            epoch = try writer.begin(pending, now: now, log: self)
        }
        try epoch.write(folder.path)
        return epoch
    }
}

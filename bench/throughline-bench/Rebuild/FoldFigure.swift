internal import EventModel
internal import Projecting
internal import Views

/// What folding a log into one view took, and what came out of it.
struct FoldFigure {
    let name: String
    let events: UInt64
    let wallNanoseconds: UInt64
    /// Of the thread that folds.
    let processorNanoseconds: UInt64
    let viewBytes: UInt64

    var nanosecondsPerEvent: Double { Double(processorNanoseconds) / Double(events) }

    /// Folds on the calling thread.
    init<Fold: ~Copyable>(_ projector: Projector<Fold>, events: UInt64) throws {
        let (begin, beginCPU) = (Clock.now(), Clock.threadCPU())
        try projector.catchUp()
        processorNanoseconds = Clock.threadCPU() - beginCPU
        wallNanoseconds = Clock.now() - begin
        let status = projector.status
        name = status.name
        self.events = events
        viewBytes = status.fileBytes
    }
}

extension ViewSnapshot {
    /// CRC-32C over all keys and rows in key order, and how many there are: equal for equal views.
    borrowing func digest() throws(ViewFault) -> (rows: Int, checksum: UInt32) {
        var count = 0
        var checksum: UInt32 = 0
        var bytes: [UInt8] = []
        try rows(from: [0], below: [0xFF]) { (key, row) throws(ViewFault) in
            bytes.removeAll(keepingCapacity: true)
            bytes.append(littleEndian: checksum)
            bytes.append(littleEndian: UInt32(key.byteCount))
            bytes.append(key)
            bytes.append(row)
            checksum = unsafe CRC32C.checksum(bytes.span.bytes)
            count += 1
            return true
        }
        return (count, checksum)
    }
}

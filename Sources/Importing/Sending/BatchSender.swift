internal import Client
internal import EventModel
internal import RESP

/// Sends batches, reads what became of them, and sees to it that one bad row costs only itself.
///
/// Many batches are under way at once. One that was not taken waits until all before it are
/// answered; then its rows go one by one, and the events of a row that is partly stored already go
/// one by one. A row that is refused goes to the dead letters whole: half an interaction would stay
/// open for ever.
public struct BatchSender<Channel: RequestChannel & ~Copyable>: ~Copyable {
    /// What was done so far.
    public internal(set) var summary = ImportSummary()

    /// Where refused rows go.
    var deadLetters: DeadLetters
    private var channel: Channel
    /// The files by number, for dead letters.
    private let files: [String]
    /// The batches without a reply, the oldest first.
    private var underWay: [RowBatch] = []
    /// Batches that were not taken, the oldest first.
    private var notTaken: [RowBatch] = []
    /// Empty batches whose memory can be used again.
    private var spare: [RowBatch] = []
    private var refusedRows = 0

    /// Makes a sender.
    public init(_ channel: consuming Channel, files: [String], deadLettersPath: String) {
        self.channel = channel
        self.files = files
        deadLetters = DeadLetters(path: deadLettersPath)
    }

    /// Returns an empty batch.
    public mutating func emptyBatch() -> RowBatch { spare.popLast() ?? RowBatch() }

    /// Sends a batch; replies to earlier ones are seen to on the way.
    ///
    /// - Throws: `connection`, `refused`, `unexpectedReply`, `nothingTaken` or `deadLetters`.
    public mutating func send(_ batch: RowBatch) throws(ImportError) {
        guard batch.eventCount > 0 else { return }
        summary.eventsSent += batch.eventCount
        underWay.append(batch)
        try submit { batch.encodeBatch(of: 0..<batch.rowCount, into: &$0) }
        try judgeReplies()
        if !notTaken.isEmpty { try settle() }
    }

    /// Waits for all replies and sends again what must be.
    ///
    /// - Throws: as `send`.
    public mutating func finish() throws(ImportError) {
        try settle()
        try deadLetters.flush()
    }

    private mutating func submit(
        _ encode: (inout RequestEncoder) -> Void
    ) throws(ImportError) {
        do {
            try channel.submit(encode)
        } catch {
            throw .connection(error)
        }
    }

    private mutating func drain() throws(ImportError) {
        do {
            try channel.drain()
        } catch {
            throw .connection(error)
        }
    }

    private mutating func judgeReplies() throws(ImportError) {
        for reply in channel.takeReplies() {
            var batch = underWay.removeFirst()
            switch AppendVerdict(batch: reply, eventCount: batch.eventCount) {
            case .stored: summary.eventsStored += batch.eventCount
            case .repeated: summary.eventsRepeated += batch.eventCount
            case .partlyRepeated, .suppressed, .refused:
                notTaken.append(batch)
                continue
            case .halted(let code, let message): throw .refused(code: code, message: message)
            case .senseless: throw .unexpectedReply(request: "APPENDBATCH")
            }
            batch.removeAll()
            spare.append(batch)
        }
    }

    /// Waits for every reply, then sends the batches that were not taken row by row.
    private mutating func settle() throws(ImportError) {
        try drain()
        try judgeReplies()
        let batches = notTaken
        notTaken.removeAll()
        for batch in batches { try sendRows(batch) }
    }

    private mutating func sendRows(_ batch: RowBatch) throws(ImportError) {
        for row in 0..<batch.rowCount {
            try submit { batch.encodeBatch(of: row..<row + 1, into: &$0) }
        }
        try drain()
        var partlyStored: [Int] = []
        for (row, reply) in channel.takeReplies().enumerated() {
            let count = batch.rows[row].events.count
            switch AppendVerdict(batch: reply, eventCount: count) {
            case .stored: summary.eventsStored += count
            case .repeated: summary.eventsRepeated += count
            case .partlyRepeated: partlyStored.append(row)
            case .suppressed: summary.eventsSuppressed += count
            case .refused(let code, let message): try bury(batch, row, code, message)
            case .halted(let code, let message): throw .refused(code: code, message: message)
            case .senseless: throw .unexpectedReply(request: "APPENDBATCH")
            }
        }
        for row in partlyStored { try sendEvents(batch, row) }
    }

    private mutating func sendEvents(_ batch: RowBatch, _ row: Int) throws(ImportError) {
        for event in batch.rows[row].events {
            try submit { batch.encodeEvent(event, into: &$0) }
        }
        try drain()
        for reply in channel.takeReplies() {
            switch AppendVerdict(event: reply) {
            case .stored: summary.eventsStored += 1
            case .repeated: summary.eventsRepeated += 1
            case .suppressed: summary.eventsSuppressed += 1
            case .refused(let code, let message): try bury(batch, row, code, message)
            case .halted(let code, let message): throw .refused(code: code, message: message)
            case .partlyRepeated, .senseless: throw .unexpectedReply(request: "APPEND")
            }
        }
    }

    private mutating func bury(
        _ batch: RowBatch, _ row: Int, _ code: String, _ message: String
    ) throws(ImportError) {
        refusedRows += 1
        if refusedRows >= ImportLimits.hopelessRefusals, summary.eventsStored == 0,
            summary.eventsRepeated == 0
        {
            throw .nothingTaken(refusals: refusedRows, code: code, message: message)
        }
        let entry = batch.rows[row]
        try bury(
            file: entry.file, line: entry.line, .refused(code: code, message: message),
            raw: batch.rawLine(of: row))
    }

    /// Puts a row into the dead letters.
    mutating func bury(
        file: Int, line: Int, _ fault: RowFault, raw: RawSpan
    ) throws(ImportError) {
        summary.deadLetters[fault.reason, default: 0] += 1
        try deadLetters.add(file: files[file], line: line, fault, raw: raw)
    }
}

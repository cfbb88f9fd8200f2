internal import EventModel

/// Reads files, maps their rows to events and sends them; ends with `import.completed`.
///
/// Which rows it could not use stands in the dead letters; which the daemon had already, in the
/// summary. An import that broke off is repeated as a whole: nothing is stored twice.
public struct Importer<Channel: RequestChannel & ~Copyable>: ~Copyable {
    private let files: [String]
    private let mapping: Mapping?
    private let batchEvents: Int
    private var sender: BatchSender<Channel>
    private var batch = RowBatch()
    private var progress: ImportProgress
    private let onProgress: (ImportProgress) -> Void
    /// What came from each source.
    private var coverage: [String: Coverage] = [:]
    private var documents: CloudEventMapper
    private let target: ImportTarget

    /// Prepares an import; without a mapping the files hold one CloudEvents document per line.
    ///
    /// - Parameters:
    ///   - target: Who takes the events; a new store takes those of an export alone.
    ///   - onProgress: Called after every batch.
    public init(
        _ channel: consuming Channel, files: [String], mapping: Mapping?,
        target: ImportTarget = .daemon, batchEvents: Int = ImportLimits.batchEventsDefault,
        deadLettersPath: String,
        onProgress: @escaping (ImportProgress) -> Void = { _ in }
    ) {
        precondition(!files.isEmpty, "there is nothing to import")
        precondition(batchEvents >= 1 && batchEvents <= ImportLimits.batchEventsMax)
        precondition(
            mapping == nil || target == .daemon, "a table's rows were never recorded")
        self.files = files
        self.mapping = mapping
        self.target = target
        documents = CloudEventMapper(for: target)
        self.batchEvents = batchEvents
        self.onProgress = onProgress
        sender = BatchSender(channel, files: files, deadLettersPath: deadLettersPath)
        progress = ImportProgress(
            path: files[0], fileNumber: 1, fileCount: files.count, bytesRead: 0, bytesTotal: nil,
            rowsRead: 0, eventsSent: 0)
    }

    /// What was done so far.
    public var summary: ImportSummary { sender.summary }

    /// Imports all files.
    ///
    /// - Throws: `ImportError`. What was stored until then stays stored; dead letters are written.
    public mutating func run() throws(ImportError) {
        do {
            countBytes()
            for index in files.indices { try importFile(index) }
            try flush()
            try sender.finish()
            // The other store's events are all there is in a new one.
            if target == .daemon {
                try sendCompletions()
                try sender.finish()
            }
        } catch {
            // The first error is the one that matters.
            try? sender.deadLetters.flush()
            throw error
        }
    }

    private mutating func countBytes() {
        var total = 0
        for path in files {
            guard let count = InputFile.byteCount(at: path) else { return }
            total += count
        }
        progress.bytesTotal = total
    }

    private mutating func flush() throws(ImportError) {
        guard batch.eventCount > 0 else { return }
        try sender.send(batch)
        batch = sender.emptyBatch()
    }

    private mutating func importFile(_ index: Int) throws(ImportError) {
        let file = try InputFile(path: files[index])
        progress.path = files[index]
        progress.fileNumber = index + 1
        let before = progress.bytesRead
        var lines = LineReader(
            file, quote: mapping?.table.quote, delimiter: mapping?.table.delimiter ?? 0)
        var run = FileRun(number: index, deadLettersBefore: sender.summary.deadLetters)
        if let mapping {
            try importTable(&lines, mapping, &run, before)
        } else {
            try importDocuments(&lines, &run, before)
        }
        if run.rows > 0, run.usableRows == 0 { throw hopeless(&run) }
        progress.bytesRead = before + lines.source.bytesTaken
    }

    private mutating func importTable(
        _ lines: inout LineReader<InputFile>, _ mapping: Mapping, _ run: inout FileRun,
        _ bytesBefore: Int
    ) throws(ImportError) {
        var columns = mapping.table.columns
        if mapping.table.hasHeader {
            guard try lines.next() else { return }
            columns = try Header.check(lines.line, mapping.table, path: files[run.number])
        }
        var mapper = RowMapper(try RowProgram(mapping, columns: columns))
        while try lines.next() {
            guard lines.line.byteCount > 0 else { continue }
            run.begin(lines.lineNumber)
            do throws(RowFault) {
                let count = try mapper.map(
                    lines.line, file: run.number, line: run.line, into: &batch)
                run.usableRows += 1
                if count == 0 { sender.summary.rowsWithoutEvents += 1 }
                coverage[mapping.source, default: Coverage()].rows += count > 0 ? 1 : 0
            } catch {
                try bury(error, lines.line, &run)
            }
            try finishRow(&lines, bytesBefore)
        }
        coverage[mapping.source, default: Coverage()].extend(to: mapper.latestMoment)
    }

    private mutating func importDocuments(
        _ lines: inout LineReader<InputFile>, _ run: inout FileRun, _ bytesBefore: Int
    ) throws(ImportError) {
        while try lines.next() {
            guard lines.line.byteCount > 0 else { continue }
            if run.rows == 0 { try Header.checkDocument(lines.line, path: files[run.number]) }
            run.begin(lines.lineNumber)
            do throws(RowFault) {
                try documents.map(lines.line, file: run.number, line: run.line, into: &batch)
                run.usableRows += 1
            } catch {
                try bury(error, lines.line, &run)
            }
            try finishRow(&lines, bytesBefore)
        }
        coverage = documents.sources
    }

    private mutating func finishRow(
        _ lines: inout LineReader<InputFile>, _ bytesBefore: Int
    ) throws(ImportError) {
        sender.summary.rowsRead += 1
        guard batch.isFull(eventsMax: batchEvents) else { return }
        try flush()
        progress.rowsRead = sender.summary.rowsRead
        progress.eventsSent = sender.summary.eventsSent
        progress.bytesRead = bytesBefore + lines.source.bytesTaken
        onProgress(progress)
    }

    private mutating func bury(
        _ fault: RowFault, _ line: RawSpan, _ run: inout FileRun
    ) throws(ImportError) {
        run.lastFault = fault
        try sender.bury(file: run.number, line: run.line, fault, raw: line)
        if run.usableRows == 0, run.rows >= ImportLimits.hopelessRows { throw hopeless(&run) }
    }

    private mutating func hopeless(_ run: inout FileRun) -> ImportError {
        sender.deadLetters.discard()
        sender.summary.deadLetters = run.deadLettersBefore
        return .notSuchRows(
            path: files[run.number], rows: run.rows, lastLine: run.line,
            fault: run.lastFault?.description ?? "")
    }

    /// Tells, per source, up to when the import has covered it. The id is made of what it says, so
    /// that a repeated import repeats it.
    private mutating func sendCompletions() throws(ImportError) {
        for source in coverage.keys.sorted() {
            guard let covered = coverage[source], covered.rows > 0 else { continue }
            let mark = batch.mark
            batch.appendWord("import.completed")
            batch.appendWord("source")
            batch.appendWord(source)
            batch.appendWord("id")
            let moment = covered.latestMoment.map { Timestamp(milliseconds: $0).rfc3339 }
            batch.appendWord("import.completed:\(moment ?? "-"):\(covered.rows)")
            if let moment {
                batch.appendWord("covered_until")
                batch.appendWord(moment)
            }
            batch.appendWord("rows")
            batch.appendWord("\(covered.rows)")
            batch.endEvent()
            do {
                try batch.endRow(since: mark, file: files.count - 1, line: 0, raw: RawSpan())
            } catch {
                preconditionFailure("six words are no more than a row may have")
            }
        }
        try flush()
    }
}

/// One file's course.
private struct FileRun {
    let number: Int
    let deadLettersBefore: [String: Int]
    var rows = 0
    /// Rows that could be read, whether or not they have events.
    var usableRows = 0
    var line = 0
    var lastFault: RowFault?

    init(number: Int, deadLettersBefore: [String: Int]) {
        self.number = number
        self.deadLettersBefore = deadLettersBefore
    }

    mutating func begin(_ line: Int) {
        rows += 1
        self.line = line
    }
}

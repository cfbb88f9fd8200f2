internal import EventModel

/// Events of whole rows, as the words of their appends, ready to be sent and sent again.
///
/// An event's words are its type, then names and values, then perhaps `DATA` and the payload. They
/// are kept as RESP encodes them, `$<length>\r\n<bytes>\r\n` each, so that sending an event is
/// one copy. Beside them stand the rows they came from, for dead letters. Memory is kept for the
/// next use.
public struct RowBatch: Sendable {
    /// Where an event ends, and how many words it has.
    struct EventEntry: Equatable {
        var end: Int
        var words: Int
    }

    /// Where a row lies: in its file, and in this batch.
    struct RowEntry: Equatable {
        var file: Int
        var line: Int
        var events: Range<Int>
        var raw: Range<Int>
    }

    private var bytes: [UInt8] = []
    /// The words of the event that is not ended.
    private var openWords = 0
    /// All words of ended events.
    private(set) var wordCount = 0
    private(set) var events: [EventEntry] = []
    private(set) var rows: [RowEntry] = []
    private var raw: [UInt8] = []

    /// Makes an empty batch.
    public init() {}

    /// The number of events.
    public var eventCount: Int { events.count }
    /// The number of rows.
    public var rowCount: Int { rows.count }

    /// Whether another row should go into another batch.
    func isFull(eventsMax: Int) -> Bool {
        eventCount >= eventsMax || wordCount >= ImportLimits.batchWordsFull
            || bytes.count >= ImportLimits.batchBytesFull
    }

    /// Returns the encoded words of an event.
    @_lifetime(borrow self)
    func encodedWords(of event: Int) -> RawSpan {
        let start = event == 0 ? 0 : events[event - 1].end
        return unsafe bytes.span.bytes.extracting(start..<events[event].end)
    }

    /// Returns a row's line as it stands in the file.
    @_lifetime(borrow self)
    func rawLine(of row: Int) -> RawSpan {
        unsafe raw.span.bytes.extracting(rows[row].raw)
    }

    /// Returns the words of every event as texts: for tests and for showing.
    public func texts() -> [[String]] {
        (0..<eventCount).map { event in EncodedWords.texts(encodedWords(of: event)) }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        openWords = 0
        wordCount = 0
        events.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        raw.removeAll(keepingCapacity: true)
    }
}

/// Filling.
extension RowBatch {
    /// Where a batch stood before something was begun.
    struct Mark {
        let bytes: Int
        let events: Int
        let openWords: Int
        let words: Int
    }

    var mark: Mark {
        Mark(bytes: bytes.count, events: events.count, openWords: openWords, words: wordCount)
    }

    /// Takes back what came after a mark.
    mutating func restore(_ mark: Mark) {
        bytes.removeSubrange(mark.bytes...)
        events.removeSubrange(mark.events...)
        openWords = mark.openWords
        wordCount = mark.words
    }

    /// Ends a row: the events since the mark are its.
    ///
    /// - Throws: `tooLarge`; the row is then taken back.
    mutating func endRow(
        since mark: Mark, file: Int, line: Int, raw rawLine: RawSpan
    ) throws(RowFault) {
        let (words, size) = (wordCount - mark.words, bytes.count - mark.bytes)
        guard words <= ImportLimits.rowWordsMax, size <= ImportLimits.rowBytesMax else {
            restore(mark)
            throw words > ImportLimits.rowWordsMax
                ? .tooLarge(
                    what: "number of words", actual: words, most: ImportLimits.rowWordsMax)
                : .tooLarge(what: "events bytes", actual: size, most: ImportLimits.rowBytesMax)
        }
        let start = raw.count
        raw.append(rawLine)
        rows.append(
            RowEntry(
                file: file, line: line, events: mark.events..<events.count, raw: start..<raw.count))
    }

    mutating func endEvent() {
        events.append(EventEntry(end: bytes.count, words: openWords))
        wordCount += openWords
        openWords = 0
    }

    /// Begins a word; returns where its bytes will start.
    mutating func beginWord() -> Int {
        // Most lengths have two digits; others move the bytes in `endWord`.
        bytes.append(contentsOf: EncodedWords.header)
        return bytes.count
    }

    /// Ends the word that starts there.
    mutating func endWord(from start: Int) {
        let count = bytes.count - start
        if count >= 10, count <= 99 {
            bytes[start - 4] = UInt8(truncatingIfNeeded: 0x30 + count / 10)
            bytes[start - 3] = UInt8(truncatingIfNeeded: 0x30 + count % 10)
        } else {
            var digits: [UInt8] = []
            digits.append(decimal: Int64(count))
            bytes.replaceSubrange(start - 4..<start - 2, with: digits)
        }
        bytes.append(0x0D)
        bytes.append(0x0A)
        openWords += 1
    }

    /// Appends the word `occurred` and the moment's word.
    mutating func appendOccurred(_ moment: Timestamp) {
        bytes.append(contentsOf: EncodedWords.occurred)
        moment.write(to: &bytes)
        bytes.append(0x0D)
        bytes.append(0x0A)
        openWords += 2
    }

    /// Appends words that are encoded already.
    mutating func append(encoded part: RawSpan, words: Int) {
        bytes.append(part)
        openWords += words
    }

    /// Appends bytes to the word that is begun.
    mutating func append(_ part: RawSpan) { bytes.append(part) }

    mutating func append(decimal value: Int64) { bytes.append(decimal: value) }

    mutating func append(_ moment: Timestamp) { moment.write(to: &bytes) }

    /// How many bytes there are behind a place.
    func byteCount(from start: Int) -> Int { bytes.count - start }

    /// Appends a whole word.
    mutating func appendWord(_ text: String) {
        let start = beginWord()
        bytes.append(contentsOf: text.utf8)
        endWord(from: start)
    }

    /// Appends a whole word.
    mutating func appendWord(_ part: [UInt8]) {
        let start = beginWord()
        bytes.append(contentsOf: part)
        endWord(from: start)
    }
}

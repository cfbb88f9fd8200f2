internal import EventModel
internal import Glibc

/// Reads lines, without their line feeds, out of a source.
///
/// A carriage return before the line feed and a byte order mark at the start are dropped. Where
/// fields may be quoted (RFC 4180) a quoted line feed does not end the line. Bytes are moved only
/// when the buffer is full, each once.
public struct LineReader<Source: ByteSource & ~Copyable>: ~Copyable {
    /// Where the bytes come from.
    public private(set) var source: Source
    /// The number of the line that `line` shows, from 1 on; a line with quoted line feeds counts
    /// as many, and its number is that of its first.
    public private(set) var lineNumber = 0

    private var storage: [UInt8]
    /// The bytes not given out yet, and up to where they were looked over.
    private var start = 0
    private var scanned = 0
    private var end = 0
    private var isAtEnd = false
    private var current = 0..<0
    private var feedsInLine = 0
    private var nextNumber = 1
    private var quotes: QuoteScanner?

    /// Makes a reader at the start of a source; `quote` and `delimiter` are given where fields
    /// may be quoted.
    public init(_ source: consuming Source, quote: UInt8? = nil, delimiter: UInt8 = 0) {
        self.source = source
        storage = [UInt8](repeating: 0, count: ImportLimits.readBytes)
        quotes = quote.map { QuoteScanner(quote: $0, delimiter: delimiter) }
    }

    /// The line that the last `next` found.
    public var line: RawSpan {
        @_lifetime(borrow self)
        get { unsafe storage.span.bytes.extracting(current) }
    }

    /// Goes to the next line; returns false at the end.
    ///
    /// - Throws: `unreadable`, `notText`, `lineTooLong` or `decompressionFailed`.
    public mutating func next() throws(ImportError) -> Bool {
        while true {
            if let feed = findFeed() {
                take(upTo: feed)
                start = feed + 1
                scanned = start
                return true
            }
            if isAtEnd {
                guard start < end else { return false }
                take(upTo: end)
                start = end
                return true
            }
            try fill()
        }
    }

    private mutating func take(upTo feed: Int) {
        let last = feed > start && storage[feed - 1] == UInt8(ascii: "\r") ? feed - 1 : feed
        current = start..<last
        lineNumber = nextNumber
        nextNumber += 1 + feedsInLine
        feedsInLine = 0
        quotes?.startLine()
    }

    private mutating func findFeed() -> Int? {
        guard var quotes else { return findAnyFeed() }
        defer { self.quotes = quotes }
        while scanned < end {
            let byte = storage[scanned]
            if byte == UInt8(ascii: "\n") {
                if !quotes.isQuoted { return scanned }
                feedsInLine += 1
            }
            quotes.take(byte)
            scanned += 1
        }
        return nil
    }

    private mutating func findAnyFeed() -> Int? {
        let range = scanned..<end
        let found = unsafe storage.withUnsafeBytes { memory -> Int? in
            let place = unsafe UnsafeRawBufferPointer(rebasing: memory[range])
            guard let base = place.baseAddress,
                let feed = unsafe memchr(base, Int32(UInt8(ascii: "\n")), place.count)
            else { return nil }
            return unsafe UnsafeRawPointer(feed) - base
        }
        guard let found else {
            scanned = end
            return nil
        }
        return range.lowerBound + found
    }

    private mutating func fill() throws(ImportError) {
        if start > 0 {
            storage.replaceSubrange(0..<end - start, with: Array(storage[start..<end]))
            end -= start
            scanned -= start
            start = 0
        }
        guard end <= ImportLimits.lineBytesMax else {
            throw .lineTooLong(
                path: source.path, line: nextNumber, bytesMax: ImportLimits.lineBytesMax)
        }
        if storage.count - end < ImportLimits.readBytes / 2 {
            storage.append(contentsOf: repeatElement(0, count: storage.count))
        }
        let isFirst = lineNumber == 0 && end == 0
        let count = try source.read(into: &storage, at: end)
        isAtEnd = count == 0
        end += count
        if isFirst { try lookOver() }
    }

    /// Looks at the first bytes of the file: a mark that is no text, and bytes no text has.
    private mutating func lookOver() throws(ImportError) {
        if let zero = storage[..<min(end, ImportLimits.sniffBytes)].firstIndex(of: 0) {
            throw .notText(path: source.path, offset: zero)
        }
        if end >= 3, storage[0] == 0xEF, storage[1] == 0xBB, storage[2] == 0xBF {
            start = 3
            scanned = 3
        }
    }
}

/// Follows the quotes of RFC 4180 along a line: they count only where a field starts.
struct QuoteScanner {
    let quote: UInt8
    let delimiter: UInt8
    private(set) var isQuoted = false
    private var isAtFieldStart = true

    init(quote: UInt8, delimiter: UInt8) {
        self.quote = quote
        self.delimiter = delimiter
    }

    mutating func startLine() {
        isQuoted = false
        isAtFieldStart = true
    }

    mutating func take(_ byte: UInt8) {
        if isQuoted {
            // A doubled quote leaves and enters again, which is the same.
            if byte == quote {
                isQuoted = false
                isAtFieldStart = true
            }
        } else if byte == quote, isAtFieldStart {
            isQuoted = true
            isAtFieldStart = false
        } else {
            isAtFieldStart = byte == delimiter
        }
    }
}

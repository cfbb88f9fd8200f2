public import EventModel

/// Several events as the words of one `APPENDBATCH`: their number, then for each event the number
/// of its words and the words themselves, type, name, value, name, value ….
///
/// One buffer holds all words; it is reused from batch to batch. A payload is the value of `DATA`.
public struct EventBatch: Sendable {
    /// The events in it.
    public private(set) var eventCount = 0
    /// The words in it, without the number of events that comes first.
    public private(set) var wordCount = 0

    private var bytes: [UInt8] = []
    /// Where each word ends in `bytes`.
    private var ends: [Int] = []

    /// Makes an empty batch.
    public init() {}

    /// The bytes of all words.
    public var byteCount: Int { bytes.count }

    /// Adds an event.
    public mutating func append(_ draft: EventDraft) {
        var words = 7 + 2 * (draft.identifiers.count + draft.attributes.count)
        if draft.occurred == nil { words -= 2 }
        if !draft.contentType.isEmpty { words += 4 }
        wordCount += 1 + words
        eventCount += 1
        bytes.append(decimal: Int64(words))
        endWord()
        add(draft.type)
        add("source", draft.source)
        add("id", draft.id)
        if let occurred = draft.occurred {
            add("occurred")
            occurred.write(to: &bytes)
            endWord()
        }
        for identifier in draft.identifiers { add(identifier) }
        for attribute in draft.attributes { add(attribute) }
        if !draft.contentType.isEmpty {
            add("content_type", draft.contentType)
            add("DATA")
            bytes.append(contentsOf: draft.data)
            endWord()
        }
    }

    /// Forgets the events and keeps the room.
    public mutating func removeAll() {
        eventCount = 0
        wordCount = 0
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Shows each word in its order.
    public func forEachWord<Failure>(
        _ body: (_ word: RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        var start = 0
        let all = unsafe bytes.span.bytes
        for end in ends {
            try body(all.extracting(start..<end))
            start = end
        }
    }

    private mutating func endWord() { ends.append(bytes.count) }

    private mutating func add(_ word: String) {
        bytes.append(contentsOf: word.utf8)
        endWord()
    }

    private mutating func add(_ name: String, _ value: String) {
        add(name)
        add(value)
    }

    private mutating func add(_ identifier: Identifier) {
        bytes.append(contentsOf: "\(identifier.role.attributeName)".utf8)
        if identifier.strength != .stated {
            bytes.append(UInt8(ascii: ":"))
            bytes.append(contentsOf: "\(identifier.strength.word)".utf8)
        }
        endWord()
        bytes.append(contentsOf: identifier.kind.utf8)
        bytes.append(UInt8(ascii: ":"))
        add(identifier.value)
    }

    private mutating func add(_ attribute: Attribute) {
        add(attribute.name)
        switch attribute.value {
        case .text(let text), .ref(let text): bytes.append(contentsOf: text.utf8)
        case .integer(let integer): bytes.append(decimal: integer)
        case .boolean(let boolean): bytes.append(contentsOf: (boolean ? "true" : "false").utf8)
        case .time(let moment): moment.write(to: &bytes)
        case .money(let minorUnits, let currency):
            bytes.append(decimal: minorUnits)
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: currency.utf8)
        }
        endWord()
    }
}

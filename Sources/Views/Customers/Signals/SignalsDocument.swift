internal import ContactCentre
public import EventModel

/// SIGNALS: who needs somebody, by kind and age.
///
///     {"position":…,"now":"…",
///      "signals":[{"signal":"orderLate","customer":"c_…","since":"…","age_ms":…,"order":"o-1",
///                  "positions":[…]}],
///      "looked_at":…,"incomplete":["abandoned"],"next":"…"}
///
/// The oldest of each kind come first. `incomplete` names kinds of which more were looked at than
/// one answer may; `next` is where an answer about one kind goes on.
public enum SignalsDocument {
    /// Writes the document.
    ///
    /// - Parameters:
    ///   - kinds: Which signals.
    ///   - olderMilliseconds: How old they are at least.
    ///   - count: The most of each kind.
    ///   - page: Where the only kind goes on; nil to begin with the oldest.
    ///   - rowsMax: How many rows of each kind are looked at.
    ///   - members: Who is one person with a customer, oldest first.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ kinds: [SignalKind], olderMilliseconds: Int64, count: Int, page: SignalPage? = nil,
        now: Timestamp, rowsMax: Int = ViewLimits.signalRowsMax,
        members: (CustomerID) throws(ViewFault) -> [CustomerID],
        from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) {
        var incomplete: [SignalKind] = []
        var looked = 0
        var next: SignalPage?
        begin(now, reader, &json)
        for kind in kinds {
            var search = SignalSearch(
                kind, olderMilliseconds, CardMoment(now), try CardDefinitions.read(reader).signals)
            next = try search.goOn(
                from: page, rowsMax: rowsMax, foundMax: count, members, reader)
            looked += search.looked
            if next != nil, search.found.count < count { incomplete.append(kind) }
            search.write(to: &json)
        }
        end(looked, incomplete, kinds.count == 1 ? next : nil, &json)
    }

    /// Writes the document of a follow: what it has found before and is still so, and what is found in
    /// some more rows. Round by round it goes through all of them and begins again.
    ///
    /// - Parameters:
    ///   - scan: How far it has come.
    ///   - rowsMax: How many more rows of each kind are looked at.
    /// - Returns: What tells these signals from others, whatever their age.
    public static func write<Reader: ViewReader & ~Copyable>(
        following scan: inout SignalScan, olderMilliseconds: Int64, count: Int, now: Timestamp,
        rowsMax: Int, members: (CustomerID) throws(ViewFault) -> [CustomerID],
        from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) -> Int {
        var hasher = Hasher()
        var incomplete: [SignalKind] = []
        var looked = 0
        begin(now, reader, &json)
        for place in scan.kinds.indices {
            let kind = scan.kinds[place].kind
            var search = SignalSearch(
                kind, olderMilliseconds, CardMoment(now), try CardDefinitions.read(reader).signals)
            for key in scan.kinds[place].found { try search.look(again: key, members, reader) }
            let next = try search.goOn(
                from: scan.kinds[place].next, rowsMax: rowsMax, foundMax: count, members, reader)
            scan.kinds[place].next = next
            scan.kinds[place].found = search.found.map(\.key)
            if next == nil { scan.kinds[place].isWhole = true }
            looked += search.looked
            if !scan.kinds[place].isWhole, search.found.count < count {
                incomplete.append(kind)
                hasher.combine(kind)
            }
            search.write(to: &json)
            search.hash(into: &hasher)
        }
        end(looked, incomplete, nil, &json)
        return hasher.finalize()
    }

    private static func begin<Reader: ViewReader & ~Copyable>(
        _ now: Timestamp, _ reader: borrowing Reader, _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.key("signals")
        json.beginArray()
    }

    private static func end(
        _ looked: Int, _ incomplete: [SignalKind], _ next: SignalPage?, _ json: inout JSONWriter
    ) {
        json.endArray()
        json.field("looked_at", looked)
        if !incomplete.isEmpty {
            json.key("incomplete")
            json.beginArray()
            for kind in incomplete { json.value(kind.word) }
            json.endArray()
        }
        if let next { json.field("next", next.text) }
        json.endObject()
    }
}

/// Where an answer about one kind of signal goes on.
public struct SignalPage: Sendable {
    /// The key of a row.
    let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    /// Reads what an answer named; nil for anything else.
    public init?(_ text: String, of kind: SignalKind) {
        var key: [UInt8] = [SignalRow.prefix, kind.row.rawValue]
        var high: UInt8?
        for digit in text.utf8 {
            guard let value = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
            if let known = high {
                key.append(known << 4 | UInt8(value))
                high = nil
            } else {
                high = UInt8(value)
            }
        }
        guard high == nil, key.count >= SignalRow.nameOffset, key.count <= Self.bytesMax else {
            return nil
        }
        self.key = key
    }

    /// What an answer names: the key behind its kind, in hexadecimal digits.
    var text: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in key.dropFirst(2) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let bytesMax = 511
}

/// How far a follow of signals has come.
public struct SignalScan: Sendable {
    /// One kind of them.
    struct Kind: Sendable {
        let kind: SignalKind
        /// The row that is looked at next; nil to begin with the oldest.
        var next: SignalPage?
        /// The keys of the rows that were signals in the last round, in order.
        var found: [[UInt8]] = []
        /// Whether all rows were looked at once.
        var isWhole = false
    }

    var kinds: [Kind]

    /// Begins one.
    public init(_ kinds: [SignalKind]) { self.kinds = kinds.map { Kind(kind: $0) } }
}

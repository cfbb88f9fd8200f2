/// What is to be removed of an event's personal part.
public struct PartRemoval: Sendable, Hashable {
    /// Whether id, payload and all personal attributes go: a person is erased.
    public var takesAll: Bool
    /// The identifiers that go, by their number from 0, and what stands in the place of each: see
    /// `EventRemnant`.
    public var surrogates: [Int: String]
    /// Whose person the event made customers who go: what stands behind the identifiers, in the order
    /// of the erasures.
    public var moves: [String]
    /// Whom the event united by what goes, of those who stay: what stands behind the moves.
    public var unions: [String]
    /// The personal attributes that go, by name; `data` is the payload.
    public var fields: Set<String>
    /// What goes of texts that stay, by the attribute's name; `data` is the payload.
    public var cuts: [String: [TextCut]]

    /// Names what is to be removed.
    public init(
        takesAll: Bool, surrogates: [Int: String] = [:], moves: [String] = [],
        unions: [String] = [], fields: Set<String> = [], cuts: [String: [TextCut]] = [:]
    ) {
        self.takesAll = takesAll
        self.surrogates = surrogates
        self.moves = moves
        self.unions = unions
        self.fields = fields
        self.cuts = cuts
    }

    /// The field name of the payload.
    public static let payload = "data"

    /// Adds what another removal takes of the same event.
    public mutating func merge(_ other: PartRemoval) {
        takesAll = takesAll || other.takesAll
        surrogates.merge(other.surrogates) { first, second in first.isEmpty ? second : first }
        moves += other.moves.filter { !moves.contains($0) }
        unions += other.unions.filter { !unions.contains($0) }
        fields.formUnion(other.fields)
        cuts.merge(other.cuts, uniquingKeysWith: +)
    }
}

/// A run of bytes of a text that goes. Its place is filled, so that whatever lies elsewhere in the
/// text keeps its own: cuts that were found one after the other can be made in any order, again,
/// and in an older copy.
public struct TextCut: Hashable, Sendable {
    /// The first byte, counted from 0 in the value as it was stored.
    public let start: Int
    /// How many bytes, at least 1.
    public let count: Int
    /// Whether it is a whole value of a JSON document, no string, and leaves one.
    public let isValue: Bool

    /// Names a run.
    public init(start: Int, count: Int, isValue: Bool = false) {
        self.start = start
        self.count = count
        self.isValue = isValue
    }

    /// Fills the run in a text that begins at an offset; what lies beyond the text is left alone. A
    /// character goes whole.
    func fill(_ record: inout [UInt8], from offset: Int, bytes: Int) {
        guard start < bytes else { return }
        var first = start
        var end = count < bytes - start ? start + count : bytes
        // A character's later bytes are 10xxxxxx.
        while first > 0, record[offset + first] & 0xC0 == 0x80 { first -= 1 }
        while end < bytes, record[offset + end] & 0xC0 == 0x80 { end += 1 }
        for index in first..<end { record[offset + index] = isValue ? 0x20 : 0x2A }
        guard isValue else { return }
        let word: StaticString = end - first >= 4 ? "null" : end - first >= 2 ? "\"\"" : "0"
        word.withUTF8Buffer { bytes in
            for index in 0..<bytes.count {
                unsafe record[offset + first + index] = bytes[index]
            }
        }
    }
}

extension RawSpan {
    /// Whether nothing is left of a text but its length: cuts have filled all of it.
    public var isFilled: Bool {
        for offset in 0..<byteCount where self[offset] != UInt8(ascii: "*") { return false }
        return byteCount > 0
    }
}

public import EventModel

/// That an event gave a definition of the card its version, for cards of past moments.
///
///     key  'e', text kind, text key, u64 position
///     row  u8 version = 1
struct DefinitionVersionRow: RowRecord {
    static let prefix = UInt8(ascii: "e")
    private static let version: UInt8 = 1

    init() {}

    var isEmpty: Bool { false }

    /// Writes the key of a version.
    ///
    /// - Parameter definition: The key of the definition's row.
    static func writeKey(
        of definition: [UInt8], _ position: Position, to key: inout [UInt8]
    ) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(contentsOf: definition.dropFirst())
        key.append(bigEndian: position.rawValue)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        guard row.byteCount == 1, row[0] == Self.version else {
            throw MalformedBytes("row of a definition's version", at: 0)
        }
    }

    func encode(into row: inout [UInt8]) { row.append(Self.version) }
}

/// The definitions that cards are written by.
public enum CardDefinitionHistory {
    /// Returns the events that gave each definition the version in force behind a position, in the
    /// order of positions. A version that `counts` refuses was never given.
    ///
    /// Complexity: O(log n) for each definition, and one more row for each version refused.
    public static func positions<Reader: ViewReader & ~Copyable>(
        through last: Position, _ reader: borrowing Reader,
        where counts: (Position) throws(ViewFault) -> Bool
    ) throws(ViewFault) -> [Position] {
        var definitions: [[UInt8]] = []
        let start = [DefinitionRecord.prefix]
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
            definitions.append(key.copied())
            return true
        }
        var found: [Position] = []
        var (first, end) = ([UInt8](), [UInt8]())
        for definition in definitions {
            DefinitionVersionRow.writeKey(of: definition, .zero, to: &first)
            DefinitionVersionRow.writeKey(of: definition, last, to: &end)
            end.append(0)
            try reader.rowsBackward(from: first, below: end) { key, _ throws(ViewFault) in
                let position = Position(try key.keyNumber(at: key.byteCount - 8))
                guard try counts(position) else { return true }
                found.append(position)
                return false
            }
        }
        return found.sorted()
    }
}

internal import EventModel

/// Which statements about identity name an identifier: an erasure takes it out of them.
///
///     key  's', the identifier's key
///     row  u8 version = 1; num count of positions, then each as the distance from the one before
struct NamedRecord: RowRecord {
    static let prefix = UInt8(ascii: "s")
    static let version: UInt8 = 1
    static var keptRowsMax: Int { ViewLimits.keptSmallRowsMax }

    private(set) var positions: [Position] = []

    init() {}

    var isEmpty: Bool { positions.isEmpty }

    /// Takes note of a statement behind all others.
    mutating func add(_ position: Position) {
        if positions.last != position { positions.append(position) }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "row of statements")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("version of a row of statements", at: 0)
        }
        var last: UInt64 = 0
        for _ in 0..<(try reader.count()) {
            last &+= try reader.varint()
            positions.append(Position(last))
        }
        guard reader.isAtEnd else { throw MalformedBytes("row of statements", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(positions.count))
        var last: UInt64 = 0
        for position in positions {
            row.append(varint: position.rawValue - last)
            last = position.rawValue
        }
    }

    static func key(of identifier: [UInt8]) -> [UInt8] { [prefix] + identifier }
}

extension IdentityProjection {
    /// Takes note that a statement names an identifier.
    mutating func note<Context: FoldContext & ~Copyable>(
        statementAt position: Position, naming identifier: [UInt8], _ context: borrowing Context
    ) throws(ViewFault) {
        let slot = try named.slot(NamedRecord.key(of: identifier), context)
        named[changing: slot].add(position)
    }
}

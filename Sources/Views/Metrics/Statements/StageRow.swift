internal import EventModel

/// Which stage a customer was said to be in, and since when.
///
///     key  'h', u64 customer
///     row  u8 version = 1; u8 1 where older ones were forgotten; num stages, then each, by when it
///          happened: int occurred; num position; text stage
struct StageRow: RowRecord {
    static let prefix = UInt8(ascii: "h")
    private static let version: UInt8 = 1

    private struct Stage {
        var occurred: Timestamp
        var position: Position
        var word: String
    }

    private var stages: [Stage] = []
    private var isCut = false

    init() {}

    var isEmpty: Bool { stages.isEmpty }

    /// The events that said so.
    var positions: [Position] { stages.map(\.position) }

    static func writeKey(_ customer: CustomerID, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(bigEndian: customer.rawValue)
    }

    /// Whom a `stage.inferred` is about: who its identifiers belong to, so that it holds after an
    /// erasure too; else whom it names by their id, as the daemon does.
    static func customer(of event: borrowing EventView, _ shown: [CustomerID]) -> CustomerID? {
        if let first = shown.first { return first }
        guard let named = event.bytes("customer_id") else { return nil }
        return CustomerID(text: named)
    }

    /// Takes a `stage.inferred`. Where there are too many, those go first that say what the one before
    /// says, then the oldest.
    mutating func take(_ event: borrowing EventView) {
        guard let word = event.text("stage"), word.utf8.count <= MetricLimits.dimensionBytesMax
        else { return }
        let place =
            stages.firstIndex {
                ($0.occurred, $0.position) > (event.occurred, event.position)
            } ?? stages.count
        stages.insert(
            Stage(occurred: event.occurred, position: event.position, word: word), at: place)
        guard stages.count > MetricLimits.stagesKept else { return }
        var changes: [Stage] = []
        for stage in stages where changes.last?.word != stage.word { changes.append(stage) }
        stages = changes
        if stages.count > MetricLimits.stagesKept {
            stages.removeFirst()
            isCut = true
        }
    }

    /// The stage of a person as of a moment: what was said last of any of their customers. Nil before
    /// the first, unless older ones were forgotten: then the oldest that is kept holds.
    static func stage(at moment: Timestamp, of customers: [StageRow]) -> String? {
        func precedes(_ left: Stage, _ right: Stage) -> Bool {
            (left.occurred, left.position) < (right.occurred, right.position)
        }
        let said = customers.compactMap { row in row.stages.last { $0.occurred <= moment } }
        let oldest = customers.filter(\.isCut).compactMap(\.stages.first)
        return (said.max(by: precedes) ?? oldest.min(by: precedes))?.word
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "stage row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("stage row version", at: 0)
        }
        isCut = try reader.byte() == 1
        for _ in 0..<(try reader.count()) {
            let occurred = try reader.moment()
            let position = Position(try reader.varint())
            stages.append(
                Stage(occurred: occurred, position: position, word: try reader.text()))
        }
        guard reader.isAtEnd else { throw MalformedBytes("stage row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(isCut ? 1 : 0)
        row.append(varint: UInt64(stages.count))
        for stage in stages {
            row.append(zigzag: stage.occurred.rawValue)
            row.append(varint: stage.position.rawValue)
            row.append(text: stage.word)
        }
    }
}

internal import EventModel

/// How far one source's feed reaches, and where it was silent.
///
///     key  'u', text source
///     row  u8 version = 2; covered until by its own word, silent from: each 0, or 1 and int ms
///          UTC; u8 1 where its import is over; num gaps, then each: int from, int length
struct SourceRow: RowRecord {
    static let prefix = UInt8(ascii: "u")
    private static let version: UInt8 = 2
    /// Gaps kept, the last ones.
    private static let gapsMax = 256

    /// What an event says of its feed.
    enum Change {
        case covered
        case silent
        case resumed

        init?(_ event: borrowing EventView) {
            let type = event.type
            if type.equals("source.heartbeat") || type.equals("import.completed") {
                self = .covered
            } else if type.equals("source.silent") {
                self = .silent
            } else if type.equals("source.resumed") || type.equals("source.restarted") {
                self = .resumed
            } else {
                return nil
            }
        }
    }

    struct Gap: Equatable {
        var from: Timestamp
        var to: Timestamp
    }

    /// How far it has told everything, by its own word.
    private var said: Timestamp?
    /// How far it had come when it fell silent; nil while it is heard.
    private var silentFrom: Timestamp?
    /// Whether its last word was that its import is over: nothing more is expected of it.
    private(set) var isOver = false
    private(set) var gaps: [Gap] = []

    init() {}

    var isEmpty: Bool { said == nil && silentFrom == nil && gaps.isEmpty }

    /// How far it has told everything; nil where nobody says.
    var coveredUntil: Timestamp? { silentFrom ?? said }

    var isSilent: Bool { silentFrom != nil }

    /// The feed an event is about: what it names, else the source it comes from.
    static func writeKey(of event: borrowing EventView, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        if let feed = event.bytes("feed") {
            key.append(keyText: feed)
        } else {
            key.append(keyText: event.source)
        }
    }

    mutating func apply(_ change: Change, _ event: borrowing EventView) {
        var told: Timestamp?
        if let said = event.time("covered_until") { told = event.believed(said) }
        switch change {
        case .covered: break
        case .silent: silentFrom = told ?? said ?? event.occurred
        case .resumed:
            // A feed that beats says no more of itself than its beats do: it was heard when it was.
            let end = max(told ?? event.occurred, event.occurred)
            if let silentFrom, silentFrom < end {
                gaps.append(Gap(from: silentFrom, to: end))
                if gaps.count > Self.gapsMax { gaps.removeFirst() }
            }
            silentFrom = nil
        }
        // What the daemon says of a silence is no promise of the feed's to go on saying.
        isOver = event.type.equals("import.completed")
        if let told, !Reserved.isSource(event.source) { said = max(said ?? told, told) }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "source row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("source row version", at: 0)
        }
        said = try reader.optionalMoment()
        silentFrom = try reader.optionalMoment()
        isOver = try reader.byte() == 1
        for _ in 0..<(try reader.count()) {
            let from = Timestamp(milliseconds: try reader.zigzag())
            let length = try reader.zigzag()
            gaps.append(Gap(from: from, to: from.advanced(byMilliseconds: length)))
        }
        guard reader.isAtEnd else { throw MalformedBytes("source row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(optionalMoment: said)
        row.append(optionalMoment: silentFrom)
        row.append(isOver ? 1 : 0)
        row.append(varint: UInt64(gaps.count))
        for gap in gaps {
            row.append(zigzag: gap.from.rawValue)
            row.append(zigzag: gap.to - gap.from)
        }
    }
}

/// When the last event that the view has seen was recorded.
///
///     key  'w'
///     row  u8 version = 1; int recorded
struct WatermarkRow: RowRecord {
    static let key = [UInt8(ascii: "w")]
    private static let version: UInt8 = 1

    var recorded: Timestamp?

    init() {}

    var isEmpty: Bool { recorded == nil }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "watermark row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("watermark row version", at: 0)
        }
        recorded = Timestamp(milliseconds: try reader.zigzag())
        guard reader.isAtEnd else { throw MalformedBytes("watermark row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(zigzag: recorded?.rawValue ?? 0)
    }
}

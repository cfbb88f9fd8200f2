internal import EventModel

/// Up to 64 positions of one stream, rising.
///
///     key  'c', u64 customer, 'k', u64 first position
///          'k', text interaction, u64 first position
///     row  u8 version = 1; num count, then each: num position, as the distance from the one before
///
/// The chunk of an interaction that still grows stands under the greatest number instead of its
/// first position, so that one look-up finds it; that of a customer in the customer's own row,
/// which changes with each of their events anyway.
struct TimelineChunk: RowRecord {
    static let prefix = UInt8(ascii: "k")
    /// The kind of those of a customer.
    static let kind = prefix
    static let version: UInt8 = 1
    /// Stands for the first position while the chunk grows.
    static let growing = UInt64.max

    /// The row as it is stored, to which positions are appended; empty without any.
    private var bytes: [UInt8] = []
    private var last: UInt64 = 0

    static var keptRowsMax: Int { ViewLimits.keptSmallRowsMax }

    init() {}

    var isEmpty: Bool { bytes.isEmpty }

    /// How long the stored form is.
    var byteCount: Int { bytes.count }

    /// Whether no more positions fit.
    var isFull: Bool { count == ViewLimits.timelineChunkPositionsMax }

    /// How many positions there are; fewer than 128, so that one byte holds their number.
    var count: Int { bytes.isEmpty ? 0 : Int(bytes[1]) }

    /// All positions, rising.
    var positions: [UInt64] {
        var positions: [UInt64] = []
        positions.reserveCapacity(count)
        forEach { positions.append($0) }
        return positions
    }

    /// The first position; there is one.
    var firstPosition: UInt64 {
        var first: UInt64?
        forEach { if first == nil { first = $0 } }
        guard let first else { preconditionFailure("a full chunk has positions") }
        return first
    }

    private func forEach(_ body: (UInt64) -> Void) {
        guard !bytes.isEmpty else { return }
        do throws(MalformedBytes) {
            var reader = unsafe ByteReader(bytes.span.bytes, of: "timeline row")
            _ = try reader.span(2)
            var last: UInt64 = 0
            while !reader.isAtEnd {
                last &+= try reader.varint()
                body(last)
            }
        } catch {
            preconditionFailure("the row was checked when it was read")
        }
    }

    /// Adds a position behind all others.
    mutating func append(_ position: UInt64) {
        if bytes.isEmpty {
            // As much as most interactions need.
            bytes.reserveCapacity(32)
            bytes.append(Self.version)
            bytes.append(0)
        }
        precondition(bytes[1] < ViewLimits.timelineChunkPositionsMax)
        bytes[1] += 1
        bytes.append(varint: position &- last)
        last = position
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "timeline row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("timeline row version", at: 0)
        }
        let count = Int(try reader.byte())
        guard count <= ViewLimits.timelineChunkPositionsMax else {
            throw MalformedBytes("timeline row count", at: 1)
        }
        for _ in 0..<count { last &+= try reader.varint() }
        guard reader.isAtEnd else { throw MalformedBytes("timeline row", at: reader.offset) }
        if count > 0 { bytes = row.copied() }
    }

    func encode(into row: inout [UInt8]) { unsafe row.append(bytes.span.bytes) }

    /// Writes the start of a customer's keys.
    static func writeStart(_ customer: CustomerID, to key: inout [UInt8]) {
        CustomerKey.begin(customer, kind, to: &key)
    }

    /// Writes the start of an interaction's keys; `interactionText` is its text part of a key.
    static func writeStart(interactionText: ArraySlice<UInt8>, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        unsafe key.append(interactionText.span.bytes)
    }

    /// Writes the start of an interaction's keys.
    static func writeStart(_ interaction: RawSpan, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: interaction)
    }
}

internal import EventModel

/// The call backs that an interaction asked for: where it comes to light late in which queues it
/// was, they move to another one.
///
///     key  'c', text interaction
///     row  u8 version = 1; num call backs, then each: text call back
struct CallbacksAsked: RowRecord {
    static let prefix = UInt8(ascii: "c")
    private static let version: UInt8 = 1
    /// More of one interaction stay in the queue in which they were asked for first.
    static let callbacksMax = 64

    /// By name.
    private(set) var callbacks: [String] = []

    init() {}

    var isEmpty: Bool { callbacks.isEmpty }

    mutating func add(_ callback: RawSpan) {
        guard callbacks.count < Self.callbacksMax else { return }
        let name = callback.text()
        callbacks.insert(name, at: callbacks.firstIndex { $0 > name } ?? callbacks.count)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "row of call backs asked for")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("version of a row of call backs asked for", at: 0)
        }
        for _ in 0..<(try reader.count()) { callbacks.append(try reader.text()) }
        guard reader.isAtEnd else {
            throw MalformedBytes("row of call backs asked for", at: reader.offset)
        }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(callbacks.count))
        for callback in callbacks { row.append(text: callback) }
    }
}

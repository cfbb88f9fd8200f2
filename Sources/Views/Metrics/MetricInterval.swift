internal import ContactCentre
internal import EventModel

/// The grid that figures are kept in: quarters of an hour and days, UTC, numbered from 1970.
enum MetricInterval {
    static let quarterMilliseconds: Int64 = 900_000
    static let dayMilliseconds: Int64 = 86_400_000

    static func quarter(of moment: Timestamp) -> Int32 {
        Int32(clamping: moment.rawValue.flooredQuotient(quarterMilliseconds))
    }

    static func day(of moment: Timestamp) -> Int32 {
        Int32(clamping: moment.rawValue.flooredQuotient(dayMilliseconds))
    }

    static func start(ofQuarter quarter: Int32) -> Timestamp {
        Timestamp(milliseconds: Int64(quarter) * quarterMilliseconds)
    }
}

/// Where a figure belongs: the parts of a key of the metrics view.
///
///     u8 prefix, u8 anchor or level, i32 interval or day, text queue, u8 channel, i32 recorded day
struct MetricPlace: Equatable {
    var prefix: UInt8
    var family: UInt8
    var interval: Int32
    var queue: String
    var channel: Channel
    var recordedDay: Int32

    func writeKey(to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(family)
        key.append(keySigned: interval)
        key.append(keyText: queue)
        key.append(channel.rawValue)
        key.append(keySigned: recordedDay)
    }

    /// Returns the start of all keys of one interval.
    static func start(_ prefix: UInt8, _ family: UInt8, _ interval: Int32) -> [UInt8] {
        var key = [prefix, family]
        key.append(keySigned: interval)
        return key
    }

    /// Reads a key.
    init(key: RawSpan) throws(ViewFault) {
        guard key.byteCount >= 6 else { throw .damaged(MalformedBytes("metric key", at: 0)) }
        prefix = key[0]
        family = key[1]
        interval = Self.signed(key, at: 2)
        let (queue, end) = try key.keyText(at: 6)
        self.queue = queue
        guard key.byteCount == end + 5, let channel = Channel(rawValue: key[end]) else {
            throw .damaged(MalformedBytes("metric key", at: end))
        }
        self.channel = channel
        recordedDay = Self.signed(key, at: end + 1)
    }

    init(
        _ prefix: UInt8, _ family: UInt8, _ interval: Int32, _ queue: String,
        _ channel: Channel, _ recordedDay: Int32
    ) {
        self.prefix = prefix
        self.family = family
        self.interval = interval
        self.queue = queue
        self.channel = channel
        self.recordedDay = recordedDay
    }

    private static func signed(_ key: RawSpan, at offset: Int) -> Int32 {
        Int32(bitPattern: key.load(bigEndian: UInt32.self, at: offset) ^ 0x8000_0000)
    }
}

internal import ContactCentre
internal import EventModel

/// Where a figure belongs: the parts of a key of the metrics view.
///
///     u8 prefix, u8 anchor or level, text queue, u8 channel, i32 interval or day, i32 recorded day
///
/// The queue comes before the interval: most questions are about one queue over some time.
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
        key.append(keyText: queue)
        key.append(channel.rawValue)
        key.append(keySigned: interval)
        key.append(keySigned: recordedDay)
    }

    /// Reads a key.
    init(key: RawSpan) throws(ViewFault) {
        guard key.byteCount >= 2 else { throw .damaged(MalformedBytes("metric key", at: 0)) }
        prefix = key[0]
        family = key[1]
        let (queue, end) = try key.keyText(at: 2)
        self.queue = queue
        guard key.byteCount == end + 9, let channel = Channel(rawValue: key[end]) else {
            throw .damaged(MalformedBytes("metric key", at: end))
        }
        self.channel = channel
        interval = key.keySigned(at: end + 1)
        recordedDay = key.keySigned(at: end + 5)
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

    /// Shows the rows of one family within intervals, queue by queue and channel by channel, each
    /// in the order of time. Complexity: O(rows shown), and one look-up per channel of each queue
    /// asked for, or there is.
    ///
    /// - Parameter starts: Told where the rows of the next queue and channel begin.
    static func rows<Reader: ViewReader & ~Copyable>(
        _ prefix: UInt8, _ family: UInt8, _ query: MetricsQuery, from first: Int32,
        below last: Int32, _ reader: borrowing Reader,
        starts: (MetricPlace) -> Void = { _ in },
        _ body: (_ place: MetricPlace, _ row: RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        guard let queues = query.queues else {
            return try rows(
                from: [prefix, family], below: [prefix, family + 1], query, first..<last, reader,
                starts, body)
        }
        for (index, queue) in queues.enumerated() where !queues[..<index].contains(queue) {
            var start = [prefix, family]
            start.append(keyText: queue)
            try rows(
                from: start, below: start.keyAfterPrefix, query, first..<last, reader, starts,
                body)
        }
    }

    /// Shows the rows of the queues between two keys.
    private static func rows<Reader: ViewReader & ~Copyable>(
        from start: [UInt8], below end: [UInt8], _ query: MetricsQuery, _ intervals: Range<Int32>,
        _ reader: borrowing Reader, _ starts: (MetricPlace) -> Void,
        _ body: (_ place: MetricPlace, _ row: RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        var next = start
        while let found = try firstPlace(of: reader, from: next, below: end) {
            var place = found
            guard query.counts(place.queue, place.channel) else {
                next = place.keyOfChannel(after: place.channel)
                continue
            }
            starts(place)
            let start = place.keyOfChannel(at: intervals.lowerBound)
            let bound = place.keyOfChannel(at: intervals.upperBound)
            let offset = start.count - 4
            try reader.rows(from: start, below: bound) { key, row throws(ViewFault) in
                guard key.byteCount == offset + 8 else {
                    throw .damaged(MalformedBytes("metric key", at: offset))
                }
                place.interval = key.keySigned(at: offset)
                place.recordedDay = key.keySigned(at: offset + 4)
                try body(place, row)
                return true
            }
            next = place.keyOfChannel(after: place.channel)
        }
    }

    private static func firstPlace<Reader: ViewReader & ~Copyable>(
        of reader: borrowing Reader, from start: [UInt8], below end: [UInt8]
    ) throws(ViewFault) -> MetricPlace? {
        var found: MetricPlace?
        try reader.rows(from: start, below: end) { key, _ throws(ViewFault) in
            found = try MetricPlace(key: key)
            return false
        }
        return found
    }

    private func keyOfChannel(at interval: Int32) -> [UInt8] {
        var key = keyOfQueue
        key.append(channel.rawValue)
        key.append(keySigned: interval)
        return key
    }

    private func keyOfChannel(after channel: Channel) -> [UInt8] {
        var key = keyOfQueue
        key.append(channel.rawValue + 1)
        return key
    }

    private var keyOfQueue: [UInt8] {
        var key = [prefix, family]
        key.append(keyText: queue)
        return key
    }
}

extension RawSpan {
    /// Reads a signed number of a key, whose bytes are there.
    func keySigned(at offset: Int) -> Int32 {
        Int32(bitPattern: load(bigEndian: UInt32.self, at: offset) ^ 0x8000_0000)
    }
}

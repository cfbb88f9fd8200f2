internal import EventModel
internal import LMDB

extension IndexRun {
    /// Reads the list of complete runs and their filters; nil when it is not what was written.
    static func read(
        _ list: [UInt8], _ opened: OpenIndex, in transaction: borrowing ReadTransaction
    ) throws(LMDBError) -> [IndexRun]? {
        let bytes = list.rawSpan
        let count = list.count / 8
        guard count <= IndexLimits.runsMax else { return nil }
        let filters = opened.databases[2]
        let hasFilters = try transaction.statistics(filters).entries > 0
        var runs: [IndexRun] = []
        var start: UInt32 = 0
        for index in 0..<count {
            let positions = bytes.load(littleEndian: UInt32.self, at: index * 8)
            let streams = bytes.load(littleEndian: UInt32.self, at: index * 8 + 4)
            guard positions > 0, UInt64(positions) <= IndexLimits.positionsPerSegment,
                UInt64(start) == UInt64(index) * IndexLimits.eventsPerRun
            else { return nil }
            let number = UInt16(index)
            var own: Filters?
            if hasFilters {
                guard
                    let ids = try RunFilterRecord.ids.filter(
                        run: number, keys: Int(positions), filters, in: transaction),
                    let named = try RunFilterRecord.streams.filter(
                        run: number, keys: Int(streams), filters, in: transaction)
                else { return nil }
                own = Filters(ids: ids, streams: named)
            }
            runs.append(
                IndexRun(
                    number: number, start: start, count: positions, streamCount: streams,
                    filters: own))
            start += positions
        }
        return runs
    }
}

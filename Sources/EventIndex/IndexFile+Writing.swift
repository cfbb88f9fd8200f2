internal import EventModel
internal import LMDB

extension IndexFile {
    /// Writes a sealed tail as the next run, in one transaction; readers see it from then on.
    ///
    /// The tail begins where the index ends, and every run but a segment's last is full. Called by
    /// one thread at a time, which may be another each time.
    ///
    /// - Throws: `storage`, also when there is no room: nothing of the run is then stored, and the
    ///   same tail can be written later. `damaged` when LMDB finds its pages wrong.
    @available(*, noasync)
    public func write(_ tail: TailIndex) throws(IndexError) {
        precondition(tail.isSealed && tail.count > 0, "a run is written of a tail that is sealed")
        precondition(tail.first == end, "runs follow each other without a gap")
        var runs = runs
        let start = UInt32(tail.first.rawValue - first.rawValue)
        precondition(
            UInt64(start) == UInt64(runs.count) * IndexLimits.eventsPerRun
                && runs.count < IndexLimits.runsMax, "only a segment's last run is not full")
        let run = IndexRun(
            number: UInt16(runs.count), start: start, count: UInt32(tail.count),
            streamCount: UInt32(tail.streamCount), filters: Self.filters(of: tail))
        runs.append(run)
        var sink = try LeafSink(environment)
        try writeIDs(of: tail, run, to: &sink)
        try writeStreams(of: tail, run, to: &sink)
        try writeFilters(of: run, to: &sink)
        try IndexMeta.runs.put(IndexMeta.runs(runs), meta, in: &sink)
        try sink.commit()
        publish(run)
    }

    private static func filters(of tail: TailIndex) -> IndexRun.Filters {
        let bits = IndexLimits.runFilterBitsPerKey
        var ids = IndexFilter(keys: tail.count, bitsPerKey: bits)
        for hash in tail.chains.ids.hashes { ids.insert(hash.high) }
        var streams = IndexFilter(keys: tail.streamCount, bitsPerKey: bits)
        for hash in tail.chains.streams.hashes { streams.insert(hash.high) }
        return IndexRun.Filters(ids: ids, streams: streams)
    }

    private func writeIDs(
        of tail: TailIndex, _ run: IndexRun, to sink: inout LeafSink
    ) throws(IndexError) {
        var builder = IDLeafBuilder(ids, run: run.number)
        for entry in NumberedHash.ids(tail.chains.ids.hashes) {
            try builder.append(
                hash: entry.hash.high, offset: run.start + entry.number, to: &sink)
        }
        try builder.finish(to: &sink)
    }

    private func writeStreams(
        of tail: TailIndex, _ run: IndexRun, to sink: inout LeafSink
    ) throws(IndexError) {
        var builder = StreamLeafBuilder(streams, run: run.number)
        let chains = tail.chains
        for stream in NumberedHash.streams(chains.streams.hashes) {
            builder.begin(stream.hash)
            var entry = chains.ends[Int(stream.number)].oldest
            while entry != TailChains.none {
                let found = chains.entries[Int(entry)]
                try builder.append(run.start + found.offset, to: &sink)
                entry = found.next
            }
        }
        try builder.finish(to: &sink)
    }

    private func writeFilters(
        of run: IndexRun, to sink: inout LeafSink
    ) throws(IndexError) {
        guard let own = run.filters else { return }
        try RunFilterRecord.ids.append(own.ids, run: run.number, filters, to: &sink)
        try RunFilterRecord.streams.append(own.streams, run: run.number, filters, to: &sink)
    }
}

internal import ContactCentre
internal import EventModel

/// A queue at the moment of asking, for somebody in it or at its end.
struct WaitState {
    /// How many are served before.
    var ahead = 0
    /// Agents who serve the queue on one channel, that of who is asked about, else the one with most:
    /// those who could be offered its work but for their slots, and at least those who are on a
    /// contact of it, whatever they will do then.
    var agents: Int64 = 0
    /// Of these, those with a free slot.
    var free: Int64 = 0
    /// When the stay began of who is asked about.
    var entered: Timestamp?
    /// What they were told last.
    var announced: WaitAnnouncement?
    /// Whether the feed that told of the wait is silent: nobody knows whether they still wait.
    var isUnknown = false

    /// Reads it; nil for an unknown queue, or an interaction that does not wait in it.
    static func read<Reader: ViewReader & ~Copyable>(
        _ queue: String, _ interaction: String?, _ reader: borrowing Reader
    ) throws(ViewFault) -> WaitState? {
        var key: [UInt8] = []
        QueueStaff.writeKey(queue, to: &key)
        let staff = try QueueStaff.decoded(try reader.row(key))
        let counts = try QueueCounts.decoded(try reader.row(QueueCounts.key(queue)))
        guard staff != nil || counts != nil else { return nil }
        var state = WaitState()
        guard let interaction else {
            try state.count(Channel.allCases, staff ?? QueueStaff(), queue, reader)
            state.ahead = Int(clamping: max(0, counts?.waiting ?? 0))
            return state
        }
        guard let found = try InteractionRecord.state(of: interaction, reader),
            let open = found.openStay, found.stays[open].queue == queue
        else { return nil }
        try state.count([found.channel], staff ?? QueueStaff(), queue, reader)
        state.entered = found.stays[open].entered
        state.announced = found.stays[open].announced
        state.isUnknown = try FeedState.read(queue, reader).isSilent(found.teller)
        state.ahead = try place(of: interaction, in: queue, reader)
        return state
    }

    /// Counts who serves the queue, on that of some channels where most do.
    private mutating func count<Reader: ViewReader & ~Copyable>(
        _ channels: [Channel], _ staff: QueueStaff, _ queue: String, _ reader: borrowing Reader
    ) throws(ViewFault) {
        let served = try QueuesView.served(
            in: queue, reader, atMost: ViewLimits.servedContactsCounted)
        for channel in channels {
            let own = staff.channels.first { $0.channel == channel }?.counts ?? QueueStaff.Counts()
            let busy = Set(served.filter { $0.place.channel == channel }.map(\.place.agent))
            let serving = max(own.eligible, Int64(busy.count))
            guard serving > agents else { continue }
            (agents, free) = (serving, own.free)
        }
    }

    /// How many stand before an interaction, in the order of being served.
    private static func place<Reader: ViewReader & ~Copyable>(
        of interaction: String, in queue: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> Int {
        var start = [WaitingRow.prefix]
        start.append(keyText: queue)
        let nameOffset = WaitingRow.interactionOffset(inKeyOf: queue)
        var ahead = 0
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
            if try key.keyText(at: nameOffset).text == interaction { return false }
            ahead += 1
            return true
        }
        return ahead
    }

    /// The queue as a model; nil where nothing is known of handling times, or nobody serves.
    func erlang(_ sample: WaitSample, _ now: Timestamp) -> Erlang? {
        guard let handling = sample.handling, agents > 0 else { return nil }
        return Erlang(
            arrivals: sample.arrivals(until: now), service: 1 / handling,
            agents: Int(clamping: agents), impatience: sample.patience.map { 1 / $0 } ?? 0)
    }
}

internal import EventLog
internal import EventModel

/// The channels of interactions, for events that name none themselves: the first that one of the
/// interaction's `CommandLimits.channelEventsReadMax` oldest events names.
///
/// An event is asked with its own position, and only what came before it counts: whoever reads the
/// log again later gets the same answer as who read it when it was new.
struct InteractionChannels: ~Copyable {
    private struct Finding {
        /// Empty where none of the oldest events names one.
        let channel: [UInt8]
        /// The event that names it.
        let since: Position
    }

    private var reader: LogReader
    private var known: [[UInt8]: Finding] = [:]
    /// How many interactions had to be looked up.
    private(set) var lookups = 0

    init(_ log: EventLog) throws(EventLogError) { reader = try log.makeHidingReader() }

    /// Returns the channel of an interaction as of one of its events; empty where it has none.
    mutating func channel(
        of interaction: [UInt8], at position: Position, _ writer: LogWriter
    ) throws(EventLogError) -> [UInt8] {
        let finding: Finding
        if let kept = known[interaction] {
            finding = kept
        } else {
            guard let found = try find(interaction, writer) else { return [] }
            if known.count >= FollowLimits.channelsKeptMax { known.removeAll() }
            known[interaction] = found
            finding = found
        }
        return position >= finding.since ? finding.channel : []
    }

    /// Returns nil where a later event may still name the channel.
    private mutating func find(
        _ interaction: [UInt8], _ writer: LogWriter
    ) throws(EventLogError) -> Finding? {
        lookups += 1
        let stream = StreamName(.interaction, interaction)
        var oldest: [Position] = []
        try writer.positions(
            of: stream, from: Position(1), limit: CommandLimits.channelEventsReadMax,
            into: &oldest)
        for position in oldest {
            var channel: [UInt8] = []
            do throws(ReadFailure<Never>) {
                _ = try reader.event(at: position) { (event) throws(Never) in
                    guard stream.contains(event), let named = event.bytes("channel") else { return }
                    channel = named.copied()
                }
            } catch {
                switch error {
                case .log(let error): throw error
                }
            }
            if !channel.isEmpty { return Finding(channel: channel, since: position) }
        }
        return oldest.count < CommandLimits.channelEventsReadMax
            ? nil : Finding(channel: [], since: .zero)
    }
}

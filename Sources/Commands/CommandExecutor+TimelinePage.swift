internal import EventLog
internal import EventModel
internal import RESP
internal import Views

/// A page of TIMELINE while it is written: positions in the order wanted, each event read once, with
/// a bound on how many are read, so that a filter that matches nothing keeps nobody waiting.
struct TimelinePage {
    /// How many events stand in it.
    var shown = 0
    /// How many events have been read for it.
    var read = 0
    /// The channels of interactions, as far as they were asked for; empty where none is named.
    var channels: [[UInt8]: [UInt8]] = [:]

    /// Whether no more may be added: the next page takes up the rest.
    func isFull(_ query: TimelineQuery, _ json: JSONWriter) -> Bool {
        let most =
            query.channel == nil
            ? CommandLimits.timelineEventsReadMax : CommandLimits.timelineChannelEventsReadMax
        return shown == query.count || read >= most
            || json.count >= query.bytesMax
    }
}

extension CommandExecutor {
    /// Writes the events of a page as an array.
    ///
    /// - Returns: Where the next page begins; nil when this is the last.
    func writePage<Source: TimelineSource & ~Copyable>(
        _ query: TimelineQuery, from source: borrowing Source, to json: inout JSONWriter
    ) throws(CommandError) -> Position? {
        var page = TimelinePage()
        var start = query.start
        var positions: [Position] = []
        json.beginArray()
        while true {
            // One more than is wanted tells whether this page is the last.
            let limit = min(query.count - page.shown + 1, CommandLimits.timelinePositionsPerStep)
            positions.removeAll(keepingCapacity: true)
            try source.find(start, limit: limit, into: &positions)
            if let last = query.past?.last { positions.removeAll { $0 > last } }
            for position in positions {
                if page.isFull(query, json) {
                    json.endArray()
                    return start.bound(beginningWith: position)
                }
                start = start.behind(position)
                try add(position, query, to: &page, &json)
            }
            if positions.count < limit { break }
        }
        json.endArray()
        return nil
    }

    /// Reads an event and writes it where it is wanted.
    private func add(
        _ position: Position, _ query: TimelineQuery, to page: inout TimelinePage,
        _ json: inout JSONWriter
    ) throws(CommandError) {
        page.read += 1
        var interaction: [UInt8]?
        var isShown = false
        try read(position) { event in
            guard query.mayWant(event) else { return }
            if let channel = query.channel {
                guard let own = event.bytes("channel") else {
                    if let name = event.bytes("interaction") { interaction = name.copied() }
                    return
                }
                guard unsafe own.equals(channel.span.bytes) else { return }
            }
            EventDocument.write(event, to: &json)
            isShown = true
        }
        if let interaction, try channel(of: interaction, query.past?.last, &page) == query.channel {
            try read(position) { event in EventDocument.write(event, to: &json) }
            isShown = true
        }
        page.shown += isShown ? 1 : 0
    }

    /// The channel of an interaction: the first that one of its oldest events names; empty where
    /// none does, as of the last event that counts.
    private func channel(
        of interaction: [UInt8], _ last: Position?, _ page: inout TimelinePage
    ) throws(CommandError) -> [UInt8] {
        if let known = page.channels[interaction] { return known }
        var oldest: [Position] = []
        try readingLog { () throws(EventLogError) in
            try writer.positions(
                of: StreamName(.interaction, interaction), from: Position(1),
                limit: CommandLimits.channelEventsReadMax, into: &oldest)
        }
        var found: [UInt8] = []
        for position in oldest where found.isEmpty && position <= last ?? position {
            page.read += 1
            try read(position) { event in
                if let channel = event.bytes("channel") { found = channel.copied() }
            }
        }
        page.channels[interaction] = found
        return found
    }

    /// Shows an event.
    func read(
        _ position: Position, _ body: (borrowing EventView) -> Void
    ) throws(CommandError) {
        do throws(ReadFailure<Never>) {
            _ = try reader.event(at: position) { (event) throws(Never) in body(event) }
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            }
        }
    }
}

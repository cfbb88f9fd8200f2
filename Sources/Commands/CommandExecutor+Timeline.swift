internal import ContactCentre
internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// TIMELINE: the events of a customer or an interaction, newest first.
///
///     {"position":…,"customer":"c_…" or "interaction":"…","before":…,"events":[…]}
///
/// `before` is what the next page's BEFORE is; absent on the last page.
extension CommandExecutor {
    func timeline(
        _ arguments: borrowing ArgumentReader, _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let name = arguments.bytes("identifier-or-interaction") ?? []
        let count =
            try arguments.integer("COUNT", in: 1...CommandLimits.eventsPerReplyMax)
            ?? CommandLimits.eventsPerReplyDefault
        let channel = try arguments.text("CHANNEL")
        let before = try arguments.position("BEFORE")
        guard let stream = try stream(name) else { return false }
        let page = try page(stream, before: before, count: Int(count), channel: channel)
        guard !page.positions.isEmpty || before != nil || channel != nil else { return false }
        json.beginObject()
        json.field("position", page.reflects)
        switch stream {
        case .customer(let customer): json.field("customer", customer.description)
        case .interaction(let id): json.field("interaction", id)
        }
        if let next = page.next { json.field("before", next) }
        json.key("events")
        json.beginArray()
        for position in page.positions { try write(position, &json) }
        json.endArray()
        json.endObject()
        return true
    }

    private struct Page {
        var positions: [Position] = []
        var next: Position?
        var reflects = Position.zero
    }

    /// A person where the words resolve to one, else an interaction of that name.
    private func stream(_ name: [UInt8]) throws(CommandError) -> Timeline.Stream? {
        let text = unsafe name.span.bytes
        guard text.isUTF8 else { return nil }
        if let customer = try resolve(name).first { return .customer(customer) }
        let prefix: StaticString = "interaction:"
        let start = text.starts(with: prefix) ? prefix.utf8CodeUnitCount : 0
        return .interaction(text.extracting(start..<text.byteCount).text())
    }

    private func page(
        _ stream: Timeline.Stream, before: Position?, count: Int, channel: String?
    ) throws(CommandError) -> Page {
        do throws(ViewFault) {
            let snapshot = try views.customers.snapshot()
            var page = Page(reflects: snapshot.position)
            var bound = before
            var scanned = 0
            while page.positions.count < count, scanned < Int(CommandLimits.eventsScannedMax) {
                let more = try Timeline.positions(
                    of: stream, before: bound, count: count + 1, snapshot)
                for position in more {
                    guard page.positions.count < count else {
                        page.next = bound
                        return page
                    }
                    bound = position
                    if try has(channel, position, snapshot) { page.positions.append(position) }
                }
                scanned += more.count
                guard more.count > count else { return page }
            }
            page.next = bound
            return page
        } catch {
            throw .view(error)
        }
    }

    /// Whether an event belongs to a channel: its own, or else that of its interaction.
    private func has(
        _ channel: String?, _ position: Position, _ snapshot: borrowing ViewSnapshot
    ) throws(ViewFault) -> Bool {
        guard let channel else { return true }
        var own: String?
        var interaction: String?
        do throws(ReadFailure<Never>) {
            _ = try reader.event(at: position) { (event) throws(Never) in
                own = event.text("channel")
                interaction = event.text("interaction")
            }
        } catch {
            throw .storage("read of position \(position): \(error)")
        }
        if let own { return own == channel }
        guard let interaction else { return false }
        return try InteractionLookup.channel(of: interaction, snapshot).map { "\($0.word)" }
            == channel
    }

    private func write(
        _ position: Position, _ json: inout JSONWriter
    ) throws(CommandError) {
        do throws(ReadFailure<Never>) {
            _ = try reader.event(at: position) { (event) throws(Never) in
                EventDocument.write(event, to: &json)
            }
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            }
        }
    }
}

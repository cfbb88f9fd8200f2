internal import EventModel

/// One thing or fact as an object.
///
///     {"case":"k-7","state":"open","since":"…","position":…,"step":"refund","owner":"ana",…,
///      "events":[…]}
///
/// `position` is the event that brought the state, `events` are those that the other values come
/// from. Of several events that give a value the latest counts.
enum SubjectDocument {
    /// - Parameter link: What links the person to an incident, which has nobody of its own.
    static func write(
        _ subject: Subject, _ moment: CardMoment, hasHistory: Bool,
        linked link: SubjectState? = nil,
        to json: inout JSONWriter
    ) {
        json.beginObject()
        if !subject.kind.isFact { json.field(subject.kind.word, subject.name) }
        if subject.kind == .household { json.field("customer", subject.name) }
        if let order = subject.standing {
            write(order, subject.record, moment, to: &json)
        } else {
            write(subject.record.state(), to: &json)
            var written = noNames
            let trails = newestFirst(subject.record, part: nil, named: "")
            for trail in trails {
                trail.writeValues(of: trail.newest, to: &json, unless: &written)
            }
            writeEvents(trails, besides: subject.record.state()?.position, to: &json)
        }
        if let link {
            json.key("linked")
            json.beginObject()
            write(link, to: &json)
            json.endObject()
        }
        if hasHistory, subject.kind.isFact { writeEarlier(subject.record, to: &json) }
        json.endObject()
    }

    /// Room for the names of what most things have, at once.
    private static var noNames: [StaticString] {
        var names: [StaticString] = []
        names.reserveCapacity(16)
        return names
    }

    static func write(_ state: SubjectState?, to json: inout JSONWriter) {
        guard let state else { return }
        json.field("state", word: state.word)
        json.field("since", state.since)
        json.field("position", state.position)
    }

    /// The trails of the whole or a part, the latest first.
    private static func newestFirst(
        _ record: borrowing SubjectRecord, part: SubjectPart?, named name: String
    ) -> [Trail] {
        // Most things have one, and lists of it are all the same list.
        let all = record.trails
        let are = all.count { $0.part == name && $0.rule.part == part }
        let theirs = are == all.count ? all : all.filter { $0.part == name && $0.rule.part == part }
        return are < 2 ? theirs : theirs.sorted { Mark.precedes($1.newest, $0.newest) }
    }

    private static func writeEvents(
        _ trails: [Trail], besides known: Position?, to json: inout JSONWriter
    ) {
        var isBegun = false
        for trail in trails {
            let mark = trail.newest
            guard mark.position != known, !mark.values.isEmpty else { continue }
            if !isBegun {
                json.key("events")
                json.beginArray()
                isBegun = true
            }
            json.value(mark.position)
        }
        if isBegun { json.endArray() }
    }

    /// What was said of a fact before, the latest first.
    private static func writeEarlier(
        _ record: borrowing SubjectRecord, to json: inout JSONWriter
    ) {
        let current = record.state()?.position
        var earlier: [(trail: Trail, mark: Mark)] = []
        for trail in record.trails {
            for mark in trail.marks where mark.position != current { earlier.append((trail, mark)) }
        }
        earlier.sort { Mark.precedes($1.mark, $0.mark) }
        json.key("earlier")
        json.beginArray()
        for (trail, mark) in earlier {
            json.beginObject()
            json.field("state", word: trail.rule.state)
            json.field("since", mark.occurred)
            json.field("position", mark.position)
            var written: [StaticString] = []
            trail.writeValues(of: mark, to: &json, unless: &written)
            json.endObject()
        }
        json.endArray()
    }

    // --- Orders -----------------------------------------------------------------------------

    private static func write(
        _ order: OrderStanding, _ record: borrowing SubjectRecord, _ moment: CardMoment,
        to json: inout JSONWriter
    ) {
        write(order.state, to: &json)
        json.field("open", order.isOpen)
        json.field("placed", order.placed)
        if let position = order.placedPosition { json.field("placed_position", position) }
        write(order.lateness(moment), moment, to: &json)
        json.field("delivered", order.delivered)
        var written = noNames
        written.append("amount")
        written.append("promised_from")
        let trails = newestFirst(record, part: nil, named: "")
        for trail in trails { trail.writeValues(of: trail.newest, to: &json, unless: &written) }
        if !written.contains(where: { $0.isSame(as: "promised_to") }) {
            json.field("promised_to", order.promised)
        }
        write(record, .shipment, "shipments", to: &json)
        write(record, .pickup, "pickups", to: &json)
        write(record, .giveBack, "returns", to: &json)
        write(record, .refund, "refunds", to: &json)
    }

    static func write(
        _ lateness: OrderStanding.Lateness?, _ moment: CardMoment, to json: inout JSONWriter
    ) {
        switch lateness {
        case .by(let milliseconds): json.field("late_ms", milliseconds)
        case .still(let promised): moment.write("late_ms", ageSince: promised, to: &json)
        case nil: break
        }
    }

    private static func write(
        _ record: borrowing SubjectRecord, _ part: SubjectPart, _ key: StaticString,
        to json: inout JSONWriter
    ) {
        let names = record.parts(part)
        guard !names.isEmpty else { return }
        json.key(key)
        json.beginArray()
        for name in names {
            json.beginObject()
            json.key(part.word)
            json.value(name)
            write(record.state(of: part, named: name), to: &json)
            var written = noNames
            for trail in newestFirst(record, part: part, named: name) {
                trail.writeValues(of: trail.newest, to: &json, unless: &written)
            }
            json.endObject()
        }
        json.endArray()
    }
}

internal import ContactCentre
public import EventModel

/// CUSTOMER: what the customers view knows of one person.
///
///     {"position":…,"now":"…","customer":"c_…",
///      "identifiers":[{"kind":"phone","value":"…","strength":"line","first_seen":"…",
///                      "first_position":…,"last_seen":"…","last_position":…}],
///      "first_contact":"…","last_contact":"…",
///      "contacts":…,"answered":…,"abandoned":…,"channels":{"voice":…},"open_count":…,
///      "open":[…touchpoints…],
///      "touchpoints":[{"interaction":"…","channel":"voice","queue":"…","started":"…",
///                      "last":"…","state":"completed","resolution":"resolved","agent":"…",
///                      "wait_ms":…}]}
///
/// Touchpoints come newest first, `ViewLimits.touchpointsShown` of them.
public enum CustomerDocument {
    private typealias Line = (interaction: String, touchpoint: TouchpointRow.Touchpoint)

    /// Writes the document.
    ///
    /// - Returns: Whether the customer is known; if not, nothing is written.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ customer: CustomerID, now: Timestamp, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        let key = CustomerRecord.key(customer)
        guard let record = try CustomerRecord.decoded(try reader.row(key)) else { return false }
        let open = try openInteractions(of: customer, reader)
        let last = try lastTouchpoints(of: customer, reader)
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.key("customer")
        json.value(customer)
        writeIdentifiers(record, &json)
        json.field("first_contact", record.firstContact)
        json.field("last_contact", record.lastContact)
        writeCounts(record.counts, &json)
        json.key("open")
        write(open, &json)
        json.key("touchpoints")
        write(last, &json)
        json.endObject()
        return true
    }

    private static func openInteractions<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Line] {
        var keys: [(interaction: String, key: [UInt8])] = []
        let start = OpenRow.start(customer)
        try reader.rows(
            from: start, below: CustomerRecord.end(of: start)
        ) { key, row throws(ViewFault) in
            guard let started = try OpenRow.decoded(row).started else { return true }
            let (name, _) = try key.keyText(at: start.count)
            let text = key.extracting(start.count..<key.byteCount).copied()
            keys.append((name, TouchpointRow.key(customer, started, text[...])))
            return keys.count < ViewLimits.openInteractionsShown
        }
        var found: [Line] = []
        for (name, key) in keys {
            guard let row = try TouchpointRow.decoded(try reader.row(key)),
                let touchpoint = row.touchpoint
            else { continue }
            found.append((name, touchpoint))
        }
        return found
    }

    private static func lastTouchpoints<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Line] {
        var found: [Line] = []
        let start = TouchpointRow.start(customer)
        try reader.rowsBackward(
            from: start, below: CustomerRecord.end(of: start)
        ) { key, row throws(ViewFault) in
            guard let touchpoint = try TouchpointRow.decoded(row).touchpoint else { return true }
            found.append((try key.keyText(at: TouchpointRow.interactionOffset).text, touchpoint))
            return found.count < ViewLimits.touchpointsShown
        }
        return found
    }

    private static func writeIdentifiers(_ record: CustomerRecord, _ json: inout JSONWriter) {
        json.key("identifiers")
        json.beginArray()
        for identifier in record.identifiers {
            json.beginObject()
            json.field("kind", identifier.kind)
            json.field("value", identifier.value)
            json.field("strength", word: identifier.strength.word)
            json.field("first_seen", identifier.firstSeen)
            json.field("first_position", identifier.firstPosition)
            json.field("last_seen", identifier.lastSeen)
            json.field("last_position", identifier.lastPosition)
            json.endObject()
        }
        json.endArray()
    }

    private static func writeCounts(_ counts: CustomerCounts, _ json: inout JSONWriter) {
        json.field("contacts", counts.contacts)
        json.field("answered", counts.answered)
        json.field("abandoned", counts.abandoned)
        json.key("channels")
        json.beginObject()
        for count in counts.channels { json.field(count.channel.word, count.contacts) }
        json.endObject()
        json.field("open_count", counts.open)
    }

    private static func write(_ lines: [Line], _ json: inout JSONWriter) {
        json.beginArray()
        for (interaction, touchpoint) in lines {
            json.beginObject()
            json.field("interaction", interaction)
            json.field("channel", word: touchpoint.channel.word)
            json.field("queue", touchpoint.queue)
            json.field("started", touchpoint.started)
            json.field("last", touchpoint.last)
            json.field("state", word: touchpoint.state.word)
            json.field("resolution", word: touchpoint.resolution?.word)
            json.field("agent", touchpoint.agent)
            json.field("wait_ms", touchpoint.waitMilliseconds)
            json.endObject()
        }
        json.endArray()
    }
}

extension CustomerRecord {
    /// Returns the key after all that start with a prefix byte and a customer.
    fileprivate static func end(of start: [UInt8]) -> [UInt8] {
        let next = start[1...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } &+ 1
        guard next != 0 else { return [start[0] + 1] }
        var end = [start[0]]
        end.append(bigEndian: next)
        return end
    }
}

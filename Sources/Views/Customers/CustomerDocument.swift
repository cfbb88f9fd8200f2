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
    /// Writes the document.
    ///
    /// - Returns: Whether the customer is known; if not, nothing is written.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ customer: CustomerID, now: Timestamp, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        let key = CustomerRecord.key(customer)
        guard let record = try CustomerRecord.decoded(try reader.row(key)) else { return false }
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
        try writeOpenInteractions(of: customer, reader, &json)
        json.key("touchpoints")
        try writeLastTouchpoints(of: customer, reader, &json)
        json.endObject()
        return true
    }

    private static func writeOpenInteractions<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        json.beginArray()
        var count = 0
        var touchpoint: [UInt8] = []
        let start = OpenRow.start(customer)
        try reader.rows(
            from: start, below: CustomerRecord.end(of: start)
        ) { key, row throws(ViewFault) in
            guard let started = try OpenRow.decoded(row).started else { return true }
            let name = key.extracting(start.count..<key.byteCount)
            TouchpointRow.writeKey(customer, started, name, to: &touchpoint)
            try reader.row(touchpoint) { (row) throws(ViewFault) in
                try TouchpointLine.decoded(row).write(nameIn: key, at: start.count, to: &json)
            }
            count += 1
            return count < ViewLimits.openInteractionsShown
        }
        json.endArray()
    }

    private static func writeLastTouchpoints<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        json.beginArray()
        var count = 0
        let start = TouchpointRow.start(customer)
        try reader.rowsBackward(
            from: start, below: CustomerRecord.end(of: start)
        ) { key, row throws(ViewFault) in
            try TouchpointLine.decoded(row)
                .write(nameIn: key, at: TouchpointRow.interactionOffset, to: &json)
            count += 1
            return count < ViewLimits.touchpointsShown
        }
        json.endArray()
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

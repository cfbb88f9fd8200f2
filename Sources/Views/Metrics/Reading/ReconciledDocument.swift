internal import ContactCentre
internal import EventModel

/// METRICS … RECONCILE source: what a source claims beside what its events say.
///
///     {"position":…,"window":{"from":"…","to":"…"},"source":"acd-1","claims":[
///       {"metric":"answered","from":"…","to":"…","queue":"billing","position":418,
///        "claimed":120,"ours":118,"n":118,"difference":2,
///        "ours_only":{"count":1,"interactions":["c-7"]},
///        "theirs_only":{"count":3,"interactions":["c-1",…]}}],"truncated":true}
///
/// `difference` is claimed less ours. Values of shares and scores are claimed in thousandths and shown
/// as they are meant. The last two are there where the claim is a count and names its contacts; a
/// claim that cannot be compared says why as `incomparable`.
public enum ReconciledDocument {
    /// Writes the document.
    ///
    /// - Parameter query: The window; conditions of queue and channel and named metrics leave out
    ///   claims about others.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, source: String, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(MetricsFault) {
        try DefinitionChoice.check(query.choices, in: reader)
        let found: (claims: [Claim], isWhole: Bool)
        let completeness: Completeness
        do throws(ViewFault) {
            found = try Claim.all(of: source, from: query.from, to: query.to, in: reader) { claim in
                (query.queues?.contains(claim.queue) ?? true)
                    && (query.channel ?? claim.channel) == claim.channel
                    && (query.only.isEmpty || query.only.contains(claim.metric))
            }
            completeness = try Completeness(of: query, from: reader)
        } catch {
            throw .view(error)
        }
        // All claims together may look at as many contacts as one answer may.
        var room = MetricLimits.contactsReadMax
        json.beginObject()
        json.field("position", reader.position)
        json.key("window")
        json.beginObject()
        json.field("from", query.from)
        json.field("to", query.to)
        json.endObject()
        json.field("source", source)
        json.key("claims")
        json.beginArray()
        for claim in found.claims {
            try write(claim, query, completeness, &room, reader, &json)
        }
        json.endArray()
        if !found.isWhole { json.field("truncated", true) }
        json.endObject()
    }

    private static func write<Reader: ViewReader & ~Copyable>(
        _ claim: Claim, _ asked: MetricsQuery, _ completeness: Completeness, _ room: inout Int,
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(MetricsFault) {
        json.beginObject()
        json.field("metric", claim.metric)
        json.field("from", claim.from)
        json.field("to", claim.to)
        if !claim.queue.isEmpty { json.field("queue", claim.queue) }
        if claim.channel != .unknown { json.field("channel", word: claim.channel.word) }
        if !claim.agent.isEmpty { json.field("agent", claim.agent) }
        json.field("position", claim.row.position)
        try compare(claim, asked, completeness, &room, reader, &json)
        json.endObject()
    }

    private static func compare<Reader: ViewReader & ~Copyable>(
        _ claim: Claim, _ asked: MetricsQuery, _ completeness: Completeness, _ room: inout Int,
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(MetricsFault) {
        guard let definition = MetricDefinition.named(claim.metric) else {
            json.field("claimed", claim.row.value)
            json.field("incomparable", "no metric has that name")
            return
        }
        guard !definition.isOfAgents else {
            json.field("claimed", claim.row.value)
            return json.field("incomparable", "what agents answered is held against nothing")
        }
        var query: MetricsQuery
        do throws(MetricsRefusal) {
            query = try MetricsQuery(
                from: claim.from, to: claim.to, anchor: asked.askedAnchor,
                queues: claim.queue.isEmpty ? nil : [claim.queue],
                channel: claim.channel == .unknown ? nil : claim.channel,
                targets: asked.namesTargets ? asked.targets : nil,
                shortAbandon: asked.namesShort ? asked.shortAbandon : nil,
                filters: claim.agent.isEmpty ? [] : [MetricsFilter(.agent, names: [claim.agent])],
                only: [claim.metric], windowDays: asked.windowDays)
        } catch {
            json.field("claimed", claim.row.value)
            json.field("incomparable", "\(error)")
            return
        }
        query.zones = asked.zones
        query.choices = asked.choices
        if let name = query.unsplit {
            json.field("claimed", claim.row.value)
            return json.field("incomparable", "\(MetricsRefusal.notSplit(metric: name))")
        }
        // Who is counted one by one, and who is listed, is looked at.
        let lists = definition.unit == .count && claim.namesContacts
        if lists || query.readsContacts || definition.isOfContacts {
            let most = room
            let contacts = try ContactScan.count(query, most: most, from: reader)
            guard contacts <= most else {
                json.field("claimed", claim.row.value)
                json.field(
                    "incomparable",
                    "more than \(MetricLimits.contactsReadMax) contacts would be looked at; ask for "
                        + "less of the time, or for one metric")
                return
            }
            room -= contacts
        }
        let table = try MetricsTable(
            [definition], query, MetricsLines(query, UTCOffsets()), completeness,
            bounds: try OwnBounds(of: query, in: reader), from: reader)
        let ours = table.value(of: definition, "")
        write(claim, definition, ours, &json)
        table.writeBounds(definition, "", to: &json)
        guard lists else { return }
        try writeContacts(claim, definition, query, reader, &json)
    }

    private static func write(
        _ claim: Claim, _ definition: MetricDefinition, _ ours: MetricValue,
        _ json: inout JSONWriter
    ) {
        switch definition.unit {
        case .share, .score, .steps:
            let claimed = Double(claim.row.value) / 1_000
            json.field("claimed", claimed)
            json.field("ours", ours.number)
            json.field("n", ours.n)
            json.field("difference", ours.number.map { claimed - $0 })
        case .count:
            json.field("claimed", claim.row.value)
            json.field("ours", ours.n)
            json.field("n", ours.n)
            let (difference, isBeyond) = claim.row.value.subtractingReportingOverflow(ours.n)
            json.field("difference", isBeyond ? nil : difference)
        case .milliseconds:
            json.field("claimed_ms", claim.row.value)
            json.field("ours_ms", ours.number)
            json.field("n", ours.n)
            json.field("difference_ms", ours.number.map { Double(claim.row.value) - $0 })
        }
    }

    private static func writeContacts<Reader: ViewReader & ~Copyable>(
        _ claim: Claim, _ definition: MetricDefinition, _ query: MetricsQuery,
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(MetricsFault) {
        let theirs = Set(claim.row.interactions)
        var ours: Set<String> = []
        try ContactScan.contacts(query, query.anchor(of: definition), from: reader) { contact in
            if contact.facts.contains(where: {
                !$0.isTakenBack && definition.uses.contains($0.measure)
            }) {
                ours.insert(contact.interaction)
            }
            return true
        }
        write(ours.subtracting(theirs), "ours_only", &json)
        write(theirs.subtracting(ours), "theirs_only", &json)
    }

    private static func write(
        _ names: Set<String>, _ key: StaticString, _ json: inout JSONWriter
    ) {
        json.key(key)
        json.beginObject()
        json.field("count", names.count)
        json.key("interactions")
        json.beginArray()
        for name in names.sorted().prefix(MetricLimits.reconciledContactsShown) {
            json.value(name)
        }
        json.endArray()
        json.endObject()
    }
}

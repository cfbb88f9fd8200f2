import ContactCentre
import EventLog
import EventModel
import LMDB
import Testing
import Views

@testable import Projecting

/// What views say, in the present and of the past.
extension BusyCentre {
    /// Notes what views say now, at the position of the log's head.
    mutating func note() throws {
        let position = store.log.head.position
        let identity = try store.views.identity.snapshot()
        let queues = try store.views.queues.snapshot()
        let metrics = try store.views.metrics.snapshot()
        let customers = try store.views.customers.snapshot()
        #expect(queues.position == position)
        var documents: [[UInt8]] = []
        try Self.writeQueues(now, queues, &documents)
        try Self.writeCells(metrics, &documents)
        try Self.writeWaits(now, queues, metrics, &documents)
        try Self.writeFigures(now, metrics, &documents)
        try Self.writeSignals(now, position, identity, customers, &documents)
        try Self.writeIdentity(identity, &documents)
        try Self.forEachPerson(at: position, identity) { (members) throws(ViewFault) in
            documents.append(try Self.card(members, now, customers))
        }
        said.append(Said(position: position, now: now, documents: documents))
    }

    /// What views say of a past moment now.
    func saidAgain(of moment: PastMoment, _ past: PastViews, _ now: Timestamp) throws -> [[UInt8]] {
        var documents: [[UInt8]] = []
        let (queues, metrics) = (try past.queues(at: moment), try past.metrics(at: moment))
        try Self.writeQueues(now, queues, &documents)
        try Self.writeCells(metrics, &documents)
        try Self.writeWaits(now, queues, metrics, &documents)
        try past.wholeMetrics(at: moment) { (view) throws(ViewFault) in
            try Self.telling { try Self.writeFigures(now, view, &documents) }
        }
        let identity = try past.identity()
        try past.wholeCustomers(at: moment) { (view) throws(ViewFault) in
            try Self.telling {
                try Self.writeSignals(now, moment.position, identity, view, &documents)
            }
        }
        try past.wholeIdentity(at: moment) { (view) throws(ViewFault) in
            try Self.telling { try Self.writeIdentity(view, &documents) }
        }
        try Self.forEachPerson(at: moment.position, identity) { (members) throws(ViewFault) in
            documents.append(
                try Self.card(members, now, past.customers(members, at: moment)))
        }
        return documents
    }

    private static func telling(_ body: () throws -> Void) throws(ViewFault) {
        do { try body() } catch { throw .storage("\(error)") }
    }

    private static func identifiers() -> [[UInt8]] {
        (0..<customers).map { Array("crm:\($0)".utf8) }
    }

    private static func forEachPerson(
        at position: Position, _ identity: borrowing ViewSnapshot,
        _ body: ([CustomerID]) throws(ViewFault) -> Void
    ) throws {
        for identifier in identifiers() {
            let found = try IdentityView.person(
                of: identifier.rawSpan, asOf: position, identity)
            if let found { try body(found.customers) }
        }
    }

    private static func card<Reader: ViewReader & ~Copyable>(
        _ members: [CustomerID], _ now: Timestamp, _ reader: borrowing Reader
    ) throws(ViewFault) -> [UInt8] {
        var json = JSONWriter()
        _ = try CustomerDocument.write(
            members, now: now,
            options: CardOptions(sections: CardSection.allCases, hasHistory: true), from: reader,
            to: &json)
        var card = JSONWriter()
        _ = try CustomerDocument.write(members, now: now, from: reader, to: &card)
        return json.bytes + card.bytes
    }

    private static func writeIdentity(
        _ identity: borrowing ViewSnapshot, _ documents: inout [[UInt8]]
    ) throws {
        for identifier in identifiers() + (0..<90).map({ Array("phone:+34\($0)".utf8) }) {
            guard let found = try IdentityView.person(of: identifier.rawSpan, identity) else {
                continue
            }
            var json = JSONWriter()
            try IdentityDocument.write(found, from: identity, to: &json)
            documents.append(json.bytes)
        }
    }

    private static func writeSignals(
        _ now: Timestamp, _ position: Position, _ identity: borrowing ViewSnapshot,
        _ customers: borrowing ViewSnapshot, _ documents: inout [[UInt8]]
    ) throws {
        var json = JSONWriter()
        try SignalsDocument.write(
            SignalKind.allCases, olderMilliseconds: 0, count: 50, now: now,
            members: { (customer) throws(ViewFault) in
                try IdentityView.person(ofCustomer: customer, asOf: position, identity)?.customers
                    ?? [customer]
            }, from: customers, to: &json)
        documents.append(json.bytes)
    }

    /// Figures that cells alone do not tell, and what is held against them.
    private static func writeFigures(
        _ now: Timestamp, _ metrics: borrowing ViewSnapshot, _ documents: inout [[UInt8]]
    ) throws {
        let (from, to) = window
        for query in [
            try MetricsQuery(
                from: from, to: to, step: .day,
                only: ["asa", "fcr_repeat_any", "csat", "sl_offered"]),
            try MetricsQuery(from: from, to: to, grouping: .agent),
        ] {
            var json = JSONWriter()
            try MetricsDocument.write(query, zone: UTCOffsets(), from: metrics, to: &json)
            documents.append(json.bytes)
        }
        var opened = JSONWriter()
        try OpenedDocument.write(
            try MetricsQuery(from: from, to: to, only: ["abandon_rate"]), from: metrics, to: &opened
        )
        documents.append(opened.bytes)
        var claims = JSONWriter()
        try ReconciledDocument.write(
            try MetricsQuery(from: from, to: to), source: "pbx", from: metrics, to: &claims)
        documents.append(claims.bytes)
        var card = JSONWriter()
        try ScorecardDocument.write(
            .times(from, to), MetricsConditions(), per: .queue, against: .periodBefore,
            zone: UTCOffsets(), from: metrics, to: &card)
        documents.append(card.bytes)
        var season = JSONWriter()
        var conditions = MetricsConditions()
        conditions.only = ["offered", "asa"]
        do throws(MetricsFault) {
            try SeasonDocument.write(
                SeasonQuestion(
                    name: "spring", against: nil, alignment: .day, likeForLike: nil), conditions,
                now: now, from: metrics, to: &season)
            documents.append(season.bytes)
        } catch {
            // Before its first version nobody knows the season.
            guard case .refused(.unknownSeason) = error else { throw error }
            documents.append([])
        }
    }

    private static var window: (from: Timestamp, to: Timestamp) {
        let day: Int64 = 86_400_000
        let start = Timestamp(milliseconds: FoldedStore.noon.milliseconds / day * day - 4 * day)
        return (start, start.advanced(byMilliseconds: 30 * day))
    }

    private static func writeQueues<Reader: ViewReader & ~Copyable>(
        _ now: Timestamp, _ reader: borrowing Reader, _ documents: inout [[UInt8]]
    ) throws {
        var json = JSONWriter()
        try QueuesView.writeQueues(
            QueuesQuery(count: 1_000), now: now, from: reader, to: &json)
        documents.append(json.bytes)
        for queue in queues {
            var json = JSONWriter()
            _ = try QueuesView.writeQueue(queue, now: now, from: reader, to: &json)
            documents.append(json.bytes)
            json = JSONWriter()
            _ = try WaitingDocument.write(queue, count: 30, now: now, from: reader, to: &json)
            documents.append(json.bytes)
            json = JSONWriter()
            let free = FreeAgentsQuery(
                queue: queue, channel: nil, skills: [], language: nil, count: 10)
            _ = try FreeAgentsDocument.write(free, now: now, from: reader, to: &json)
            documents.append(json.bytes)
        }
        var all = JSONWriter()
        try AgentsDocument.write(
            AgentsQuery(queue: nil, state: nil, count: 10), now: now, from: reader, to: &all)
        documents.append(all.bytes)
        for agent in agents {
            var json = JSONWriter()
            _ = try AgentDocument.write(agent, now: now, from: reader, to: &json)
            documents.append(json.bytes)
        }
        for call in stride(from: 0, to: 400, by: 7) {
            var json = JSONWriter()
            _ = try InteractionDocument.write("c-\(call)", now: now, from: reader, to: &json)
            documents.append(json.bytes)
        }
    }

    private static func writeWaits<
        Queues: ViewReader & ~Copyable, Metrics: ViewReader & ~Copyable
    >(
        _ now: Timestamp, _ reader: borrowing Queues, _ metrics: borrowing Metrics,
        _ documents: inout [[UInt8]]
    ) throws {
        for queue in queues {
            var json = JSONWriter()
            _ = try WaitDocument.write(
                queue, interaction: nil, now: now, from: reader, metrics: metrics, to: &json)
            documents.append(json.bytes)
        }
    }

    private static func writeCells<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ documents: inout [[UInt8]]
    ) throws {
        let (from, to) = window
        for anchor in [MetricAnchor.created, .offered, .ended] {
            var json = JSONWriter()
            let query = try MetricsQuery(
                from: from, to: to, anchor: anchor,
                queues: nil, channel: nil, step: .day, grouping: .queue)
            try MetricsDocument.write(query, zone: UTCOffsets(), from: reader, to: &json)
            documents.append(json.bytes)
        }
    }
}

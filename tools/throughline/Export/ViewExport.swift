import ArgumentParser
import EventLog
import EventModel
import Importing
import JSON
import Projecting
import Views

/// What an export can write of a view, a document each.
enum ExportedView: String, CaseIterable, ExpressibleByArgument {
    case customers, identity, interactions, queues, agents

    /// The columns of `--csv`, by the paths to them. Which there are never depends on the documents.
    var columns: [String] {
        switch self {
        case .customers:
            [
                "position", "customer", "identifiers", "first_contact", "last_contact", "contacts",
                "answered", "abandoned", "open_count", "stage.stage", "stage.since",
            ]
        case .identity: ["position", "customer", "strength", "customers", "identifiers"]
        case .interactions:
            [
                "position", "interaction", "state", "channel", "direction", "method", "queue",
                "customers", "created", "ended", "classification", "resolution", "abandon_phase",
                "disconnected_by", "customer_wait_ms", "transfers", "anomaly_count",
            ]
        case .queues:
            [
                "position", "queue", "waiting_count", "oldest.wait_ms", "in_service_count",
                "agents.members", "agents.online", "totals.contacts", "totals.offered",
                "totals.answered", "totals.abandoned", "totals.flowed_out", "totals.failed",
                "totals.expired", "totals.refused", "complete_until",
            ]
        case .agents:
            [
                "position", "agent", "version", "presence.presence", "presence.reason", "activity",
                "since", "state_ms", "idle_since", "team", "site",
            ]
        }
    }

    /// The line of names.
    var header: String { CSVText.line(columns.map { $0.replacing(".", with: "_") }) }

    /// The line of a document.
    func line(_ document: JSONValue) -> String {
        CSVText.line(
            columns.map { path in
                let names = path.split(separator: ".").map(String.init)
                return CSVText.field(names.reduce(JSONValue?.some(document)) { $0?[$1] } ?? .null)
            })
    }
}

/// Writes the documents of a view that was folded from a log.
struct ViewExport {
    /// Takes each document.
    typealias Writing = (JSONWriter) throws -> Void

    private let view: ExportedView
    private let folded: FoldedViews
    private let now: Timestamp

    /// - Parameter now: What ages are counted from.
    init(_ view: ExportedView, of folded: FoldedViews, now: Timestamp) {
        self.view = view
        self.folded = folded
        self.now = now
    }

    func run(_ write: Writing) throws {
        switch view {
        case .customers, .identity: try writePersons(write)
        case .interactions: try writeInteractions(write)
        case .queues: try writeQueues(write)
        case .agents: try writeAgents(write)
        }
    }

    /// Each person once, named by the oldest of their customers.
    private func writePersons(_ write: Writing) throws {
        let people = try folded.views.identity.snapshot()
        let customers = try folded.views.customers.snapshot()
        var ids: [CustomerID] = []
        try CustomerDocument.forEachCustomer(in: customers) { ids.append($0) }
        for id in ids {
            guard let person = try IdentityView.person(ofCustomer: id, people),
                try isFirst(id, of: person, customers)
            else { continue }
            var json = JSONWriter()
            if view == .identity {
                try IdentityDocument.write(person, from: people, to: &json)
                try write(json)
            } else if try CustomerDocument.write(
                person.customers, ending: person.ends, now: now, from: customers, to: &json)
            {
                try write(json)
            }
        }
    }

    /// Whether no other customer of the person, of whom something is known, comes before this one.
    private func isFirst(
        _ id: CustomerID, of person: PersonMatch, _ customers: borrowing ViewSnapshot
    ) throws(ViewFault) -> Bool {
        for other in person.customers where other.rawValue < id.rawValue {
            if try CustomerDocument.knows(other, in: customers) { return false }
        }
        return true
    }

    private func writeInteractions(_ write: Writing) throws {
        let queues = try folded.views.queues.snapshot()
        var names: [String] = []
        try InteractionDocument.forEachName(in: queues) { names.append($0) }
        for name in names {
            var json = JSONWriter()
            if try InteractionDocument.write(name, now: now, from: queues, to: &json) {
                try write(json)
            }
        }
    }

    private func writeQueues(_ write: Writing) throws {
        let queues = try folded.views.queues.snapshot()
        var all = JSONWriter()
        try QueuesView.writeQueues(
            QueuesQuery(count: .max - 1), now: now, from: queues, to: &all)
        for name in try Self.names("queue", in: "queues", of: all) {
            var json = JSONWriter()
            if try QueuesView.writeQueue(name, now: now, from: queues, to: &json) {
                try write(json)
            }
        }
    }

    private func writeAgents(_ write: Writing) throws {
        let queues = try folded.views.queues.snapshot()
        var all = JSONWriter()
        try AgentsDocument.write(
            AgentsQuery(queue: nil, state: nil, count: .max), now: now, from: queues, to: &all)
        for name in try Self.names("agent", in: "agents", of: all) {
            var json = JSONWriter()
            if try AgentDocument.write(name, now: now, from: queues, to: &json) {
                try write(json)
            }
        }
    }

    /// The names of what a document lists.
    private static func names(
        _ member: String, in list: String, of json: JSONWriter
    ) throws -> [String] {
        (try Document(json.bytes).value()[list]?.elements ?? []).compactMap { $0[member]?.text }
    }
}

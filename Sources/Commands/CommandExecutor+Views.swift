internal import ContactCentre
internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// CUSTOMER, INTERACTION, QUEUE, QUEUES, METRICS.
extension CommandExecutor {
    func runView(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        for view in command.action.views {
            if let execution = try whatToAwait(view, arguments, session) { return execution }
        }
        var json = JSONWriter()
        let found: Bool
        switch command.action {
        case .customer: found = try customer(arguments, &json)
        case .interaction: found = try interaction(arguments, &json)
        case .queue: found = try queue(arguments, &json)
        case .queues: found = try queues(&json)
        case .metrics: found = try metrics(command, arguments, &json)
        default: preconditionFailure("\(command.name) reads no view")
        }
        if found {
            session.replies.bulk(json.span)
        } else {
            session.replies.null()
        }
        return .answered
    }

    private func customer(
        _ arguments: borrowing ArgumentReader, _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let identifier = arguments.bytes("identifier") ?? []
        let now = environment.now()
        for customer in try resolve(identifier) {
            let isKnown = try reading { () throws(ViewFault) in
                let snapshot = try views.customers.snapshot()
                return try CustomerDocument.write(customer, now: now, from: snapshot, to: &json)
            }
            if isKnown { return true }
        }
        return false
    }

    /// Finds the customers behind `kind:value`, `c_…` or `interaction:<id>`.
    func resolve(_ identifier: [UInt8]) throws(CommandError) -> [CustomerID] {
        let text = unsafe identifier.span.bytes
        if let customer = CustomerID(text: text) { return [customer] }
        return try reading { () throws(ViewFault) in
            let prefix: StaticString = "interaction:"
            if text.starts(with: prefix) {
                let id = text.extracting(prefix.utf8CodeUnitCount..<text.byteCount).text()
                return try InteractionLookup.customers(of: id, try views.customers.snapshot())
            }
            let found = try IdentityView.customer(of: text, try views.identity.snapshot())
            return found.map { [$0] } ?? []
        }
    }

    private func interaction(
        _ arguments: borrowing ArgumentReader, _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let id = try arguments.text("id") ?? ""
        let now = environment.now()
        return try reading { () throws(ViewFault) in
            try InteractionDocument.write(id, now: now, from: views.queues.snapshot(), to: &json)
        }
    }

    private func queue(
        _ arguments: borrowing ArgumentReader, _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let name = try arguments.text("name") ?? ""
        let now = environment.now()
        return try reading { () throws(ViewFault) in
            try QueuesView.writeQueue(name, now: now, from: views.queues.snapshot(), to: &json)
        }
    }

    private func queues(_ json: inout JSONWriter) throws(CommandError) -> Bool {
        let now = environment.now()
        return try reading { () throws(ViewFault) in
            try QueuesView.writeQueues(now: now, from: views.queues.snapshot(), to: &json)
            return true
        }
    }
}

extension CommandAction {
    /// The views whose position a command's answer reflects; identity comes first where a person
    /// is looked up.
    var views: [ViewName] {
        switch self {
        case .customer, .timeline: [.identity, .customers]
        case .interaction, .queue, .queues, .waiting, .agent, .agents: [.queues]
        case .metrics: [.metrics]
        case .wait: [.queues, .metrics]
        default: []
        }
    }
}

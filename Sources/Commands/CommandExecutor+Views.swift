internal import ContactCentre
internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// The commands that answer with a document of the views.
extension CommandExecutor {
    func runView(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        for view in command.action.views {
            if let execution = try whatToAwait(view, arguments, session) { return execution }
        }
        for view in command.action.viewsIfServed where standing(of: view).isServed {
            if let execution = try whatToAwait(view, arguments, session) { return execution }
        }
        var json = document.take() ?? JSONWriter()
        json.removeAll()
        defer { document = json }
        let found: Bool
        switch command.action {
        case .customer: found = try customer(command, arguments, &json)
        case .signals: found = try signals(command, arguments, &json)
        case .interaction: found = try interaction(arguments, &json)
        case .queue: found = try queue(arguments, &json)
        case .waiting: found = try waiting(arguments, &json)
        case .agent: found = try agent(arguments, &json)
        case .agents: found = try agents(command, arguments, &json)
        case .wait: found = try wait(arguments, &json)
        default: preconditionFailure("\(command.name) reads no view")
        }
        if found {
            session.replies.bulk(json.span)
        } else {
            session.replies.null()
        }
        return .answered
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
        guard standing(of: .metrics).isServed else {
            return try writeQueue(name, now: now, to: &json)
        }
        return try reading { () throws(ViewFault) in
            let metrics = try views.metrics.snapshot()
            return try QueuesView.writeQueue(
                name, now: now, zones: environment.zone, from: views.queues.snapshot(), to: &json
            ) { json throws(ViewFault) in
                try QueuesView.writeLive(name, now: now, from: metrics, to: &json)
            }
        }
    }

    /// Writes what the queues view alone says of a queue.
    func writeQueue(
        _ name: String, now: Timestamp, tellsFeeds: Bool = true, to json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        try reading { () throws(ViewFault) in
            try QueuesView.writeQueue(
                name, now: now, tellsFeeds: tellsFeeds, zones: environment.zone,
                from: views.queues.snapshot(), to: &json)
        }
    }

}

extension CommandAction {
    /// The views whose position a command's answer reflects; identity comes first where a person
    /// is looked up.
    var views: [ViewName] {
        switch self {
        case .customer, .signals, .timeline, .lifecycle: [.identity, .customers]
        case .identity, .merge, .unmerge, .block: [.identity]
        case .waiting: [.identity, .queues]
        case .interaction, .queue, .queues, .agent, .agents: [.queues]
        case .metrics, .scorecard, .season: [.metrics]
        case .wait: [.queues, .metrics]
        default: []
        }
    }

    /// Views of which a part of the answer is told, and left out while they cannot be read: who waits
    /// is told all the same.
    fileprivate var viewsIfServed: [ViewName] { self == .queue ? [.metrics] : [] }
}

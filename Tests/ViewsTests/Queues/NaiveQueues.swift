import EventModel
import FoldTesting

/// Queues by plain loops over plain variables, written from the domain's table of states alone. It is
/// told of possible steps only, in their order.
struct NaiveQueues {
    struct Stay {
        var queue: String
        var priority: Int64
        var entered: Int64
        var first: Int64
        var isCallback: Bool
        var outcome: String?
    }

    struct Interaction {
        var state = "created"
        var queue = ""
        var isLeg = false
        var classification = "genuine"
        var stays: [Stay] = []
        var ringing: [(agent: String, id: String)] = []
        /// Who it is with, for which queue.
        var talk: (agent: String, queue: String, since: Int64, isHeld: Bool)?

        var isWaiting: Bool { stays.last.map { $0.outcome == nil } ?? false }
        var isOver: Bool { ["completed", "abandoned", "failed", "expired"].contains(state) }

        mutating func endStay(_ outcome: String) {
            guard isWaiting else { return }
            stays[stays.count - 1].outcome = outcome
        }
    }

    private(set) var interactions: [String: Interaction] = [:]
    private(set) var refused: [String: Int64] = [:]

    mutating func apply(_ happening: Happening) {
        func text(_ name: String) -> String? {
            for case (name, let value) in happening.attributes {
                switch value {
                case .text(let text), .ref(let text): return text
                default: continue
                }
            }
            return nil
        }
        guard let name = happening.interaction else {
            if happening.type == "entry.refused", let queue = text("queue") {
                refused[queue, default: 0] += 1
            }
            return
        }
        guard happening.type != "interaction.created" else {
            var interaction = Interaction()
            interaction.queue = text("queue") ?? ""
            interaction.isLeg = text("initial").map { $0 != name } ?? false
            interactions[name] = interaction
            return
        }
        interactions[name]?.take(happening, text)
    }
}

extension NaiveQueues.Interaction {
    fileprivate mutating func take(_ happening: Happening, _ text: (String) -> String?) {
        switch happening.type {
        case "selfservice.entered": state = "selfService"
        case "selfservice.left": state = isWaiting ? "queued" : "created"
        case "queue.entered":
            endStay("flowedOut")
            enter(happening, text)
            state = "queued"
        // The other half of a call back that was taken says nothing new.
        case "queue.left" where state != "callbackPending":
            endStay("flowedOut")
            state = "flowedOut"
        case "offer.made":
            ringing.append((text("agent") ?? "", text("offer_id") ?? ""))
            state = "offering"
        case "offer.accepted":
            answer(happening, text)
        case "offer.rejected", "offer.missed", "offer.rescinded", "offer.failed":
            forget(text)
            state = !ringing.isEmpty ? "offering" : isWaiting ? "queued" : "created"
        case "agent.connected": answer(happening, text)
        case "hold.started":
            talk?.isHeld = true
            state = "held"
        case "hold.ended":
            talk?.isHeld = false
            state = "connected"
        case "transfer.completed", "interaction.disconnected":
            talk = nil
            state = "disconnected"
        case "callback.requested":
            endStay("flowedOut")
            state = "callbackPending"
        case "interaction.abandoned":
            if state == "connected" || state == "held" {
                talk = nil
                state = "disconnected"
            } else {
                endStay("abandoned")
                state = "abandoned"
            }
        case "voicemail.left":
            endStay("flowedOut")
            state = "voicemail"
        case "wrapup.started":
            talk = nil
            state = "wrapUp"
        case "wrapup.ended": state = "completed"
        // What a machine settled was never with anybody: that is no step of the table.
        case "interaction.completed" where state != "created": state = "completed"
        case "interaction.failed":
            endStay("failed")
            talk = nil
            state = "failed"
        case "interaction.expired":
            endStay("expired")
            talk = nil
            state = "expired"
        case "interaction.inferredEnd":
            endStay("expired")
            talk = nil
            state = "completed"
        case "callback.reached", "callback.cancelled":
            if state == "callbackPending" { state = "completed" }
        case "callback.failed": if state == "callbackPending" { state = "failed" }
        case "callback.expired": if state == "callbackPending" { state = "expired" }
        case "contact.classified": classification = text("kind") ?? classification
        default: break
        }
    }

    private mutating func enter(_ happening: Happening, _ text: (String) -> String?) {
        var (priority, keepsPlace): (Int64, Bool) = (0, false)
        for (name, value) in happening.attributes {
            if name == "priority", case .integer(let number) = value { priority = number }
            if name == "keep_place", case .boolean(let flag) = value { keepsPlace = flag }
        }
        let first = keepsPlace ? stays.last?.first ?? happening.occurred : happening.occurred
        stays.append(
            NaiveQueues.Stay(
                queue: text("queue") ?? "", priority: priority, entered: happening.occurred,
                first: first, isCallback: text("stay_kind") == "callback"))
    }

    private mutating func answer(_ happening: Happening, _ text: (String) -> String?) {
        if happening.type == "offer.accepted" { forget(text) }
        let own = queue.isEmpty ? stays.first?.queue ?? "" : queue
        let served = isWaiting ? stays[stays.count - 1].queue : own
        endStay("answered")
        talk = (text("agent") ?? "", served, happening.occurred, false)
        state = "connected"
    }

    private mutating func forget(_ text: (String) -> String?) {
        if let place = ringing.firstIndex(where: { $0.id == text("offer_id") })
            ?? ringing.firstIndex(where: { $0.agent == text("agent") })
        {
            ringing.remove(at: place)
        }
    }
}

/// What is asked of a queue.
extension NaiveQueues {
    /// Who waits, the next to be served first.
    func waiting(in queue: String) -> [(name: String, stay: Stay)] {
        var found: [(name: String, stay: Stay)] = []
        for (name, interaction) in interactions where interaction.isWaiting {
            let stay = interaction.stays[interaction.stays.count - 1]
            if stay.queue == queue { found.append((name, stay)) }
        }
        return found.sorted {
            ($1.stay.priority, $0.stay.first, $0.name) < ($0.stay.priority, $1.stay.first, $1.name)
        }
    }

    /// Who is served, and by whom, by name.
    func served(for queue: String) -> [String] {
        interactions.compactMap { name, interaction in
            guard let talk = interaction.talk, talk.queue == queue else { return nil }
            return "\(name) \(talk.agent) \(talk.isHeld)"
        }.sorted()
    }

    /// How many stays ended so; nil counts all that count.
    func stays(in queue: String, _ outcome: String? = nil) -> Int64 {
        var count: Int64 = 0
        for interaction in interactions.values where interaction.classification == "genuine" {
            for stay in interaction.stays where stay.queue == queue && !stay.isCallback {
                if outcome == nil || stay.outcome == outcome { count += 1 }
            }
        }
        return count
    }

    /// Contacts that began for a queue.
    func contacts(of queue: String) -> Int64 {
        var count: Int64 = 0
        for interaction in interactions.values
        where !interaction.isLeg && interaction.classification == "genuine" {
            let own = interaction.queue.isEmpty ? interaction.stays.first?.queue : interaction.queue
            if own == queue { count += 1 }
        }
        return count
    }
}

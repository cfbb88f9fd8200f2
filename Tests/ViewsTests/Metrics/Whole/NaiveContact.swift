import EventModel
import FoldTesting

/// What a plain walk over the events of one interaction says of it.
struct NaiveContact {
    struct Stay {
        enum End { case answered, abandoned, flowedOut, callback, failed, expired }
        var queue: String
        var entered: Int64
        var isOffered: Bool
        var end: End?
        var left: Int64 = 0
        var agent = ""
        var announced: (at: Int64, expected: Int64, most: Int64)?
    }

    struct Talk {
        var agent: String
        var stay: Int?
        var queue: String
        var from: Int64
        /// Whether the agent was heard of on the line, and did not only accept.
        var isConnected: Bool
        var to: Int64?
        var isAbandoned = false
        var isTransferred = false
        var hold: Int64 = 0
        var holds = 0
        var heldSince: Int64?
    }

    struct Offer {
        enum End { case accepted, missed, rejected, abandoned, other }
        var agent: String
        var stay: Int
        var made: Int64
        var end: End?
        var ended: Int64 = 0
    }

    struct Message {
        var id: String
        var at: Int64
        var author: String
        /// Who wrote it, where a person of ours did and it says so.
        var agent = ""
        var isFailed = false
    }

    var id: String
    var person: String?
    var created: Int64 = 0
    var channel = ""
    var isOutbound = false
    var method = ""
    var createdQueue = ""
    var thread: String?
    var initial: String?
    var previous: String?
    var related: String?
    var isLeftOut = false
    var reasons: Set<String> = []
    var machines: [String] = []
    var machineLeft: [(outcome: String, at: Int64)] = []
    /// From when to when machines served it; open where nothing came after.
    var machineSpans: [(from: Int64, to: Int64?)] = []
    var asked: Int64?
    var steps: Int64 = 0
    var stays: [Stay] = []
    var offers: [Offer] = []
    var talk: Talk?
    var phase: String?
    var transfers: [String] = []
    var by: String?
    var failedAs: String?
    var wrapUp: (from: Int64, to: Int64?)?
    var disposed: String?
    var outcome: String?
    var ended: Int64?
    var reopenings: [Int64] = []
    var messages: [Message] = []
    var calledBack: Int64?
    var isCallbackLost = false

    var surveys: [NaiveSurvey] = []

    init(_ id: String, _ events: [Happening]) {
        self.id = id
        surveys = NaiveFigures.surveys(events)
        for event in events.sorted(by: { $0.occurred < $1.occurred }) { take(event) }
    }

    private mutating func take(_ event: Happening) {
        let at = event.occurred
        func text(_ name: String) -> String? {
            for (key, value) in event.attributes where key == name {
                if case .text(let text) = value { return text }
                if case .ref(let text) = value { return text }
            }
            return nil
        }
        func number(_ name: String) -> Int64 {
            for (key, value) in event.attributes where key == name {
                if case .integer(let number) = value { return number }
            }
            return 0
        }
        func isTrue(_ name: String) -> Bool {
            for (key, value) in event.attributes where key == name {
                if case .boolean(let isTrue) = value { return isTrue }
            }
            return false
        }
        let agent = text("agent") ?? ""
        switch event.type {
        case "interaction.created":
            created = at
            person = event.identifiers.first?.value
            channel = text("channel") ?? ""
            isOutbound = text("direction") == "outbound"
            method = text("method") ?? ""
            createdQueue = text("queue") ?? ""
            thread = text("thread")
            initial = text("initial")
            previous = text("previous")
            related = text("related")
        case "contact.classified": isLeftOut = text("kind") != "genuine"
        case "reason.set": reasons.insert(text("reason") ?? "")
        case "selfservice.entered":
            machines.append(text("flow") ?? "")
            machineSpans.append((at, nil))
        case "selfservice.left":
            machineLeft.append((text("outcome") ?? "", at))
            if let last = machineSpans.indices.last { machineSpans[last].to = at }
        case "selfservice.stepped": if asked != nil, talk == nil { steps += 1 }
        case "selfservice.humanRequested": asked = asked ?? at
        case "queue.entered":
            stays.append(
                Stay(
                    queue: text("queue") ?? "", entered: at,
                    isOffered: text("stay_kind") != "callback"))
        case "wait.announced":
            stays[stays.count - 1].announced = (at, number("expected_ms"), number("high_ms"))
        case "offer.made": offers.append(Offer(agent: agent, stay: stays.count - 1, made: at))
        case "offer.missed": end(agent, .missed, at)
        case "offer.rejected": end(agent, .rejected, at)
        case "offer.rescinded", "offer.failed": end(agent, .other, at)
        case "offer.accepted":
            end(agent, .accepted, at)
            answer(agent, at, isConnected: false)
        case "agent.connected": answer(agent, at, isConnected: true)
        case "hold.started":
            talk?.holds += 1
            talk?.heldSince = at
        case "hold.ended": endHold(at)
        case "interaction.abandoned": abandon(text("phase"), at)
        case "queue.left", "voicemail.left": endStay(.flowedOut, at)
        case "callback.requested": endStay(.callback, at)
        case "callback.reached":
            calledBack = calledBack ?? at
            ended = at
        case "callback.failed", "callback.expired":
            isCallbackLost = true
            ended = at
        case "callback.cancelled": ended = at
        case "transfer.completed":
            transfers.append(text("kind") ?? "")
            talk?.isTransferred = true
            endTalk(at)
        case "interaction.disconnected":
            by = text("by")
            endTalk(at)
        case "interaction.failed", "interaction.expired":
            failedAs = event.type
            endStay(event.type == "interaction.failed" ? .failed : .expired, at)
            endTalk(at)
            ended = at
        case "wrapup.started": wrapUp = (at, nil)
        case "wrapup.ended":
            wrapUp?.to = at
            ended = ended ?? at
        case "interaction.disposed": disposed = text("outcome")
        case "interaction.completed":
            outcome = text("outcome")
            ended = ended ?? at
        case "interaction.reopened": reopenings.append(at)
        case "message.received", "message.sent":
            if !isTrue("private") {
                messages.append(
                    Message(
                        id: text("message_id") ?? "", at: at, author: text("author") ?? "",
                        agent: text("author") == "agent" ? agent : ""))
            }
        case "message.failed":
            for index in messages.indices where messages[index].id == text("message_id") {
                if isTrue("final") { messages[index].isFailed = true }
            }
        default: break
        }
    }

    private mutating func end(_ agent: String, _ end: Offer.End, _ at: Int64) {
        guard let index = offers.firstIndex(where: { $0.agent == agent && $0.end == nil }) else {
            return
        }
        offers[index].end = end
        offers[index].ended = at
    }

    private mutating func endStay(_ end: Stay.End, _ at: Int64, _ agent: String = "") {
        guard let last = stays.indices.last, stays[last].end == nil else { return }
        stays[last].end = end
        stays[last].left = at
        stays[last].agent = agent
    }

    private mutating func answer(_ agent: String, _ at: Int64, isConnected: Bool) {
        let stay = stays.last?.end == nil ? stays.indices.last : nil
        endStay(.answered, at, agent)
        talk = Talk(
            agent: agent, stay: stay, queue: stay.map { stays[$0].queue } ?? queue, from: at,
            isConnected: isConnected)
    }

    private mutating func endHold(_ at: Int64) {
        guard let since = talk?.heldSince else { return }
        talk?.hold += at - since
        talk?.heldSince = nil
    }

    private mutating func endTalk(_ at: Int64) {
        guard talk != nil, talk?.to == nil else { return }
        endHold(at)
        talk?.to = at
    }

    private mutating func abandon(_ phase: String?, _ at: Int64) {
        self.phase = phase
        guard talk == nil else {
            talk?.isAbandoned = true
            return endTalk(at)
        }
        for index in offers.indices where offers[index].end == nil {
            offers[index].end = .abandoned
        }
        endStay(.abandoned, at)
        ended = at
    }

    // --- What follows from it -----------------------------------------------------------------

    /// The queue the contact as a whole counts for.
    var queue: String { createdQueue.isEmpty ? stays.first?.queue ?? "" : createdQueue }
    /// A leg, by its name for the first or by how it was made.
    var isLeg: Bool {
        initial != nil || isMadeByUs && (previous != nil || related != nil)
    }
    var isMadeByUs: Bool {
        ["transfer", "queueTransfer", "callback", "monitor", "consult"].contains(method)
    }
    var isInbound: Bool { !isOutbound && !isMadeByUs }
    var isResolved: Bool { outcome == "resolved" }
    var isMessaged: Bool { channel != "voice" }
    var isContained: Bool { talk == nil && machineLeft.contains { $0.outcome == "contained" } }
    /// Whether there was a talk: of what was accepted and broke nobody knows.
    var isTalked: Bool { talk.map { $0.isConnected || failedAs == nil } ?? false }
    var isLostBeforeQueue: Bool {
        talk == nil && stays.isEmpty
            && (phase == "preQueue" || machineLeft.last?.outcome == "dropped")
    }
    var isDropped: Bool {
        guard let talk, let by else { return false }
        return ["telecom", "system", "third"].contains(by)
            || by == "agent" && (talk.to ?? .max) - talk.from < 10_000
    }
    /// Until when somebody was there to read a reply.
    private var readsUntil: Int64 {
        if talk?.isAbandoned == true || talk != nil && by == "customer" { return talk?.to ?? .max }
        return ended ?? .max
    }
    private var wordsAnswer: Bool { isMessaged && (!messages.isEmpty || phase == "unreplied") }

    private func reply(from start: Int64) -> Message? {
        let reply = messages.first { $0.author == "agent" && !$0.isFailed && $0.at >= start }
        return reply.flatMap { $0.at <= readsUntil ? $0 : nil }
    }

    /// When somebody of ours was first there.
    var reached: Int64? { wordsAnswer ? reply(from: 0)?.at : talk?.from }

    /// A stay as it is counted: on a message channel a reply answers.
    func counted(_ index: Int) -> Stay {
        var stay = stays[index]
        guard wordsAnswer, stay.end != .flowedOut, stay.end != .callback else { return stay }
        if let reply = reply(from: stay.entered) {
            (stay.end, stay.left) = (.answered, reply.at)
            if !reply.agent.isEmpty { stay.agent = reply.agent }
        } else if stay.end == .answered {
            stay.agent = ""
            guard let talk, let to = talk.to else {
                stay.end = nil
                return stay
            }
            stay.left = to
            if talk.isAbandoned || by == "customer" {
                stay.end = .abandoned
            } else {
                stay.end =
                    failedAs.map { $0 == "interaction.failed" ? .failed : .expired } ?? .flowedOut
            }
        }
        return stay
    }

    var countedStays: [Stay] { stays.indices.map(counted) }

    /// Whether the customer gave up.
    var isLost: Bool {
        talk == nil && reached == nil && (phase != nil || isLostBeforeQueue)
            || countedStays.last?.end == .abandoned
    }

    /// When the customer was gone: the last of when the talk broke and when they gave up.
    var gone: Int64? {
        var moments: [Int64] = []
        if isDropped, let to = talk?.to { moments.append(to) }
        if let last = countedStays.last, last.end == .abandoned {
            moments.append(last.left)
        } else if isLost {
            // Nothing but the event itself, or the machine's word, ends what has no talk.
            if let moment = phase == nil ? machineLeft.last?.at : ended { moments.append(moment) }
        }
        return moments.max()
    }

    /// When the customer first wrote while it was open, else when it began.
    var needBegan: Int64 {
        let first = messages.first { $0.author == "customer" }?.at
        return first.flatMap { $0 <= ended ?? .max ? $0 : nil } ?? created
    }

    /// How much of the time to the end nobody took away.
    func resolution(without others: [(from: Int64, to: Int64?)]) -> Int64? {
        guard isResolved, let ended else { return nil }
        // Second by second would be as good: the parts between all borders.
        let borders = Set(
            [needBegan, ended]
                + others.flatMap { [$0.from, $0.to ?? ended] }
                .filter { $0 > needBegan && $0 < ended })
        let sorted = borders.sorted()
        return zip(sorted, sorted.dropFirst()).reduce(0) { sum, part in
            let isTaken = others.contains { $0.from <= part.0 && part.1 <= $0.to ?? ended }
            return isTaken ? sum : sum + part.1 - part.0
        }
    }

    /// When the word was the customer's: from a reply by a person to their next message.
    var customerSpans: [(from: Int64, to: Int64?)] {
        var spans: [(from: Int64, to: Int64?)] = []
        for message in messages {
            let isOpen = spans.last.map { $0.to == nil } ?? false
            if message.author == "agent", !message.isFailed, !isOpen {
                spans.append((message.at, nil))
            } else if message.author == "customer", isOpen {
                spans[spans.count - 1].to = message.at
            }
        }
        return spans
    }

    /// Whether it is over and nobody has taken it up again.
    var isOver: Bool { ended != nil && reopened == nil }

    /// When it was first taken up again after its end.
    var reopened: Int64? {
        guard let ended else { return nil }
        return
            (reopenings.filter { $0 >= ended }
            + messages.filter { $0.author == "customer" && $0.at > ended }.map(\.at)).min()
    }
}

import EventModel
import FoldTesting
import TestSupport

/// A contact of a simulated fortnight with what is known to be true of it, and its events.
struct SimulatedContact {
    enum Outcome: CaseIterable {
        case answered, abandoned, left, failed, expired, waiting, contained
    }

    struct Message {
        var at: Int64
        var author: String
        var isPrivate = false
        var isFailed = false
    }

    var id: String
    var person: String?
    var thread: String?
    var initial: String?
    var isOutbound = false
    var channel: String
    var queue: String
    var brand: String?
    var campaign: String?
    var reasons: [String] = []
    var created: Int64
    var outcome: Outcome
    var hasMachine: Bool
    var asked: Int64?
    var entered: Int64
    /// When the stay ended, whatever way.
    var left: Int64
    var agent: String
    var missedBy: String?
    var ringing: Int64 = 0
    var ringsAtAbandon = false
    /// What wait was announced half-way through it, and the longest told.
    var announced: (at: Int64, expected: Int64, high: Int64?)?
    var hold: Int64 = 0
    var transfer: String?
    var disconnectedBy = "customer"
    var talkEnd: Int64
    var ended: Int64?
    var isResolved = false
    var disposed: String?
    var messages: [Message] = []
    var nps: Int64?
    var csat: Int64?
    var solved: Bool?
    var isInvited = false
    var isTest = false

    var wait: Int64 { left - entered }
    /// Among those that begin at the same moment.
    var place: String { id }
    var isQueued: Bool { outcome != .contained }
    var isDropped: Bool {
        outcome == .answered && transfer == nil
            && (disconnectedBy == "telecom" || disconnectedBy == "agent" && talkEnd - left < 10_000)
    }

    static let start: Int64 = 1_751_328_000_000

    static func random(_ count: Int, _ random: inout SeededGenerator) -> [SimulatedContact] {
        var contacts: [SimulatedContact] = []
        func draw(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
        func chance(_ of: Int64) -> Bool { draw(1...of) == 1 }
        for index in 0..<count {
            var created = start + draw(0...14 * 86_400) * 1_000
            var person: String? = chance(5) ? nil : "p\(draw(0...Int64(max(1, count / 5))))"
            if let last = contacts.last, let end = last.ended, chance(4) {
                // Somebody tries again at once.
                created = max(last.created, end + draw(-60...900) * 1_000)
                person = last.person
            }
            let isChat = chance(3)
            let outcome: Outcome =
                chance(2) ? .answered : Outcome.allCases[Int(draw(0...6))]
            let hasMachine = outcome == .contained || chance(3)
            let entered = created + draw(1...40) * 1_000
            let left = entered + draw(0...90) * 1_000
            var contact = SimulatedContact(
                id: "c\(index)", person: person, channel: isChat ? "chat" : "voice",
                queue: ["billing", "care"][Int(draw(0...1))], created: created, outcome: outcome,
                hasMachine: hasMachine, entered: entered, left: left,
                agent: "a\(draw(0...4))", talkEnd: left + draw(2...300) * 1_000)
            contact.thread = chance(3) ? "t\(draw(0...Int64(count / 6)))" : nil
            contact.isOutbound = chance(8)
            contact.brand = chance(2) ? "north" : nil
            contact.campaign = chance(3) ? "summer" : nil
            if chance(2) { contact.reasons.append("bill") }
            if chance(3) { contact.reasons.append("parcel") }
            if hasMachine, chance(2) { contact.asked = created + 500 }
            contact.isTest = chance(12)
            contact.initial = index > 0 && chance(10) ? contacts[index - 1].id : nil
            contact.finish(chance, draw)
            contacts.append(contact)
        }
        return contacts
    }

    private mutating func finish(_ chance: (Int64) -> Bool, _ draw: (ClosedRange<Int64>) -> Int64) {
        switch outcome {
        case .answered:
            if chance(3) { missedBy = "a9" }
            ringing = min(wait, draw(0...20) * 1_000)
            if talkEnd - left > 20_000, chance(3) { hold = draw(1...9) * 1_000 }
            disconnectedBy = ["customer", "agent", "telecom", "customer"][Int(draw(0...3))]
            if chance(5) {
                transfer = ["blind", "attended", "toQueue", "external"][Int(draw(0...3))]
            }
            ended = talkEnd + draw(0...60) * 1_000
            isResolved = chance(2)
            if chance(2) { disposed = chance(3) ? "other" : "resolved" }
        case .abandoned:
            ringsAtAbandon = chance(3)
            ended = left
        case .failed, .expired: ended = left
        case .left, .waiting, .contained: ended = nil
        }
        if isQueued, wait > 2_000, chance(2) {
            let expected = draw(0...60) * 1_000
            let high = chance(2) ? expected + draw(0...30) * 1_000 : nil
            announced = (entered + wait / 2, expected, high)
        }
        if channel == "chat" { writeMessages(chance, draw) }
        guard ended != nil, chance(2) else { return }
        isInvited = true
        if chance(2) { nps = draw(0...10) }
        if chance(2) { csat = draw(1...5) }
        if chance(2) { solved = chance(2) }
    }

    private mutating func writeMessages(
        _ chance: (Int64) -> Bool, _ draw: (ClosedRange<Int64>) -> Int64
    ) {
        // While it is open: nobody writes before the beginning or after the end.
        let last = outcome == .answered ? talkEnd : left
        var at = created + 100
        while at < last, messages.count < 12 {
            var message = Message(
                at: at, author: ["customer", "agent", "bot", "customer"][Int(draw(0...3))])
            if message.author == "agent" {
                message.isPrivate = chance(4)
                message.isFailed = !message.isPrivate && chance(5)
            }
            messages.append(message)
            at += draw(1...40) * 1_000 + 1
        }
    }
}

/// An agent of the shop, with what they work on just now. Their name is in `agentNames`: all agents
/// are looked through for each contact, so there is nothing to retain in here.
struct Agent: Sendable {
    enum Presence: Sendable {
        case offline, available, onBreak, notResponding
    }

    let home: ServiceQueue
    /// The queues they serve, one bit each.
    private let skills: UInt8
    /// When the shift starts, in milliseconds after midnight; it lasts eight and a half hours.
    let shiftStart: Int64
    var presence = Presence.offline
    var hasCall = false
    var messages = 0
    /// The slot of the contact that rings, or -1.
    var ringing = -1
    /// When they last had nothing to do.
    var idleSince: Int64 = 0

    init(index: Int) {
        let all = ServiceQueue.allCases
        home = all[index % all.count]
        let other = (index + 1 + index / all.count % (all.count - 1)) % all.count
        skills = index % 5 == 4 ? 0xF : 1 << UInt8(home.rawValue) | 1 << UInt8(other)
        // One half from 7:30 on, the other from 12:15 on, so that both meet over noon.
        let first = index % 2 == 0 ? 450 * Int64.minute : 735 * Int64.minute
        shiftStart = first + Int64(index / 2 % 4) * 15 * .minute
    }

    func serves(_ queue: ServiceQueue) -> Bool { skills & 1 << UInt8(queue.rawValue) != 0 }

    var queues: [ServiceQueue] { ServiceQueue.allCases.filter { serves($0) } }

    var team: String { "team-\(home.name)" }

    var load: Int { messages + (hasCall ? 1 : 0) }

    /// Tells whether such a contact may ring here: one call, or a few messages.
    func isFree(for medium: Medium) -> Bool {
        guard presence == .available, ringing < 0, !hasCall else { return false }
        switch medium {
        case .voice: return messages == 0
        case .chat, .whatsapp: return messages < SimulationLimits.messagesPerAgent
        case .email: return messages < SimulationLimits.messagesPerAgent - 1
        }
    }

    mutating func take(_ medium: Medium) {
        if medium == .voice { hasCall = true } else { messages += 1 }
    }

    mutating func give(_ medium: Medium, at time: Int64) {
        if medium == .voice { hasCall = false } else { messages -= 1 }
        precondition(messages >= 0, "an agent gives back only what they took")
        if load == 0 { idleSince = time }
    }
}

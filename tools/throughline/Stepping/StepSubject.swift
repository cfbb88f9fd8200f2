import ArgumentParser
import EventLog
import EventModel

/// Whom or what a walk is about: a customer, an interaction or an agent.
enum StepSubject {
    /// `kind:value` or a customer's id.
    case customer(String)
    case interaction(String)
    case agent(String)

    /// Streams of which nothing but their events is kept; what begins so is no kind of identifier.
    private static let otherStreams = ["identifier-", "thread-", "order-", "case-"]

    /// Reads what somebody typed.
    ///
    /// - Throws: `ValidationError` for a subject of another kind.
    init(_ text: String) throws {
        func id(_ prefix: String) -> String? {
            text.hasPrefix(prefix) && text != prefix ? String(text.dropFirst(prefix.count)) : nil
        }
        if let id = id("interaction-") {
            self = .interaction(id)
        } else if let id = id("agent-") {
            self = .agent(id)
        } else if !Self.otherStreams.contains(where: text.hasPrefix),
            text.hasPrefix("c_") || text.contains(":")
        {
            self = .customer(text)
        } else {
            throw ValidationError(
                "a walk is about a customer (kind:value or c_…), interaction-<id> or agent-<id>; "
                    + "other streams have events only: throughline timeline \(text)")
        }
    }

    /// The words that ask a daemon for what was known of it.
    func question(at position: UInt64) -> [String] {
        switch self {
        case .customer(let identifier): ["CUSTOMER", identifier, "AT", "\(position)"]
        case .interaction(let id): ["INTERACTION", id, "AT", "\(position)"]
        case .agent(let id): ["AGENT", id, "AT", "\(position)"]
        }
    }

    /// The stream of its events; nil for a customer, whose events follow from who is who.
    var stream: StreamName? {
        switch self {
        case .customer: nil
        case .interaction(let id): StreamName(.interaction, Array(id.utf8))
        case .agent(let id): StreamName(.agent, Array(id.utf8))
        }
    }
}

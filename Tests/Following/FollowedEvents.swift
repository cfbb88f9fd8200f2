import Client
import RESP
import TestSupport
import Testing

/// Events that a test appends, and by the rules of FOLLOW told in the plainest way which of them a
/// filter lets through.
struct FollowedEvents {
    struct Event {
        let position: Int64
        let type: String
        let interaction: String
        let channel: String?
        let customer: String?
    }

    struct Filter {
        var types: [String] = []
        var channels: [String] = []
        var identifiers: [String] = []

        /// Draws one; a third of them asks for nothing.
        static func drawn(_ generator: inout SeededGenerator) -> Filter {
            var filter = Filter()
            if generator.once(in: 3) { return filter }
            if generator.once(in: 2) {
                filter.types = [
                    generator.pick(["queue.*", "interaction.created", "nothing.*", "*"])
                ]
                if generator.once(in: 3) { filter.types.append("interaction.completed") }
            }
            if generator.once(in: 2) { filter.channels = [generator.pick(["voice", "chat"])] }
            if generator.once(in: 4) {
                filter.identifiers = ["crm:\(Int.random(in: 0..<3, using: &generator))"]
            }
            return filter
        }

        var words: [String] {
            types.flatMap { ["TYPE", $0] } + channels.flatMap { ["CHANNEL", $0] }
                + identifiers.flatMap { ["IDENTIFIER", $0] }
        }
    }

    private(set) var events: [Event] = []

    /// Appends so many events, one request each, all under way together.
    mutating func append(
        _ count: Int, to connection: inout Connection, _ generator: inout SeededGenerator
    ) throws {
        var drafts: [Event] = []
        for number in 0..<count {
            let id = events.count + number
            let interaction = "i-\(id / 12)-\(Int.random(in: 0..<3, using: &generator))"
            var words = ["APPEND"]
            let kind = Int.random(in: 0..<6, using: &generator)
            var (channel, customer): (String?, String?) = (nil, nil)
            let type: String
            switch kind {
            case 0:
                type = "interaction.created"
                channel = generator.pick(["voice", "chat", "email"])
                customer = "crm:\(Int.random(in: 0..<3, using: &generator))"
                words += [type, "channel", channel ?? "", "direction", "inbound"]
                words += ["method", "inbound", "customer", customer ?? ""]
            case 1:
                type = "interaction.completed"
                words += [type, "outcome", "resolved"]
            default:
                type = "queue.entered"
                words += [type, "queue", "billing"]
            }
            words += ["source", "test", "id", "\(id)", "interaction", interaction]
            connection.send(words)
            drafts.append(
                Event(
                    position: 0, type: type, interaction: interaction, channel: channel,
                    customer: customer))
        }
        for draft in drafts {
            let reply = try connection.receive()
            let position = try #require(reply.integerValue, "\(reply)")
            events.append(
                Event(
                    position: position, type: draft.type, interaction: draft.interaction,
                    channel: draft.channel, customer: draft.customer))
        }
    }

    /// The positions that a filter lets through, from one on.
    func positions(_ filter: Filter, from: Int64) -> [Int64] {
        events.filter { $0.position >= from && isWanted($0, filter) }.map(\.position)
    }

    private func isWanted(_ event: Event, _ filter: Filter) -> Bool {
        if !filter.types.isEmpty,
            !filter.types.contains(where: { pattern in
                pattern.hasSuffix("*")
                    ? event.type.hasPrefix(pattern.dropLast()) : event.type == pattern
            })
        {
            return false
        }
        if !filter.identifiers.isEmpty,
            !filter.identifiers.contains(where: { $0 == event.customer })
        {
            return false
        }
        guard !filter.channels.isEmpty else { return true }
        guard let channel = event.channel ?? channel(ofInteractionOf: event) else { return false }
        return filter.channels.contains(channel)
    }

    /// The channel that the first of the interaction's 16 oldest events with one names, as far as
    /// it came before the event.
    private func channel(ofInteractionOf event: Event) -> String? {
        let oldest = events.filter { $0.interaction == event.interaction }.prefix(16)
        guard let first = oldest.first(where: { $0.channel != nil }),
            first.position <= event.position
        else { return nil }
        return first.channel
    }
}

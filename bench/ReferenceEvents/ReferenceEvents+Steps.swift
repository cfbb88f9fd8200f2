internal import EventModel

extension ReferenceEvents {
    private static let channels = ["voice", "chat", "messaging", "email"]
    private static let languages = ["en", "es", "de", "fr"]
    private static let categories = ["shirts", "shoes", "coats", "home", "sale", "accessories"]

    mutating func beginInteraction() -> EventDraft {
        let interaction = OpenInteraction(
            name: LapName.text("i", interactionCount), customer: nextCustomer(),
            channel: numbers.pick(Self.channels), queue: numbers.pick(Self.queues),
            agent: "agent-\(1_000 + numbers.below(Self.agentCount))",
            messageCount: 2 + numbers.below(OpenInteraction.messagesMax - 1))
        interactionCount += 1
        open.append(interaction)
        return event(
            "interaction.created", of: interaction,
            [
                text("direction", "inbound"), text("method", "inbound"),
                text("from", "+346\(10_000_000 + numbers.below(90_000_000))"),
                text("to", "+34900\(100_000 + numbers.below(12))"),
                text("brand", "linden-and-sons"),
                text("language", numbers.pick(Self.languages)),
            ])
    }

    /// Takes the next step of an interaction.
    mutating func advance(_ interaction: inout OpenInteraction) -> EventDraft {
        let step = interaction.stepsDone
        interaction.stepsDone += 1
        if interaction.stepsLeft == 0 {
            return event(
                "interaction.disconnected", of: interaction,
                [
                    text("queue", interaction.queue), text("agent", interaction.agent),
                    text("by", numbers.pick(["customer", "agent"])), text("reason", "normal"),
                    text("brand", "linden-and-sons"),
                ])
        }
        switch step {
        case 0: return queueEntered(interaction)
        case 1: return offerAccepted(interaction)
        default: return message(step, interaction)
        }
    }

    private mutating func queueEntered(_ interaction: OpenInteraction) -> EventDraft {
        event(
            "queue.entered", of: interaction,
            [
                text("queue", interaction.queue), integer("priority", numbers.below(5)),
                text("skills", "language-\(numbers.pick(Self.languages)),level-2"),
                integer("position", 1 + numbers.below(40)), text("brand", "linden-and-sons"),
            ])
    }

    private mutating func offerAccepted(_ interaction: OpenInteraction) -> EventDraft {
        event(
            "offer.accepted", of: interaction,
            [
                text("queue", interaction.queue), text("agent", interaction.agent),
                text("offer_id", "offer-\(numbers.below(1 << 30))"),
                integer("ring_ms", 800 + numbers.below(20_000)),
                text("brand", "linden-and-sons"),
            ])
    }

    private mutating func message(_ step: Int, _ interaction: OpenInteraction) -> EventDraft {
        let isCustomer = step % 2 == 0
        var event = event(
            isCustomer ? "message.received" : "message.sent", of: interaction,
            [
                text("message_id", "\(interaction.name)-\(step)"),
                text("author", isCustomer ? "customer" : "agent"),
            ])
        event.contentType = "text/plain"
        event.data = Array(text.text(byteCount: 35 + numbers.below(116), &numbers).utf8)
        return event
    }

    mutating func pageViewed() -> EventDraft {
        let session = numbers.below(1 << 40)
        let product = numbers.pick(MessageText.products)
        let path = product.replacing(" ", with: "-")
        return EventDraft(
            type: "web.viewed", source: "web", id: "", identifiers: [nextCustomer()],
            attributes: [
                text("channel", "web"), text("session_id", "s-\(session)"),
                text(
                    "page", "/\(numbers.pick(Self.languages))/shop/\(path)-\(numbers.below(5_000))"),
                text("category", numbers.pick(Self.categories)),
                text("title", product),
                text("brand", "linden-and-sons"),
            ])
    }

    mutating func orderPlaced() -> EventDraft {
        let items = (0...numbers.below(3)).map { _ in
            "\(1 + numbers.below(3)) \(numbers.pick(MessageText.products))"
        }
        let order = LapName.text("o", orderCount)
        orderCount += 1
        let cents = Int64(900 + numbers.below(40_000))
        return EventDraft(
            type: "order.placed", source: "shop", id: "", identifiers: [nextCustomer()],
            attributes: [
                text("channel", "web"), text("order", order),
                Attribute("total", .money(minorUnits: cents, currency: "EUR")),
                Attribute("tax", .money(minorUnits: cents * 21 / 121, currency: "EUR")),
                text("items", items.joined(separator: ", ")), text("brand", "linden-and-sons"),
            ])
    }

    private func event(
        _ type: String, of interaction: OpenInteraction, _ attributes: [Attribute]
    ) -> EventDraft {
        EventDraft(
            type: type, source: interaction.channel == "voice" ? "acd-1" : "chat", id: "",
            identifiers: [interaction.customer],
            attributes: [
                text("interaction", interaction.name), text("channel", interaction.channel),
            ] + attributes)
    }

    private func text(_ name: String, _ value: String) -> Attribute {
        Attribute(name, .text(value))
    }

    private func integer(_ name: String, _ value: Int) -> Attribute {
        Attribute(name, .integer(Int64(value)))
    }
}

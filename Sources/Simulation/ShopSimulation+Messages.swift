internal import EventModel

/// Chats, messages and letters.
extension ShopSimulation {
    mutating func customerWrites(_ slot: Int, first: Bool) {
        let contact = contacts[slot]
        let language = person(contact.customer).language
        var text =
            first
            ? chance.pick(Phrases.opening(contact.topic, language))
            : chance.pick(Phrases.followUp(language))
        if first, contact.medium == .email {
            text += " " + chance.pick(Phrases.followUp(language))
            text += "\n\n" + person(contact.customer).fullName
        }
        if first, let order = contact.order { text += " (\(order))" }
        tellMessage(slot, "message.received", by: "customer", text: text)
        guard !first else { return }
        plan(.agentWrites, of: slot, in: chance.length(mean: contact.medium.replyMeans.agent))
    }

    mutating func agentWrites(_ slot: Int) {
        let contact = contacts[slot]
        let language = person(contact.customer).language
        tellMessage(
            slot, "message.sent", by: "agent", text: chance.pick(Phrases.answer(language)))
        if contact.medium == .whatsapp {
            tell(
                "message.read", of: slot, [], [.ref("message_id", contacts[slot].lastMessage)])
        }
        if chance.percent(12) {
            tell(
                "sentiment.measured", of: slot, [],
                [
                    .integer("score", Int64(chance.number(in: -60...80))),
                    .text("model", "tone-2"),
                ])
        }
        contacts[slot].messagesLeft -= 1
        guard contacts[slot].messagesLeft > 0 else {
            return plan(.talkEnds, of: slot, in: chance.length(mean: 15 * .second))
        }
        plan(
            .customerWrites, of: slot, in: chance.length(mean: contact.medium.replyMeans.customer))
    }
}

internal import EventModel

/// The phone menu and the assistant.
extension ShopSimulation {
    /// The menu or the assistant is done: the customer went, is served, or goes on to people.
    mutating func leaveMachine(_ slot: Int) {
        let contact = contacts[slot]
        let flow = Attribute.ref("flow", contact.medium == .voice ? "main-menu" : "assistant")
        let node = Attribute.text("node", contact.topic.reason)
        guard !chance.percent(6) else {
            tell("interaction.abandoned", of: slot, .person, [.text("phase", "preQueue")])
            return leave(slot)
        }
        let isContained = !contact.isUrgent && chance.percent(contact.topic.containedPercent)
        let tries = Int64(1 + chance.below(2))
        tell(
            "selfservice.stepped", of: slot, [],
            [
                flow, node, .text("outcome", isContained || tries == 1 ? "ok" : "retry"),
                .text("intent", contact.topic.reason),
                .integer("confidence", Int64(55 + chance.below(45))), .integer("tries", tries),
            ])
        tell(
            "reason.set", of: slot, [],
            [
                .text("reason", contact.topic.reason),
                .text("by", contact.medium == .voice ? "ivr" : "bot"),
            ])
        if isContained {
            tell(
                "selfservice.taskCompleted", of: slot, [],
                [.text("task", contact.topic.reason), flow])
            tell("selfservice.left", of: slot, [], [flow, node, .text("outcome", "contained")])
            return endContained(slot)
        }
        if chance.percent(35) {
            tell("selfservice.humanRequested", of: slot, [], [flow, node, .integer("nth", 1)])
        }
        tell("selfservice.left", of: slot, [], [flow, node, .text("outcome", "handedOver")])
        queue(slot, kind: "live")
    }

    private mutating func endContained(_ slot: Int) {
        tell("interaction.completed", of: slot, .person, [.text("outcome", "resolved")])
        leave(slot)
    }

    mutating func machineAnswers(_ slot: Int) {
        let language = person(contacts[slot].customer).language
        tellMessage(
            slot, "message.sent", by: "bot", text: Phrases.machine(language, handsOver: false))
        plan(.menuEnds, of: slot, in: chance.length(mean: 14 * .second))
    }

    /// Tells of a message and remembers it as the one to answer.
    mutating func tellMessage(
        _ slot: Int, _ type: String, by author: String, text: String
    ) {
        let isFromCustomer = author == "customer"
        var attributes: [Attribute] = [
            .ref("message_id", newName("m")), .text("author", author),
        ]
        if !contacts[slot].lastMessage.isEmpty {
            attributes.append(.ref("in_reply_to", contacts[slot].lastMessage))
        }
        if case .ref(let name) = attributes[0].value { contacts[slot].lastMessage = name }
        tell(
            type, of: slot, isFromCustomer ? .person : author == "agent" ? .agent : [],
            attributes, text: text)
    }
}

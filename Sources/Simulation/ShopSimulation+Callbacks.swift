internal import EventModel

/// Calling back instead of letting people wait.
extension ShopSimulation {
    mutating func offerCallback(_ slot: Int) {
        guard contacts[slot].state == .queued, areQueuesOpen else { return }
        let id = newName("b")
        tell(
            "callback.offered", of: slot, .queue,
            [.integer("expected_wait_ms", 240 * .second), .ref("callback_id", id)])
        guard chance.percent(45) else {
            return tell("callback.declined", of: slot, .queue, [.ref("callback_id", id)])
        }
        let who = person(contacts[slot].customer)
        tell(
            "callback.requested", of: slot, [.queue, .person],
            [
                .ref("callback_id", id), .text("number", who.phone),
                .time("due_from", now + 10 * .minute), .time("due_to", now + 2 * .hour),
                .boolean("keep_place", true),
            ])
        tell("queue.left", of: slot, .queue, [.text("reason", "toCallback")])
        stopWaiting(slot)
        contacts[slot].state = .callbackPending
        contacts[slot].callback = CallbackPromise(id: id, origin: slot)
        plan(.callback(slot: slot), in: 10 * .minute + Int64(chance.below(1_800_000)))
    }

    /// The promise is due: it waits for an agent as a contact of its own.
    mutating func keepCallback(_ slot: Int) {
        guard areQueuesOpen else {
            return plan(.callback(slot: slot), in: .hour)
        }
        let origin = contacts[slot]
        guard var promise = origin.callback else {
            preconditionFailure("only a contact with a promise is called back")
        }
        promise.attempts += 1
        contacts[slot].callback = promise
        var leg = Contact(
            id: newName("c"), customer: origin.customer, medium: .voice, topic: origin.topic,
            identifiers: origin.identifiers)
        leg.callback = promise
        leg.initial = origin.initial ?? origin.id
        leg.isOutbound = true
        leg.order = origin.order
        let next = enter(leg)
        tellCreated(next, method: "callback", previous: origin.id)
        queue(next, kind: "callback")
    }

    mutating func dial(_ slot: Int) {
        plan(.dialled, of: slot, in: chance.length(mean: 14 * .second))
    }

    mutating func endDialling(_ slot: Int) {
        guard let promise = contacts[slot].callback else {
            preconditionFailure("only a contact with a promise is dialled")
        }
        let isReached = chance.percent(72)
        tell(
            "callback.attempted", of: slot, .agent,
            [
                .ref("callback_id", promise.id), .integer("attempt", promise.attempts),
                .text("outcome", isReached ? "reached" : "noAnswer"),
                .integer("ring_ms", now - contacts[slot].ringingSince),
            ])
        if isReached {
            tell("callback.reached", of: slot, .person, [.ref("callback_id", promise.id)])
            leave(promise.origin)
            startTalk(slot)
            return
        }
        if promise.attempts < SimulationLimits.callbackAttempts {
            plan(.callback(slot: promise.origin), in: chance.length(mean: 25 * .minute))
        } else {
            tell(
                "callback.failed", of: slot, .person,
                [.ref("callback_id", promise.id), .text("reason", "noAnswer")])
            leave(promise.origin)
        }
        contacts[slot].isResolved = false
        tell(
            "interaction.disconnected", of: slot, .agent,
            [.text("by", "system"), .text("reason", "noAnswer")])
        wrapUp(slot)
    }
}

internal import EventModel

/// Customer and agent together: calls.
extension ShopSimulation {
    mutating func perform(_ step: ContactStep, _ slot: Int) {
        switch step {
        case .menuEnds: leaveMachine(slot)
        case .machineAnswers: machineAnswers(slot)
        case .offerAnswered: answerOffer(slot)
        case .offerRejected: refuseOffer(slot, isMissed: false)
        case .offerMissed: refuseOffer(slot, isMissed: true)
        case .talkOn: talkOn(slot)
        case .authEnds: endAuth(slot)
        case .holdEnds: endHold(slot)
        case .consultEnds: endConsult(slot)
        case .transferEnds: endTransfer(slot)
        case .dialled: endDialling(slot)
        case .agentWrites: agentWrites(slot)
        case .customerWrites: customerWrites(slot, first: false)
        case .talkEnds: endTalk(slot)
        case .wrapUpEnds: endWrapUp(slot)
        }
    }

    /// An agent has taken the contact.
    mutating func connect(_ slot: Int) {
        stamps += 1
        contacts[slot].stay = stamps
        contacts[slot].state = .connected
        let medium = contacts[slot].medium
        guard medium == .voice else {
            contacts[slot].messagesLeft = medium == .email ? 1 : 1 + chance.below(6)
            return plan(.agentWrites, of: slot, in: chance.length(mean: medium.replyMeans.agent))
        }
        guard !contacts[slot].isOutbound else { return dial(slot) }
        startTalk(slot)
    }

    mutating func startTalk(_ slot: Int) {
        var plan: Contact.Plan = []
        if contacts[slot].topic.isAboutAnOrder, chance.percent(70) { plan.insert(.auth) }
        if chance.percent(24) { plan.insert(.hold) }
        if chance.percent(25) { plan.insert(.knowledge) }
        if chance.percent(5) { plan.insert(.consult) }
        if contacts[slot].initial == nil, chance.percent(7) { plan.insert(.transfer) }
        let topic = contacts[slot].topic
        if topic == .late || topic == .damaged, chance.percent(30) { plan.insert(.concession) }
        contacts[slot].plan = plan
        if chance.percent(60) {
            let recording = newName("rec/")
            contacts[slot].recording = recording
            tell(
                "recording.started", of: slot, .agent,
                [.text("ref", recording), .text("retention_class", "service")])
        }
        self.plan(.talkOn, of: slot, in: chance.length(mean: 18 * .second))
    }

    /// Begins the next part of the talk.
    private mutating func talkOn(_ slot: Int) {
        let plan = contacts[slot].plan
        if plan.contains(.auth) {
            contacts[slot].plan.remove(.auth)
            tell("auth.attempted", of: slot, .agent, [.text("method", "otp")])
            self.plan(.authEnds, of: slot, in: chance.length(mean: 14 * .second))
        } else if plan.contains(.knowledge) {
            contacts[slot].plan.remove(.knowledge)
            searchKnowledge(slot)
            self.plan(.talkOn, of: slot, in: chance.length(mean: 30 * .second))
        } else if plan.contains(.hold) {
            contacts[slot].plan.remove(.hold)
            tell("hold.started", of: slot, .agent, [.text("by", "agent")])
            self.plan(.holdEnds, of: slot, in: chance.length(mean: 45 * .second))
        } else if plan.contains(.consult) {
            contacts[slot].plan.remove(.consult)
            tell("consult.started", of: slot, .agent, [.text("target", "second-line")])
            self.plan(.consultEnds, of: slot, in: chance.length(mean: 40 * .second))
        } else if plan.contains(.concession) {
            contacts[slot].plan.remove(.concession)
            grantConcession(slot)
            self.plan(.talkOn, of: slot, in: chance.length(mean: 20 * .second))
        } else if plan.contains(.transfer) {
            contacts[slot].plan.remove(.transfer)
            tell(
                "transfer.started", of: slot, .agent,
                [.text("kind", "toQueue"), .text("target", otherQueue(slot).name)])
            self.plan(.transferEnds, of: slot, in: chance.length(mean: 12 * .second))
        } else {
            self.plan(.talkEnds, of: slot, in: chance.length(mean: 150 * .second))
        }
    }

    private mutating func endAuth(_ slot: Int) {
        let who = person(contacts[slot].customer)
        if chance.percent(93) {
            contacts[slot].identifiers = [
                who.phoneIdentifier(.line), who.emailIdentifier(.verified),
            ]
            tell(
                "auth.succeeded", of: slot, [.agent, .person],
                [.text("method", "otp"), .integer("level", 2)])
        } else {
            tell(
                "auth.failed", of: slot, .agent,
                [.text("method", "otp"), .text("reason", "wrong_code")])
        }
        plan(.talkOn, of: slot, in: chance.length(mean: 25 * .second))
    }

    private mutating func endHold(_ slot: Int) {
        guard !chance.percent(2) else {
            tell("interaction.abandoned", of: slot, [.agent, .person], [.text("phase", "hold")])
            contacts[slot].isResolved = false
            stopRecording(slot)
            return wrapUp(slot)
        }
        tell("hold.ended", of: slot, .agent, [.text("by", "agent")])
        plan(.talkOn, of: slot, in: chance.length(mean: 30 * .second))
    }

    private mutating func endConsult(_ slot: Int) {
        tell("consult.ended", of: slot, .agent, [.text("target", "second-line")])
        plan(.talkOn, of: slot, in: chance.length(mean: 30 * .second))
    }
}

internal import ContactCentre
internal import EventModel

/// What events tell of an agent.
extension AgentRecord {
    /// Counts an event that names the agent, and takes what it tells of them.
    mutating func apply(_ event: borrowing EventView) {
        version &+= 1
        let type = event.type
        // Two families of types tell of agents; all others cost two comparisons.
        if type.starts(with: "agent.") {
            applyAgentEvent(type, event)
        } else if type.starts(with: "offer.") {
            applyOffer(type, event)
        }
    }

    private mutating func applyOffer(_ type: RawSpan, _ event: borrowing EventView) {
        if type.equals("offer.missed") {
            missed = max(missed, Stamp(event))
        } else if type.equals("offer.failed") {
            failed = max(failed, Stamp(event))
        } else if type.equals("offer.accepted") || type.equals("offer.rejected") {
            respond(event)
        }
    }

    private mutating func respond(_ event: borrowing EventView) {
        responded = max(responded, Stamp(event))
    }

    private mutating func applyAgentEvent(_ type: RawSpan, _ event: borrowing EventView) {
        if type.equals("agent.connected") {
            respond(event)
        } else if type.equals("agent.presence") {
            takePresence(event)
        } else if type.equals("agent.loggedIn") {
            takeLogin(event, isIn: true)
        } else if type.equals("agent.loggedOut") {
            takeLogin(event, isIn: false)
        } else if type.equals("agent.joinedQueue") {
            takeMembership(event, isMember: true)
        } else if type.equals("agent.leftQueue") {
            takeMembership(event, isMember: false)
        } else if type.equals("agent.slots") {
            takeSlots(event)
        } else if type.equals("agent.skill") {
            takeSkill(event)
        } else if type.equals("agent.assigned") {
            takeAssignment(event)
        }
    }

    /// A presence for one queue is a rest from that queue.
    private mutating func takePresence(_ event: borrowing EventView) {
        guard let presence = event.domainWord("presence", Presence.self) else { return }
        let stamp = Stamp(event)
        if let queue = event.text("queue") {
            guard let index = membership(queue), memberships[index].paused < stamp else { return }
            memberships[index].isPaused = presence != .available
            memberships[index].paused = stamp
            return
        }
        respond(event)
        guard told.stamp < stamp else { return }
        told = Told(
            presence: presence, reason: event.text("reason"), by: event.text("by"), stamp: stamp)
    }

    private mutating func takeLogin(_ event: borrowing EventView, isIn: Bool) {
        respond(event)
        guard login.stamp < Stamp(event) else { return }
        login.isIn = isIn
        login.stamp = Stamp(event)
        login.channels = isIn ? event.text("channels").map(Self.channels) ?? [] : []
    }

    /// Reads a list of channels, a JSON array or words with commas; unknown words are passed over.
    private static func channels(in list: String) -> ChannelSet {
        var found: ChannelSet = []
        for part in list.split(whereSeparator: { !$0.isLetter }) {
            let word = String(part)
            guard let channel = unsafe Channel(word.utf8Span.span.bytes), channel != .unknown else {
                continue
            }
            found.insert(ChannelSet(channel))
        }
        return found
    }

    private mutating func takeMembership(_ event: borrowing EventView, isMember: Bool) {
        let stamp = Stamp(event)
        guard let queue = event.text("queue"), let index = membership(queue) else { return }
        if memberships[index].joined < stamp {
            memberships[index].isMember = isMember
            memberships[index].level = event.integer("level")
            memberships[index].joined = stamp
        }
        // Who joins is not at rest, unless it says so; who leaves takes nothing back.
        guard isMember || event.boolean("paused") != nil, memberships[index].paused < stamp else {
            return
        }
        memberships[index].isPaused = event.boolean("paused") ?? false
        memberships[index].paused = stamp
    }

    private mutating func membership(_ queue: String) -> Int? {
        let place = memberships.firstIndex { $0.queue >= queue } ?? memberships.count
        if place < memberships.count, memberships[place].queue == queue { return place }
        guard memberships.count < AgentLimits.queuesMax else { return nil }
        memberships.insert(Membership(queue: queue), at: place)
        return place
    }

    private mutating func takeSlots(_ event: borrowing EventView) {
        guard let channel = event.domainWord("channel", Channel.self),
            let capacity = event.integer("capacity")
        else { return }
        let stamp = Stamp(event)
        let place = slots.firstIndex { $0.slot.channel.rawValue >= channel.rawValue } ?? slots.count
        let slot = AgentSlots.Slot(
            channel: channel,
            capacity: Int(min(max(0, capacity), Int64(AgentLimits.capacityMax))),
            group: event.text("exclusive_group"))
        if place < slots.count, slots[place].slot.channel == channel {
            if slots[place].stamp < stamp { slots[place] = Slot(slot: slot, stamp: stamp) }
        } else {
            slots.insert(Slot(slot: slot, stamp: stamp), at: place)
        }
    }

    private mutating func takeSkill(_ event: borrowing EventView) {
        guard let name = event.text("skill"), let level = event.integer("level") else { return }
        let place = skills.firstIndex { $0.name >= name } ?? skills.count
        if place == skills.count || skills[place].name != name {
            guard skills.count < AgentLimits.skillsMax else { return }
            skills.insert(Skill(name: name), at: place)
        }
        guard skills[place].stamp < Stamp(event) else { return }
        skills[place] = Skill(
            name: name, level: level, validUntil: event.time("valid_until"),
            language: event.text("language"), stamp: Stamp(event))
    }

    private mutating func takeAssignment(_ event: borrowing EventView) {
        guard let team = event.text("team") else { return }
        let stamp = Stamp(event)
        let place = assignments.firstIndex { $0.stamp > stamp } ?? assignments.count
        assignments.insert(
            Assignment(
                team: team, site: event.text("site"), brand: event.text("brand"),
                supervisor: event.text("supervisor"), employment: event.text("employment"),
                stamp: stamp), at: place)
        if assignments.count > AgentLimits.assignmentsMax { assignments.removeFirst() }
    }

    /// Notes that a contact was over at a moment; the last few are kept, so that one of them can be
    /// taken back.
    mutating func release(at moment: Timestamp, by interaction: ArraySlice<UInt8>) {
        let place =
            releases.firstIndex {
                moment < $0.since
                    || moment == $0.since && interaction.lexicographicallyPrecedes($0.interaction)
            } ?? releases.count
        releases.insert(Release(since: moment, interaction: Array(interaction)), at: place)
        if releases.count > AgentLimits.releasesMax { releases.removeFirst() }
    }

    /// Takes back that a contact was over.
    mutating func takeBack(release interaction: ArraySlice<UInt8>) {
        if let place = releases.firstIndex(where: { $0.interaction[...] == interaction }) {
            releases.remove(at: place)
        }
    }

    /// Adds to what the agent is doing, or takes it back.
    mutating func add(_ kind: AgentWorkKind, _ channel: Channel, sign: Int64) {
        let place = work.firstIndex { $0.channel.rawValue >= channel.rawValue } ?? work.count
        if place == work.count || work[place].channel != channel {
            work.insert(Work(channel: channel), at: place)
        }
        work[place].counts[Int(kind.rawValue)] &+= sign
        if work[place].counts.allSatisfy({ $0 == 0 }) { work.remove(at: place) }
    }
}

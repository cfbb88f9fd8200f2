internal import ContactCentre
internal import EventModel

/// A person's last contacts, from which it is told whether they came again, switched, or were
/// never reached.
struct ContactHistory {
    struct Contact {
        let touchpoint: Touchpoint
        let last: Timestamp
        let channel: Channel
        let state: InteractionState
        let resolution: Resolution?
        /// Whether somebody of ours has been with them.
        let isAnswered: Bool
        let isInbound: Bool
        let waitMilliseconds: Int64?
        let position: Position

        var name: KeyName { touchpoint.name }
        var started: Timestamp { touchpoint.started }

        /// Whether the customer waits for somebody now.
        var isWaiting: Bool { state == .queued || state == .offering }
        /// Whether they gave up before anybody answered.
        var isAbandoned: Bool { state == .abandoned && !isAnswered }

        /// Tells whether it began before another; of two at once the older events'.
        func precedes(_ other: Contact) -> Bool {
            (started, position) < (other.started, other.position)
        }

        /// The agent who was with them last, or nil.
        func agent() throws(ViewFault) -> String? {
            try touchpoint.line { line in line.agent?.text() }
        }
    }

    /// The newest first.
    let contacts: [Contact]

    init<Reader: ViewReader & ~Copyable>(
        _ person: Person, atMost most: Int = ViewLimits.recentTouchpointsMax,
        _ reader: borrowing Reader
    ) throws(ViewFault) {
        var contacts: [Contact] = []
        let touchpoints = try person.touchpoints(atMost: most, reader)
        contacts.reserveCapacity(touchpoints.count)
        for touchpoint in touchpoints {
            let contact = try touchpoint.line { line in
                Contact(
                    touchpoint: touchpoint, last: line.last, channel: line.channel,
                    state: line.state, resolution: line.resolution,
                    isAnswered: line.agent != nil, isInbound: line.isInbound,
                    waitMilliseconds: line.waitMilliseconds, position: line.position)
            }
            contacts.append(contact)
        }
        self.contacts = contacts
    }

    /// The contact of a name, if it is among them.
    func contact(_ name: KeyName) -> Contact? { contacts.first { $0.name == name } }

    /// Another contact on another channel on which they wait as well.
    func waitsToo(_ contact: Contact) -> Contact? {
        guard contact.isWaiting else { return nil }
        return contacts.first { $0.isWaiting && $0.channel != contact.channel }
    }

    /// The positions of those they came with within seven days before, newest first; redials are
    /// left out.
    func before(_ contact: Contact) -> [Position] {
        var positions: [Position] = []
        for earlier in contacts where earlier.isInbound && earlier.precedes(contact) {
            guard contact.started - earlier.started <= SignalKind.repeatMilliseconds else { break }
            // A new try right after giving up is a redial.
            let isRedial = earlier.isAbandoned && contact.started - earlier.last <= 600_000
            if !isRedial, earlier.name != contact.name { positions.append(earlier.position) }
        }
        return positions
    }

    /// The last contact before on another channel that nobody answered although they waited.
    func switchedFrom(_ contact: Contact) -> Contact? {
        let earlier = contacts.first { earlier in
            earlier.isInbound && earlier.precedes(contact) && earlier.name != contact.name
                && contact.started - earlier.started <= SignalKind.recoveryMilliseconds
        }
        guard let earlier, earlier.channel != contact.channel, !earlier.isAnswered,
            earlier.isAbandoned || earlier.waitMilliseconds ?? 0 > 0 || earlier.isWaiting
        else { return nil }
        return earlier
    }

    /// Whether somebody who gave up was reached within 24 hours.
    func isRecovered(_ contact: Contact) -> Bool {
        contacts.contains { later in
            later.isAnswered && later.started >= contact.started
                && later.started - contact.last <= SignalKind.recoveryMilliseconds
        }
    }

    /// Whether they came to us from one moment on to the reader's.
    func hasContact(from start: Timestamp, to moment: CardMoment) -> Bool {
        contacts.contains { $0.isInbound && $0.started >= start && moment.hasCome($0.started) }
    }
}

internal import ContactCentre
internal import EventModel

/// A person's last contacts, from which it is told whether they came again, switched, or were
/// never reached.
struct ContactHistory {
    struct Contact {
        let name: String
        let nameKey: [UInt8]
        let started: Timestamp
        let last: Timestamp
        let channel: Channel
        let state: InteractionState
        let resolution: Resolution?
        let agent: String?
        let isInbound: Bool
        let waitMilliseconds: Int64?
        let position: Position

        /// Whether somebody of ours has been with them.
        var isAnswered: Bool { agent != nil }
        /// Whether the customer waits for somebody now.
        var isWaiting: Bool { state == .queued || state == .offering }
        /// Whether they gave up before anybody answered.
        var isAbandoned: Bool { state == .abandoned && !isAnswered }
    }

    /// The newest first.
    let contacts: [Contact]

    init<Reader: ViewReader & ~Copyable>(
        _ person: Person, atMost most: Int = ViewLimits.recentTouchpointsMax,
        _ reader: borrowing Reader
    ) throws(ViewFault) {
        var contacts: [Contact] = []
        let touchpoints = try person.touchpoints(atMost: most, reader)
        for touchpoint in touchpoints {
            let contact = try touchpoint.line { line throws(ViewFault) in
                Contact(
                    name: touchpoint.name, nameKey: touchpoint.nameKey,
                    started: line.started, last: line.last, channel: line.channel,
                    state: line.state, resolution: line.resolution, agent: line.agent?.text(),
                    isInbound: line.isInbound, waitMilliseconds: line.waitMilliseconds,
                    position: line.position)
            }
            contacts.append(contact)
        }
        self.contacts = contacts
    }

    /// Those that came in, the newest first.
    var inbound: [Contact] { contacts.filter(\.isInbound) }

    /// Another contact on another channel on which they wait as well.
    func waitsToo(_ contact: Contact) -> Contact? {
        guard contact.isWaiting else { return nil }
        return contacts.first { $0.isWaiting && $0.channel != contact.channel }
    }

    /// Those they came with within seven days before, newest first; redials are left out.
    func before(
        _ contact: Contact, within milliseconds: Int64 = SignalKind.repeatMilliseconds
    ) -> [Contact] {
        inbound.filter { earlier in
            let distance = contact.started - earlier.started
            guard earlier.name != contact.name, distance >= 0, distance <= milliseconds,
                (earlier.started, earlier.position) < (contact.started, contact.position)
            else { return false }
            // A new try right after giving up is a redial.
            return !(earlier.isAbandoned && contact.started - earlier.last <= 600_000)
        }
    }

    /// The last contact before on another channel that nobody answered although they waited.
    func switchedFrom(_ contact: Contact) -> Contact? {
        let earlier = inbound.first { earlier in
            earlier.name != contact.name && earlier.started <= contact.started
                && contact.started - earlier.started <= SignalKind.recoveryMilliseconds
                && (earlier.started, earlier.position) < (contact.started, contact.position)
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

    /// Whether they came to us from one moment on to another.
    func hasContact(from start: Timestamp, to end: Timestamp) -> Bool {
        inbound.contains { $0.started >= start && $0.started <= end }
    }
}

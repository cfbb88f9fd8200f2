internal import ContactCentre
internal import EventModel

/// A person's last contacts, from which it is told whether they came again, switched, or were
/// never reached.
struct ContactHistory {
    struct Contact {
        let touchpoint: Touchpoint
        let last: Timestamp
        /// When the customer was gone, where they got nowhere.
        let lost: Timestamp?
        let channel: Channel
        let state: InteractionState
        let resolution: Resolution?
        /// Whether somebody of ours has been with them.
        let isAnswered: Bool
        let flags: TouchpointRow.Flags
        let waitMilliseconds: Int64?
        let position: Position
        /// The first message that waits for an answer.
        let unanswered: Messages.Unanswered?

        var isInbound: Bool { flags.contains(.inbound) }
        /// Whether the customer is in it, or was: came with it, or was handed on to it.
        var isCustomers: Bool { !flags.isDisjoint(with: [.inbound, .leg]) }

        var name: KeyName { touchpoint.name }
        var started: Timestamp { touchpoint.started }

        /// Whether the customer waits for somebody now.
        var isWaiting: Bool { state == .queued || state == .offering }
        /// Whether they gave up before anybody answered.
        var isAbandoned: Bool { flags.contains(.gaveUp) }
        /// Whether they got nowhere: gave up, or the line broke.
        var isLost: Bool { flags.isLost }

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
                    touchpoint: touchpoint, last: line.last, lost: line.lost, channel: line.channel,
                    state: line.state, resolution: line.resolution,
                    isAnswered: line.agent != nil, flags: line.flags,
                    waitMilliseconds: line.waitMilliseconds, position: line.position,
                    unanswered: line.unanswered)
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
            // A new try right after giving up, or after the line broke, is a redial.
            let isRedial = earlier.lost.map { isRightBehind($0, contact.started) } ?? false
            if !isRedial, earlier.name != contact.name { positions.append(earlier.position) }
        }
        return positions
    }

    /// Whether a try came right behind the moment at which the customer was gone.
    private func isRightBehind(_ lost: Timestamp, _ started: Timestamp) -> Bool {
        started >= lost && started - lost <= 600_000
    }

    /// The last contact before on another channel that nobody answered although they waited. Tries on
    /// the new channel that got nowhere are no reason to have come there.
    func switchedFrom(_ contact: Contact) -> Contact? {
        for earlier in contacts
        where earlier.isInbound && earlier.precedes(contact) && earlier.name != contact.name {
            guard contact.started - earlier.started <= SignalKind.recoveryMilliseconds,
                !earlier.isAnswered
            else { return nil }
            guard earlier.channel != contact.channel else { continue }
            let hasWaited =
                earlier.isAbandoned || earlier.waitMilliseconds ?? 0 > 0 || earlier.isWaiting
            return hasWaited ? earlier : nil
        }
        return nil
    }

    /// Whether somebody who gave up was reached within 24 hours.
    func isRecovered(_ contact: Contact) -> Bool {
        contacts.contains { later in
            later.isAnswered && later.started >= contact.started
                && later.started - (contact.lost ?? contact.last) <= SignalKind.recoveryMilliseconds
        }
    }

    /// The last contact that they came with within a time before a moment.
    func last(before moment: Timestamp, within milliseconds: Int64) -> Contact? {
        contacts.first {
            $0.isInbound && $0.started <= moment && moment - $0.started <= milliseconds
        }
    }

    /// Whether they came to us from one moment on to the reader's.
    func hasContact(from start: Timestamp, to moment: CardMoment) -> Bool {
        contacts.contains { $0.isInbound && $0.started >= start && moment.hasCome($0.started) }
    }
}

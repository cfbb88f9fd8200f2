internal import ContactCentre
public import EventModel

/// Finds open contacts that are about a need which their person has brought up on another channel:
/// by rule they join its thread.
///
/// As with what silence ends, it reads the view and changes nothing: what it finds is appended as
/// `thread.joined` under the daemon's own source, once for each contact and version of the rules, so
/// that `thread.split` is the last word. Contacts that have a thread, or had one, are left alone.
public struct NeedSweep: Sendable {
    /// Where the next sweep of open contacts begins; empty at their start, where it begins again
    /// when all have been looked at: a reason may be given late.
    private var next: [UInt8] = []
    /// The threads that were found and that the view does not show yet.
    private var decided: [KeyName: String] = [:]

    /// Begins at the start: what was inferred before is inferred again, and stores nothing.
    public init() {}

    /// Finds what is to be appended, at most two events for each contact looked at: the newest ones,
    /// and the next ones of all.
    ///
    /// - Parameter members: Who is one person with a customer, oldest first.
    public mutating func find<Reader: ViewReader & ~Copyable>(
        members: (CustomerID) throws(ViewFault) -> [CustomerID], from reader: borrowing Reader
    ) throws(ViewFault) -> [InferredEvent] {
        let rules = try CardDefinitions.read(reader).needs
        guard !rules.isOff else { return [] }
        try forgetShown(reader)
        var contacts = try newest(reader)
        for contact in try page(reader) where !contacts.contains(contact) {
            contacts.append(contact)
        }
        var found: [InferredEvent] = []
        for contact in contacts.sorted(by: { $0.began < $1.began }) {
            let people = try members(contact.customer)
            guard let person = try Person(people, reader) else { continue }
            found += try Need(person, rules, reader).joins(contact.name, &decided, reader)
        }
        return found
    }

    /// An open contact, and one of those whom it concerns.
    private struct OpenContact: Equatable {
        let began: Int64
        let customer: CustomerID
        let name: KeyName

        init(_ key: RawSpan) throws(ViewFault) {
            began = Int64(bitPattern: try key.keyNumber(at: 2) ^ (1 << 63))
            customer = CustomerID(rawValue: try key.keyNumber(at: 10))
            name = try KeyName(checking: key.extracting(19..<key.byteCount).copied()[...])
        }
    }

    private mutating func forgetShown<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) {
        for name in Array(decided.keys)
        where try InteractionRecord.state(of: name.text, reader)?.thread != nil {
            decided[name] = nil
        }
        // Some may never be stored; they are looked at again.
        if decided.count > ViewLimits.decidedThreadsMax { decided.removeAll() }
    }

    /// Where the rows of open contacts begin and end.
    private static var range: (start: [UInt8], end: [UInt8]) {
        let start = [SignalRow.prefix, SignalKind.waitingTwice.row.rawValue]
        return (start, start.keyAfterPrefix)
    }

    private func newest<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [OpenContact] {
        var contacts: [OpenContact] = []
        let (start, end) = Self.range
        try reader.rowsBackward(from: start, below: end) { key, _ throws(ViewFault) in
            contacts.append(try OpenContact(key))
            return contacts.count < ViewLimits.sweptContactsMax / 2
        }
        return contacts
    }

    private mutating func page<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [OpenContact] {
        var contacts: [OpenContact] = []
        let (start, end) = Self.range
        let from = next.isEmpty ? start : next
        next = []
        try reader.rows(from: from, below: end) { key, _ throws(ViewFault) in
            contacts.append(try OpenContact(key))
            guard contacts.count < ViewLimits.sweptContactsMax / 2 else {
                next = key.copied() + [0]
                return false
            }
            return true
        }
        return contacts
    }
}

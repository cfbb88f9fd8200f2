internal import ContactCentre
internal import EventModel

/// A person as their members' rows together say: a person is one customer or several that turned
/// out to be the same.
///
/// What one part of a document has read of them the next does not read again. It lives for one
/// document, on one thread.
final class Person {
    /// Oldest first; the first gives the person its name.
    let members: [CustomerID]
    private(set) var firstContact = Timestamp.latest
    private(set) var lastContact = Timestamp.earliest
    /// Those that are theirs first.
    private(set) var identifiers: [Known] = []

    /// An identifier of theirs.
    struct Known {
        var seen: CustomerRecord.SeenIdentifier
        /// Whose of the members it is.
        var owner: CustomerID
        /// Where and why it became somebody else's, or nobody's; nil while it is theirs.
        var end: IdentifierEnd?
    }
    private(set) var counts = CustomerCounts()
    private var kinds: UInt32 = 0

    /// Of the kinds of things that somebody has asked for.
    var lists: [PlaceList] = []
    private var contacts: [(name: KeyName, row: ContactRow?)] = []
    private var contactKey: [UInt8] = []
    private(set) var lastTouchpoints: (most: Int, list: [Touchpoint])?
    private var allPurchases: [Purchase]?

    /// Reads the members' rows; nil when none of them has one.
    convenience init?<Reader: ViewReader & ~Copyable>(
        _ members: [CustomerID], ending ends: [IdentifierEnd] = [], _ reader: borrowing Reader
    ) throws(ViewFault) {
        let rows = try CustomerRows(members, ends, reader)
        guard !rows.isEmpty else { return nil }
        try self.init(rows)
    }

    /// Takes the members' rows, of which there is one at least.
    init(_ rows: CustomerRows) throws(ViewFault) {
        members = rows.members
        try rows.forEach { (member, row) throws(ViewFault) in
            add(try CustomerRecord.shown(row), of: member, rows.ends)
        }
        guard !rows.ends.isEmpty else { return }
        identifiers = identifiers.filter { $0.end == nil } + identifiers.filter { $0.end != nil }
    }

    private func add(_ record: CustomerRecord, of member: CustomerID, _ ends: [IdentifierEnd]) {
        firstContact = min(firstContact, record.firstContact)
        lastContact = max(lastContact, record.lastContact)
        kinds |= record.kinds
        counts.add(record.counts)
        let end = ends.isEmpty ? nil : ends.first { $0.customer == member }
        identifiers.reserveCapacity(identifiers.count + record.identifiers.count)
        let others = identifiers.count
        for seen in record.identifiers {
            let known = identifiers[..<others].firstIndex {
                $0.seen.kind == seen.kind && $0.seen.value == seen.value
            }
            guard let known else {
                identifiers.append(Known(seen: seen, owner: member, end: end))
                continue
            }
            // Given back, and theirs again.
            identifiers[known].seen.merge(seen)
            if end == nil, identifiers[known].end != nil {
                identifiers[known].owner = member
                identifiers[known].end = nil
            }
        }
    }

    /// How a member's identifier was spelled last.
    func lastIdentifier(of member: CustomerID) -> CustomerRecord.SeenIdentifier? {
        seenIdentifier {
            $0.owner == member
        } before: {
            ($0.lastSeen, $0.lastPosition) > ($1.lastSeen, $1.lastPosition)
        }
    }

    /// The first of some identifiers in an order, found where they stand.
    private func seenIdentifier(
        where isAsked: (Known) -> Bool,
        before precedes: (CustomerRecord.SeenIdentifier, CustomerRecord.SeenIdentifier) -> Bool
    ) -> CustomerRecord.SeenIdentifier? {
        var first: Int?
        for place in identifiers.indices where isAsked(identifiers[place]) {
            if let known = first, !precedes(identifiers[place].seen, identifiers[known].seen) {
                continue
            }
            first = place
        }
        return first.map { identifiers[$0].seen }
    }

    /// Whether there are subjects of a kind.
    func has(_ kind: SubjectKind) -> Bool { kinds & kind.bit != 0 }

    /// Whether events of theirs name others.
    var namesOthers: Bool { kinds & SubjectKind.relatedBit != 0 }

    /// Whether there are facts of any kind.
    var hasFacts: Bool { kinds & SubjectKind.factBits != 0 }

    /// Whether they have an identifier of a kind.
    func hasIdentifier(_ kind: String) -> Bool {
        identifiers.contains { $0.end == nil && $0.seen.kind == kind }
    }

    /// Whether an identifier that they have was ever proved.
    var isProved: Bool { identifiers.contains { $0.end == nil && $0.seen.proved != .zero } }

    /// The first identifier that shows a person and not only a device; nil for the anonymous.
    var firstPersonal: CustomerRecord.SeenIdentifier? {
        seenIdentifier {
            $0.seen.strength != .device && $0.seen.kind != "cookie"
        } before: {
            ($0.firstSeen, $0.firstPosition) < ($1.firstSeen, $1.firstPosition)
        }
    }

    /// The last interactions, the newest first.
    func touchpoints<Reader: ViewReader & ~Copyable>(
        atMost most: Int, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Touchpoint] {
        if let (asked, list) = lastTouchpoints, list.count < asked || most <= asked {
            return list.count <= most ? list : Array(list.prefix(most))
        }
        let list = try readTouchpoints(atMost: most, reader)
        lastTouchpoints = (most, list)
        return list
    }

    /// What is known of a contact beside its state; nil where nothing is.
    func contact<Reader: ViewReader & ~Copyable>(
        _ name: KeyName, _ reader: borrowing Reader
    ) throws(ViewFault) -> ContactRow? {
        if let known = contacts.first(where: { $0.name == name }) { return known.row }
        let row = try ContactRow.read(name, reader, key: &contactKey)
        contacts.append((name, row))
        return row
    }

    /// What is kept of a contact, which is known as `contact` tells of it then, too: for both the row is
    /// looked up once.
    func record<Reader: ViewReader & ~Copyable>(
        ofContact name: KeyName, _ reader: borrowing Reader
    ) throws(ViewFault) -> SubjectRecord? {
        var record: SubjectRecord?
        SubjectRecord.writeKey(.contact, to: &contactKey)
        contactKey.append(contentsOf: name.bytes)
        var row: ContactRow?
        try reader.row(contactKey) { (bytes) throws(ViewFault) in
            record = try SubjectRecord.shown(bytes)
            row = try ContactRow.decoded(bytes)
        }
        contacts.append((name, row))
        return record
    }

    /// All orders of the person that count, oldest first, each once.
    func purchases<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [Purchase] {
        guard has(.order) else { return [] }
        if let allPurchases { return allPurchases }
        let all = try readPurchases(reader)
        allPurchases = all
        return all
    }

    private func readPurchases<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [Purchase] {
        var all: [Purchase] = []
        var key: [UInt8] = []
        for member in members {
            PurchasesRecord.writeKey(member, to: &key)
            try reader.row(key) { (row) throws(ViewFault) in
                all += try PurchasesRecord.decoded(row).purchases
            }
        }
        guard members.count > 1 else { return all }
        all.sort(by: Purchase.precedes)
        var known: Set<Position> = []
        all.removeAll { !known.insert($0.position).inserted }
        return all
    }
}

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
    private(set) var identifiers: [CustomerRecord.SeenIdentifier] = []
    private(set) var counts = CustomerCounts()
    private var kinds: UInt32 = 0

    private var things: [ThingList] = []
    private var contacts: [(name: KeyName, row: ContactRow?)] = []
    private var lastTouchpoints: (most: Int, list: [Touchpoint])?
    private var allPurchases: [Purchase]?

    /// Reads the members' rows; nil when none of them has one.
    convenience init?<Reader: ViewReader & ~Copyable>(
        _ members: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) {
        let rows = try CustomerRows(members, reader)
        guard !rows.isEmpty else { return nil }
        try self.init(rows)
    }

    /// Takes the members' rows, of which there is one at least.
    init(_ rows: CustomerRows) throws(ViewFault) {
        members = rows.members
        try rows.forEach { (row) throws(ViewFault) in add(try CustomerRecord.decoded(row)) }
    }

    private func add(_ record: CustomerRecord) {
        firstContact = min(firstContact, record.firstContact)
        lastContact = max(lastContact, record.lastContact)
        kinds |= record.kinds
        guard !identifiers.isEmpty else {
            identifiers = record.identifiers
            return counts.add(record.counts)
        }
        counts.add(record.counts)
        for identifier in record.identifiers
        where !identifiers.contains(where: {
            $0.kind == identifier.kind && $0.value == identifier.value
        }) {
            identifiers.append(identifier)
        }
    }

    /// Whether there are subjects of a kind.
    func has(_ kind: SubjectKind) -> Bool { kinds & kind.bit != 0 }

    /// Whether events of theirs name others.
    var namesOthers: Bool { kinds & SubjectKind.relatedBit != 0 }

    /// Whether there are facts of any kind.
    var hasFacts: Bool { kinds & SubjectKind.factBits != 0 }

    /// The first identifier that shows a person and not only a device; nil for the anonymous.
    var firstPersonal: CustomerRecord.SeenIdentifier? {
        identifiers.filter { $0.strength != .device && $0.kind != "cookie" }
            .min { ($0.firstSeen, $0.firstPosition) < ($1.firstSeen, $1.firstPosition) }
    }

    /// Returns things that were read before; nil where they have to be read.
    func known(_ kind: SubjectKind, atMost most: Int, closedToo: Bool) -> [Subject]? {
        for list in things where list.kind == kind {
            if let known = list.first(most, closedToo: closedToo) { return known }
        }
        return nil
    }

    /// Keeps things that were read.
    func note(_ list: ThingList) { things.append(list) }

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
        let row = try ContactRow.read(name, reader)
        contacts.append((name, row))
        return row
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

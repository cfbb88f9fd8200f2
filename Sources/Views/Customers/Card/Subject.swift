internal import ContactCentre
internal import EventModel

/// A thing or a fact of a person, read. A class, so that handing one on counts one reference and not those
/// of all that is kept of it.
final class Subject {
    let kind: SubjectKind
    /// The thing's name, or that of the incident or customer whom a fact is about; none for other
    /// facts, whose values tell.
    let name: KeyName
    /// Whether something is still to come of it, as the person's list of things says.
    let isOpen: Bool
    private(set) var record: SubjectRecord
    /// Where it stands, of an order.
    let standing: OrderStanding?

    init(_ kind: SubjectKind, _ name: KeyName, isOpen: Bool, _ record: SubjectRecord) {
        self.kind = kind
        self.name = name
        self.isOpen = isOpen
        self.record = record
        standing = kind == .order ? OrderStanding(record) : nil
    }

    /// Adds what another member of the person has of the same fact.
    func merge(_ other: SubjectRecord) { record.merge(other) }
}

/// Reading what a person has.
extension Person {
    /// Reads a thing by its name; nil where there is none.
    static func record<Reader: ViewReader & ~Copyable>(
        _ kind: SubjectKind, _ name: KeyName, _ reader: borrowing Reader
    ) throws(ViewFault) -> SubjectRecord? {
        var record: SubjectRecord?
        try reader.row(key(kind, name)) { (row) throws(ViewFault) in
            record = try SubjectRecord.decoded(row)
        }
        return record
    }

    /// Reads what documents show of a thing; nil where there is none.
    static func shown<Reader: ViewReader & ~Copyable>(
        _ kind: SubjectKind, _ name: KeyName, _ reader: borrowing Reader
    ) throws(ViewFault) -> SubjectRecord? {
        var record: SubjectRecord?
        try reader.row(key(kind, name)) { (row) throws(ViewFault) in
            record = try SubjectRecord.shown(row)
        }
        return record
    }

    private static func key(_ kind: SubjectKind, _ name: KeyName) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(2 + name.bytes.count)
        SubjectRecord.writeKey(kind, to: &key)
        key.append(contentsOf: name.bytes)
        return key
    }

    /// The person's facts of all kinds, by kind and name; members' facts of one name together.
    func facts<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [Subject] {
        guard hasFacts else { return [] }
        var found: [(key: [UInt8], subject: Subject)] = []
        for member in members {
            let start = CustomerKey.start(member, SubjectRecord.factKind)
            // Behind all others stand referrals, of which nothing is shown here and there may be many.
            try reader.rows(from: start, below: start + [SubjectKind.referral.rawValue]) {
                key, row throws(ViewFault) in
                guard let kind = SubjectKind(rawValue: key[start.count]) else { return true }
                let name = key.extracting(start.count..<key.byteCount).copied()
                let record = try SubjectRecord.shown(row)
                let known =
                    members.count > 1 ? found.firstIndex(where: { $0.key == name }) : nil
                if let index = known {
                    found[index].subject.merge(record)
                } else {
                    let isAboutOther = kind == .household || kind == .incidentLink
                    let other = isAboutOther ? try KeyName(checking: name.dropFirst()) : .none
                    found.append((name, Subject(kind, other, isOpen: true, record)))
                }
                return true
            }
        }
        if members.count > 1 { found.sort { $0.key.lexicographicallyPrecedes($1.key) } }
        return found.map(\.subject)
    }
}

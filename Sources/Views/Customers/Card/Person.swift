internal import ContactCentre
internal import EventModel

/// A person as their members' rows together say: a person is one customer or several that turned
/// out to be the same.
struct Person {
    /// Oldest first; the first gives the person its name.
    let members: [CustomerID]
    private(set) var firstContact = Timestamp.latest
    private(set) var lastContact = Timestamp.earliest
    private(set) var identifiers: [CustomerRecord.SeenIdentifier] = []
    private(set) var counts = CustomerCounts()
    private var kinds: UInt32 = 0

    /// Reads the members' rows; nil when none of them has one.
    init?<Reader: ViewReader & ~Copyable>(
        _ members: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) {
        self.members = members
        var isKnown = false
        for member in members {
            let row = try reader.row(CustomerRecord.key(member))
            guard let record = try CustomerRecord.decoded(row) else { continue }
            isKnown = true
            add(record)
        }
        guard isKnown else { return nil }
    }

    private mutating func add(_ record: CustomerRecord) {
        firstContact = min(firstContact, record.firstContact)
        lastContact = max(lastContact, record.lastContact)
        counts.add(record.counts)
        kinds |= record.kinds
        for identifier in record.identifiers
        where !identifiers.contains(where: {
            $0.kind == identifier.kind && $0.value == identifier.value
        }) {
            identifiers.append(identifier)
        }
    }

    /// Whether there are subjects of a kind.
    func has(_ kind: SubjectKind) -> Bool { kinds & kind.bit != 0 }

    /// The first identifier that shows a person and not only a device; nil for the anonymous.
    var firstPersonal: CustomerRecord.SeenIdentifier? {
        identifiers.filter { $0.strength != .device && $0.kind != "cookie" }
            .min { ($0.firstSeen, $0.firstPosition) < ($1.firstSeen, $1.firstPosition) }
    }
}

/// A thing or a fact of a person, read.
struct Subject {
    let kind: SubjectKind
    /// The thing's name; empty for a fact, whose values tell.
    let name: String
    var record: SubjectRecord
}

/// Reading what a person has.
extension Person {
    /// The person's things of a kind: what is open first, then the newest first.
    ///
    /// - Parameter closedToo: Whether what is over counts.
    func things<Reader: ViewReader & ~Copyable>(
        _ kind: SubjectKind, atMost most: Int, closedToo: Bool, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Subject] {
        guard has(kind) else { return [] }
        var places: [[UInt8]] = []
        var start: [UInt8] = []
        for member in members {
            PlaceRow.writeStart(member, kind, to: &start)
            let room = places.count + most
            try reader.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
                guard key.byteCount > PlaceRow.nameOffset, closedToo || key[start.count] == 0 else {
                    return false
                }
                // What follows the person is the order of the list.
                places.append(key.extracting(start.count..<key.byteCount).copied())
                return places.count < room
            }
        }
        if members.count > 1 {
            places.sort { $0.lexicographicallyPrecedes($1) }
            var known: Set<[UInt8]> = []
            places.removeAll { !known.insert($0).inserted }
        }
        var found: [Subject] = []
        for place in places.prefix(most) {
            guard let subject = try Self.thing(kind, place.dropFirst(9), reader) else { continue }
            found.append(subject)
        }
        return found
    }

    /// Reads a thing by its name as a part of keys; nil where there is none.
    static func thing<Reader: ViewReader & ~Copyable>(
        _ kind: SubjectKind, _ name: ArraySlice<UInt8>, _ reader: borrowing Reader
    ) throws(ViewFault) -> Subject? {
        var key: [UInt8] = []
        SubjectRecord.writeKey(kind, to: &key)
        key.append(contentsOf: name)
        guard let record = try SubjectRecord.decoded(try reader.row(key)) else { return nil }
        let text = unsafe try key.span.bytes.keyText(at: 2).text
        return Subject(kind: kind, name: text, record: record)
    }

    /// The person's facts of all kinds, by kind and name; members' facts of one name together.
    func facts<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [Subject] {
        guard kinds & SubjectKind.factBits != 0 else { return [] }
        var found: [(key: [UInt8], subject: Subject)] = []
        for member in members {
            var start = [SubjectRecord.factPrefix]
            start.append(bigEndian: member.rawValue)
            try reader.rows(from: start, below: start.keyAfterCustomer) {
                key, row throws(ViewFault) in
                guard let kind = SubjectKind(rawValue: key[start.count]) else { return true }
                let name = key.extracting(start.count..<key.byteCount).copied()
                let record = try SubjectRecord.decoded(row)
                if let index = found.firstIndex(where: { $0.key == name }) {
                    found[index].subject.record.merge(record)
                } else {
                    found.append((name, Subject(kind: kind, name: "", record: record)))
                }
                return true
            }
        }
        if members.count > 1 { found.sort { $0.key.lexicographicallyPrecedes($1.key) } }
        return found.map(\.subject)
    }

    /// All orders of the person that count, oldest first, each once.
    func purchases<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [Purchase] {
        guard has(.order) else { return [] }
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

extension [UInt8] {
    /// Returns the key after all that start with a prefix byte and a customer.
    var keyAfterCustomer: [UInt8] {
        let next = self[1...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } &+ 1
        guard next != 0 else { return [self[0] + 1] }
        var end = [self[0]]
        end.append(bigEndian: next)
        return end
    }
}

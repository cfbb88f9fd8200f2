internal import ContactCentre
internal import EventModel

/// A thing or a fact of a person, read.
struct Subject {
    let kind: SubjectKind
    /// The thing's name, or that of the incident or customer whom a fact is about; none for other
    /// facts, whose values tell.
    let name: KeyName
    /// Whether something is still to come of it, as the person's list of things says.
    let isOpen: Bool
    var record: SubjectRecord
    /// Where it stands, of an order.
    let standing: OrderStanding?

    init(_ kind: SubjectKind, _ name: KeyName, isOpen: Bool, _ record: SubjectRecord) {
        self.kind = kind
        self.name = name
        self.isOpen = isOpen
        self.record = record
        standing = kind == .order ? OrderStanding(record) : nil
    }
}

/// What was read of a person's things of one kind.
struct ThingList {
    let kind: SubjectKind
    /// How many were asked for.
    private let most: Int
    private let closedToo: Bool
    /// Whether there are no more.
    private let isWhole: Bool
    private let things: [Subject]

    /// Takes what was found.
    ///
    /// - Parameter places: How many places of such things were found.
    init(_ kind: SubjectKind, atMost most: Int, closedToo: Bool, places: Int, _ things: [Subject]) {
        self.kind = kind
        self.most = most
        self.closedToo = closedToo
        isWhole = places < most
        self.things = things
    }

    /// Returns the first of them, or nil where more would have to be read. What is open comes first.
    func first(_ count: Int, closedToo: Bool) -> [Subject]? {
        let isEnough = isWhole || most >= count
        if closedToo {
            guard self.closedToo, isEnough else { return nil }
            return Self.first(count, of: things)
        }
        guard self.closedToo else { return isEnough ? Self.first(count, of: things) : nil }
        let open = things.firstIndex { !$0.isOpen } ?? things.count
        guard isEnough || open < things.count else { return nil }
        return Self.first(min(count, open), of: things)
    }

    private static func first(_ count: Int, of things: [Subject]) -> [Subject] {
        things.count <= count ? things : Array(things.prefix(count))
    }
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
        if let known = known(kind, atMost: most, closedToo: closedToo) { return known }
        let places = try places(kind, atMost: most, closedToo: closedToo, reader)
        var found: [Subject] = []
        found.reserveCapacity(min(most, places.count))
        for place in places.prefix(most) {
            let name = try KeyName(checking: place.dropFirst(Self.placeNameOffset))
            guard let record = try Self.record(kind, name, reader) else { continue }
            let isOpen = place[place.startIndex] == 0
            found.append(Subject(kind, name, isOpen: isOpen, record))
        }
        note(ThingList(kind, atMost: most, closedToo: closedToo, places: places.count, found))
        return found
    }

    /// Where in what a key says behind person and kind a thing's name starts.
    private static let placeNameOffset = 9

    /// The places of the person's things of a kind, as their keys say it behind person and kind:
    /// that is the order of the list.
    private func places<Reader: ViewReader & ~Copyable>(
        _ kind: SubjectKind, atMost most: Int, closedToo: Bool, _ reader: borrowing Reader
    ) throws(ViewFault) -> [ArraySlice<UInt8>] {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        var start: [UInt8] = []
        for member in members {
            PlaceRow.writeStart(member, kind, to: &start)
            let room = ends.count + most
            try reader.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
                guard key.byteCount > PlaceRow.nameOffset, closedToo || key[start.count] == 0 else {
                    return false
                }
                bytes.append(key.extracting(start.count..<key.byteCount))
                ends.append(bytes.count)
                return ends.count < room
            }
        }
        var places: [ArraySlice<UInt8>] = []
        places.reserveCapacity(ends.count)
        var begin = 0
        for end in ends {
            places.append(bytes[begin..<end])
            begin = end
        }
        guard members.count > 1 else { return places }
        places.sort { $0.lexicographicallyPrecedes($1) }
        var known: Set<ArraySlice<UInt8>> = []
        places.removeAll { !known.insert($0).inserted }
        return places
    }

    /// Reads a thing by its name; nil where there is none.
    static func record<Reader: ViewReader & ~Copyable>(
        _ kind: SubjectKind, _ name: KeyName, _ reader: borrowing Reader
    ) throws(ViewFault) -> SubjectRecord? {
        var key: [UInt8] = []
        SubjectRecord.writeKey(kind, to: &key)
        key.append(contentsOf: name.bytes)
        var record: SubjectRecord?
        try reader.row(key) { (row) throws(ViewFault) in record = try SubjectRecord.decoded(row) }
        return record
    }

    /// The person's facts of all kinds, by kind and name; members' facts of one name together.
    func facts<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [Subject] {
        guard hasFacts else { return [] }
        var found: [(key: [UInt8], subject: Subject)] = []
        for member in members {
            let start = CustomerKey.start(member, SubjectRecord.factKind)
            try reader.rows(from: start, below: start.keyAfterPrefix) {
                key, row throws(ViewFault) in
                guard let kind = SubjectKind(rawValue: key[start.count]) else { return true }
                let name = key.extracting(start.count..<key.byteCount).copied()
                let record = try SubjectRecord.decoded(row)
                if let index = found.firstIndex(where: { $0.key == name }) {
                    found[index].subject.record.merge(record)
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

internal import ContactCentre
internal import EventModel

/// Where a person's things of one kind are found, in the order of their rows (`PlaceRow`); and those that
/// were read.
struct PlaceList {
    /// One of them.
    struct Place {
        let name: KeyName
        /// Whether something is still to come of it.
        let isOpen: Bool
        /// Whether it gives signals by itself.
        let givesSignals: Bool
        /// The thing, once it is read.
        var thing: Subject?

        init(_ name: ArraySlice<UInt8>, _ row: PlaceRow) throws(ViewFault) {
            self.name = try KeyName(checking: name)
            isOpen = row.isOpen
            givesSignals = row.givesSignals ?? false
        }
    }

    let kind: SubjectKind
    /// How many were asked for.
    let most: Int
    var places: [Place]

    /// Whether the first of them are those of all that there are.
    func holds(_ count: Int) -> Bool { most >= count || places.count < most }
}

/// Reading a person's things.
extension Person {
    /// Things of a kind that are looked at for signals, and surveys for how content somebody is.
    static let thingsRead = 8

    /// How many are looked at for those that give signals.
    private static let thingsLookedAt = 64

    /// The person's things of a kind: what is open first, then the newest first; of surveys what was
    /// answered, of notes what is pinned.
    ///
    /// - Parameter closedToo: Whether what is over counts.
    func things<Reader: ViewReader & ~Copyable>(
        _ kind: SubjectKind, atMost most: Int, closedToo: Bool, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Subject] {
        try things(kind, atMost: most, reader) { closedToo || $0.isOpen }
    }

    /// The first things of a kind that give signals by themselves, now or later: no other is read.
    func signallingThings<Reader: ViewReader & ~Copyable>(
        _ kind: SubjectKind, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Subject] {
        guard has(kind) else { return [] }
        // Mostly those are all, and the card has looked for as many.
        let list = try placeList(kind, atMost: Self.thingsRead, reader)
        let areAll = lists[list].places.count < Self.thingsRead
        return try things(
            kind, atMost: areAll ? Self.thingsRead : Self.thingsLookedAt, reader
        ) { $0.givesSignals }
    }

    /// Whether they have ordered something from a moment on, paid or not: among the orders that are open
    /// and the last others.
    func hasOrdered<Reader: ViewReader & ~Copyable>(
        since moment: Timestamp, _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        let orders = try things(.order, atMost: 2 * Self.thingsRead, closedToo: true, reader)
        return orders.contains { $0.standing.map { $0.placed >= moment } ?? false }
    }

    private func things<Reader: ViewReader & ~Copyable>(
        _ kind: SubjectKind, atMost most: Int, _ reader: borrowing Reader,
        where isAsked: (PlaceList.Place) -> Bool
    ) throws(ViewFault) -> [Subject] {
        guard has(kind) else { return [] }
        let list = try placeList(kind, atMost: most, reader)
        var found: [Subject] = []
        for number in lists[list].places.indices.prefix(most) {
            let place = lists[list].places[number]
            guard isAsked(place) else { continue }
            if let thing = place.thing {
                found.append(thing)
                continue
            }
            guard let record = try Self.shown(kind, place.name, reader) else { continue }
            let thing = Subject(kind, place.name, isOpen: place.isOpen, record)
            lists[list].places[number].thing = thing
            found.append(thing)
        }
        return found
    }

    /// The number of the list of a kind, which is read where it is not known as far as is asked.
    private func placeList<Reader: ViewReader & ~Copyable>(
        _ kind: SubjectKind, atMost most: Int, _ reader: borrowing Reader
    ) throws(ViewFault) -> Int {
        let known = lists.firstIndex { $0.kind == kind }
        if let known, lists[known].holds(most) { return known }
        let list = PlaceList(
            kind: kind, most: most, places: try readPlaces(kind, atMost: most, reader))
        guard let known else {
            lists.append(list)
            return lists.count - 1
        }
        lists[known] = list
        return known
    }

    /// Where in what a key says behind person and kind a thing's name starts.
    private static let placeNameOffset = 9
    /// What a place takes, as a rule.
    private static let placeBytesExpected = 48

    private func readPlaces<Reader: ViewReader & ~Copyable>(
        _ kind: SubjectKind, atMost most: Int, _ reader: borrowing Reader
    ) throws(ViewFault) -> [PlaceList.Place] {
        // What keys say behind person and kind, one behind the other: that is the order of the list.
        var bytes: [UInt8] = []
        var found: [(end: Int, row: PlaceRow)] = []
        let expected = min(most, Self.thingsRead)
        bytes.reserveCapacity(expected * Self.placeBytesExpected)
        found.reserveCapacity(expected)
        var start: [UInt8] = []
        for member in members {
            PlaceRow.writeStart(member, kind, to: &start)
            let room = found.count + most
            try reader.rows(from: start, below: start.keyAfterPrefix) {
                key, row throws(ViewFault) in
                guard key.byteCount > PlaceRow.nameOffset else { return false }
                bytes.append(key.extracting(start.count..<key.byteCount))
                found.append((bytes.count, try PlaceRow.decoded(row)))
                return found.count < room
            }
        }
        guard members.count > 1 else { return try Self.places(found, in: bytes) }
        var keys: [(key: ArraySlice<UInt8>, row: PlaceRow)] = []
        keys.reserveCapacity(found.count)
        var begin = 0
        for (end, row) in found {
            keys.append((bytes[begin..<end], row))
            begin = end
        }
        keys.sort { $0.key.lexicographicallyPrecedes($1.key) }
        var known: Set<ArraySlice<UInt8>> = []
        keys.removeAll { !known.insert($0.key).inserted }
        var places: [PlaceList.Place] = []
        places.reserveCapacity(min(most, keys.count))
        for (key, row) in keys.prefix(most) {
            places.append(try PlaceList.Place(key.dropFirst(Self.placeNameOffset), row))
        }
        return places
    }

    /// The places of a person of one customer, which stand in their order already, and once.
    private static func places(
        _ found: [(end: Int, row: PlaceRow)], in bytes: [UInt8]
    ) throws(ViewFault) -> [PlaceList.Place] {
        var places: [PlaceList.Place] = []
        places.reserveCapacity(found.count)
        var begin = 0
        for (end, row) in found {
            places.append(try PlaceList.Place(bytes[(begin + placeNameOffset)..<end], row))
            begin = end
        }
        return places
    }
}

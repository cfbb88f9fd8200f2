internal import EventModel

/// Customers that were ever united or kept apart, and by what.
///
///     key  'g', u64 group, packed: one of its customers, by which identifiers find it
///     row  u8 version = 2; num count of unions, then each:
///              num customer, packed; num customer, packed; u8 UnionRule;
///              num position, as the distance from the one before; num which of the event's unions;
///              int recorded, ms UTC;
///              num position it ended at, 0 = it stands
///          num count of customers whose identifiers are theirs no more, by rising id, then each as
///          IdentifierEnd draws it
///
/// A person at a position is what the unions that stood then connect. Groups only grow: what ends is
/// kept, so that every position has its persons, and an end gives back what was before.
struct GroupRecord: RowRecord {
    static let prefix = UInt8(ascii: "g")
    static let version: UInt8 = 2
    static var keptRowsMax: Int { ViewLimits.keptRowsMax }

    struct Union: Equatable {
        var left: CustomerID
        var right: CustomerID
        var rule: UnionRule
        var position: Position
        /// Which of the unions that the event made, counted from 0.
        var number: UInt64
        var recorded: Timestamp
        /// Where it ended; zero while it stands.
        var ended = Position.zero

        func stands(asOf position: Position) -> Bool {
            rule != .separated && self.position <= position
                && (ended == .zero || ended > position)
        }
    }

    /// In the order in which they were made.
    private(set) var unions: [Union] = []
    /// All customers, rising.
    private(set) var members: [CustomerID] = []
    /// The person of each member now: the oldest customer that it is connected with.
    private(set) var persons: [CustomerID] = []
    /// Whose identifiers are theirs no more, by rising customer.
    private(set) var ends: [IdentifierEnd] = []

    init() {}

    var isEmpty: Bool { unions.isEmpty }

    static func writeKey(_ group: CustomerID, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(bigEndian: group.packed)
    }

    /// Returns the person of a member now. Complexity: O(log members).
    func person(of member: CustomerID) -> CustomerID {
        members.place(of: member).map { persons[$0] } ?? member
    }

    /// Returns the members that are one person now, the oldest first.
    func members(ofPerson person: CustomerID) -> [CustomerID] {
        members.indices.filter { persons[$0] == person }.map { members[$0] }
    }

    /// Returns the persons of all members as of a position, in the order of `members`.
    func persons(asOf position: Position) -> [CustomerID] {
        var connections = Connections(count: members.count)
        for union in unions where union.stands(asOf: position) {
            connections.connect(place(union.left), place(union.right))
        }
        // The root of a tree is its least place, and so its oldest member.
        return members.indices.map { members[connections.root($0)] }
    }

    private func place(_ member: CustomerID) -> Int {
        guard let place = members.place(of: member) else {
            preconditionFailure("the customers of unions are members")
        }
        return place
    }

    /// Tells whether somebody has said that two of its persons are two.
    func keepsApart(_ left: CustomerID, _ right: CustomerID) -> Bool {
        unions.contains { union in
            guard union.rule == .separated else { return false }
            let pair = (person(of: union.left), person(of: union.right))
            return pair == (left, right) || pair == (right, left)
        }
    }

    /// Adds a union behind all others.
    mutating func add(_ union: Union) {
        unions.append(union)
        insert(union.left)
        insert(union.right)
        guard union.rule != .separated else { return }
        let (left, right) = (person(of: union.left), person(of: union.right))
        let (oldest, other) = (min(left, right), max(left, right))
        for place in persons.indices where persons[place] == other { persons[place] = oldest }
    }

    private mutating func insert(_ member: CustomerID) {
        let place = members.firstPlace(notBelow: member)
        guard place == members.count || members[place] != member else { return }
        members.insert(member, at: place)
        persons.insert(member, at: place)
    }

    /// Takes note that the identifier of a member is theirs no more; that stays as it is.
    mutating func note(_ end: IdentifierEnd) {
        let place = ends.firstIndex { $0.customer >= end.customer } ?? ends.count
        guard place == ends.count || ends[place].customer != end.customer else { return }
        ends.insert(end, at: place)
    }

    /// Takes in all of another group.
    mutating func absorb(_ other: GroupRecord) {
        for end in other.ends { note(end) }
        unions = (unions + other.unions).sorted {
            ($0.position, $0.number) < ($1.position, $1.number)
        }
        rebuild()
    }

    /// Ends the unions that concern a member.
    ///
    /// - Returns: Whether there were any.
    mutating func end(with member: CustomerID, at position: Position) -> Bool {
        var isChanged = false
        for place in unions.indices
        where unions[place].stands(asOf: position)
            && (unions[place].left == member || unions[place].right == member)
        {
            unions[place].ended = position
            isChanged = true
        }
        if isChanged { rebuild() }
        return isChanged
    }

    /// Forgets a member who is erased, and everything that united them or kept them apart.
    ///
    /// - Returns: Those who are in no union any more with that, who were before.
    mutating func forget(_ member: CustomerID) -> [CustomerID] {
        let before = members
        unions.removeAll { $0.left == member || $0.right == member }
        rebuild()
        return before.filter { $0 != member && members.place(of: $0) == nil }
    }

    /// Ends the unions that made two customers one person: again and again the one with which they
    /// became connected, until they are not.
    mutating func cut(_ left: CustomerID, from right: CustomerID, at position: Position) {
        guard let first = members.place(of: left), let second = members.place(of: right) else {
            return
        }
        while true {
            var connections = Connections(count: members.count)
            let joining = unions.indices.first { place in
                guard unions[place].stands(asOf: position) else { return false }
                connections.connect(
                    self.place(unions[place].left), self.place(unions[place].right))
                return connections.root(first) == connections.root(second)
            }
            guard let joining else { break }
            unions[joining].ended = position
        }
        rebuild()
    }

    private mutating func rebuild() {
        var all: [CustomerID] = []
        for union in unions {
            all.append(union.left)
            all.append(union.right)
        }
        members.removeAll(keepingCapacity: true)
        for member in all.sorted() where member != members.last { members.append(member) }
        persons = persons(asOf: Position(.max))
        ends.removeAll { members.place(of: $0.customer) == nil }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "group row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("group row version", at: 0)
        }
        var last: UInt64 = 0
        for _ in 0..<(try reader.count()) {
            let left = CustomerID(packed: try reader.varint())
            let right = CustomerID(packed: try reader.varint())
            guard let rule = UnionRule(rawValue: try reader.byte()) else {
                throw MalformedBytes("rule of a union", at: reader.offset)
            }
            last &+= try reader.varint()
            unions.append(
                Union(
                    left: left, right: right, rule: rule, position: Position(last),
                    number: try reader.varint(),
                    recorded: Timestamp(milliseconds: try reader.zigzag()),
                    ended: Position(try reader.varint())))
        }
        for _ in 0..<(try reader.count()) { ends.append(try IdentifierEnd(from: &reader)) }
        guard reader.isAtEnd else { throw MalformedBytes("group row", at: reader.offset) }
        rebuild()
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(unions.count))
        var last: UInt64 = 0
        for union in unions {
            row.append(varint: union.left.packed)
            row.append(varint: union.right.packed)
            row.append(union.rule.rawValue)
            row.append(varint: union.position.rawValue &- last)
            row.append(varint: union.number)
            row.append(zigzag: union.recorded.rawValue)
            row.append(varint: union.ended.rawValue)
            last = union.position.rawValue
        }
        row.append(varint: UInt64(ends.count))
        for end in ends { end.encode(into: &row) }
    }
}

extension [CustomerID] {
    /// The first place that holds no smaller one; the array rises.
    fileprivate func firstPlace(notBelow customer: CustomerID) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < customer { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where one stands; the array rises.
    func place(of customer: CustomerID) -> Int? {
        let place = firstPlace(notBelow: customer)
        return place < count && self[place] == customer ? place : nil
    }
}

/// Which places are connected: a forest whose roots are their trees' least places.
private struct Connections {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func root(_ place: Int) -> Int {
        var place = place
        while parents[place] != place {
            parents[place] = parents[parents[place]]
            place = parents[place]
        }
        return place
    }

    mutating func connect(_ left: Int, _ right: Int) {
        let (first, second) = (root(left), root(right))
        parents[max(first, second)] = min(first, second)
    }
}

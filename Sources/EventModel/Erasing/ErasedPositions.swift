/// Which events an erasure concerns, and which of their identifiers: what `customer.erased` says in
/// text, without anything of the person.
///
///     groups with semicolons between them; a group:
///         identifiers ":" ranges
///     identifiers, with commas between them, by their number in the event from 0:
///         number "=" customer "/" person     counted from the erasure's surrogate; behind those where
///                                            it matters "/" number, which of the customers that the
///                                            event founded it was, and "/d" where it shows a device
///         number "="                         it was nobody's
///         number "=" customer "/" person     from 16 on it is none: the event made the customer another
///                                            person's. Somebody else's id stands for who stays and was
///                                            one with them
///     ranges of positions, rising, with commas between them; a bound that is shorter so stands as
///     "+" and its distance from the one before in its group
///
///     0=0/0:5,9-12;0=1/0,2=0/0:20;:6-8;0=0/0/0:4;1=0/0//d,2=:31
///     0=0/0:418230,+12-+3
///     0=0/c_3:9;16=0/0,17=c_8/c_8:12
public struct ErasedPositions: Hashable, Sendable {
    /// What stands for the identifiers of some events.
    public struct Pattern: Hashable, Sendable {
        /// An identifier's number in its event, and whose it was.
        public struct Entry: Hashable, Sendable {
            /// The number in the event, from 0; beyond that of any identifier it says whose person the
            /// event made a customer.
            public var identifier: Int
            /// Whose it was as of that event; nil where it was nobody's.
            public var holder: Holder?
            /// Whether it is no identifier.
            public var isMove: Bool { identifier >= EventLimits.identifiersMax }

            /// Names both.
            public init(identifier: Int, holder: Holder?) {
                self.identifier = identifier
                self.holder = holder
            }

            /// Names an identifier of a customer and a person.
            public init(identifier: Int, customer: Int, person: Int) {
                self.init(
                    identifier: identifier,
                    holder: Holder(customer: .theirs(customer), person: .theirs(person)))
            }
        }

        /// Who is meant.
        public enum Name: Hashable, Sendable {
            /// One of those who are erased, by number among the surrogates, from 0.
            case theirs(Int)
            /// Somebody who stays.
            case other(CustomerID)
        }

        /// Which surrogates stand for a customer and for their person as of an event; in the last
        /// event of a customer that as of the erasure.
        public struct Holder: Hashable, Sendable {
            /// The customer; of an identifier one of theirs.
            public var customer: Name
            /// The person.
            public var person: Name
            /// Which of the customers whom the event founded they were, from 0: nobody else gets that
            /// number. Nil where another event founded them.
            public var founded: Int?
            /// Whether the identifier shows a device.
            public var isDevice: Bool

            /// Names them.
            public init(
                customer: Name, person: Name, founded: Int? = nil, isDevice: Bool = false
            ) {
                self.customer = customer
                self.person = person
                self.founded = founded
                self.isDevice = isDevice
            }
        }

        /// The identifiers that go, by rising number.
        public var entries: [Entry]

        /// Names what stands for identifiers.
        public init(_ entries: [Entry] = []) { self.entries = entries }
    }

    /// The positions of each pattern, rising.
    public private(set) var groups: [(pattern: Pattern, ranges: [ClosedRange<UInt64>])] = []

    /// Names no event.
    public init() {}

    /// Whether no event is named.
    public var isEmpty: Bool { groups.isEmpty }

    /// How many events are named.
    public var count: Int {
        groups.reduce(0) {
            $0 + $1.ranges.reduce(0) { $0 + Int($1.upperBound - $1.lowerBound) + 1 }
        }
    }

    /// Adds an event; they come in rising order.
    public mutating func add(_ position: Position, _ pattern: Pattern) {
        guard let place = groups.firstIndex(where: { $0.pattern == pattern }) else {
            return groups.append((pattern, [position.rawValue...position.rawValue]))
        }
        let last = groups[place].ranges.count - 1
        let range = groups[place].ranges[last]
        if range.upperBound + 1 == position.rawValue {
            groups[place].ranges[last] = range.lowerBound...position.rawValue
        } else {
            groups[place].ranges.append(position.rawValue...position.rawValue)
        }
    }

    /// Calls a closure with each event that is named, or with those within bounds.
    ///
    /// - Complexity: Within bounds O(log n) for each group, beside the calls.
    public func forEach(
        in bounds: Range<UInt64> = 0..<UInt64.max, _ body: (Position, Pattern) -> Void
    ) {
        guard !bounds.isEmpty else { return }
        for group in groups {
            for range in group.ranges[Self.place(bounds.lowerBound, group.ranges)...] {
                guard range.lowerBound < bounds.upperBound else { break }
                let last = min(range.upperBound, bounds.upperBound - 1)
                for position in max(range.lowerBound, bounds.lowerBound)...last {
                    body(Position(position), group.pattern)
                }
            }
        }
    }

    /// What stands for an event's identifiers; nil where it is not named.
    ///
    /// - Complexity: O(log n) for each group.
    public func pattern(at position: Position) -> Pattern? {
        for group in groups {
            let place = Self.place(position.rawValue, group.ranges)
            guard place < group.ranges.count,
                group.ranges[place].lowerBound <= position.rawValue
            else { continue }
            return group.pattern
        }
        return nil
    }

    /// The first and the last event; nil where none is named.
    public var bounds: ClosedRange<UInt64>? {
        guard let first = groups.compactMap(\.ranges.first?.lowerBound).min(),
            let last = groups.compactMap(\.ranges.last?.upperBound).max()
        else { return nil }
        return first...last
    }

    /// The first of rising ranges that does not end before a position.
    private static func place(_ position: UInt64, _ ranges: [ClosedRange<UInt64>]) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < position { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The text.
    public var text: String {
        groups.map { group in
            var before: UInt64 = 0
            let words = group.ranges.map { range in
                let first = Self.text(of: range.lowerBound, behind: before)
                before = range.upperBound
                guard range.lowerBound < range.upperBound else { return first }
                return first + "-" + Self.text(of: range.upperBound, behind: range.lowerBound)
            }
            return Self.text(of: group.pattern) + ":" + words.joined(separator: ",")
        }.joined(separator: ";")
    }

    /// A bound: as it is, or where that is shorter as its distance from another.
    private static func text(of bound: UInt64, behind other: UInt64) -> String {
        let (whole, distance) = ("\(bound)", "+\(bound - other)")
        return distance.utf8.count < whole.utf8.count ? distance : whole
    }

    /// How many bytes the text grows by, at most, when an event is added.
    func bytes(adding position: Position, _ pattern: Pattern) -> Int {
        guard let group = groups.first(where: { $0.pattern == pattern }) else {
            return Self.text(of: pattern).utf8.count + "\(position)".utf8.count + 2
        }
        let last = group.ranges[group.ranges.count - 1].upperBound
        // What makes a range of a position is a dash, a plus and a digit.
        return last + 1 == position.rawValue
            ? 3 : Self.text(of: position.rawValue, behind: last).utf8.count + 1
    }

    /// The same but for events behind a position.
    ///
    /// - Complexity: O(ranges), however many events they name.
    public func through(_ last: Position) -> ErasedPositions {
        var kept = ErasedPositions()
        for group in groups {
            let ranges = group.ranges.prefix { $0.lowerBound <= last.rawValue }.map {
                $0.lowerBound...min($0.upperBound, last.rawValue)
            }
            if !ranges.isEmpty { kept.groups.append((group.pattern, ranges)) }
        }
        return kept
    }

    private static func text(of pattern: Pattern) -> String {
        pattern.entries.map { "\($0.identifier)=\($0.holder.map(text) ?? "")" }
            .joined(separator: ",")
    }

    private static func text(of holder: Pattern.Holder) -> String {
        var text = text(of: holder.customer) + "/" + text(of: holder.person)
        if holder.founded != nil || holder.isDevice { text += "/" }
        if let founded = holder.founded { text += "\(founded)" }
        return holder.isDevice ? text + "/d" : text
    }

    private static func text(of name: Pattern.Name) -> String {
        switch name {
        case .theirs(let number): "\(number)"
        case .other(let customer): "\(customer)"
        }
    }

    /// Reads the text; nil for anything else, as for numbers that no event has and no surrogate is
    /// counted to.
    public init?(_ text: String) {
        for group in text.split(separator: ";") {
            let parts = group.split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let pattern = Self.pattern(parts[0]) else { return nil }
            var ranges: [ClosedRange<UInt64>] = []
            for range in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                let bounds = range.split(separator: "-", omittingEmptySubsequences: false)
                let before = ranges.last?.upperBound ?? 0
                guard (1...2).contains(bounds.count),
                    let first = Self.bound(bounds[0], behind: before),
                    let last = bounds.count == 1 ? first : Self.bound(bounds[1], behind: first),
                    first > before, first <= last
                else { return nil }
                ranges.append(first...last)
            }
            groups.append((pattern, ranges))
        }
    }

    private static func bound(_ text: Substring, behind other: UInt64) -> UInt64? {
        let isDistance = text.hasPrefix("+")
        let digits = isDistance ? text.dropFirst() : text
        guard !digits.hasPrefix("+"), let number = UInt64(digits),
            number <= Surrogate.positionMax
        else { return nil }
        let bound = isDistance ? other + number : number
        return bound <= Surrogate.positionMax ? bound : nil
    }

    private static func pattern(_ text: Substring) -> Pattern? {
        var pattern = Pattern()
        for word in text.split(separator: ",") {
            let parts = word.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let number = number(parts[0]),
                number < EventLimits.identifiersStoredMax
            else { return nil }
            var entry = Pattern.Entry(identifier: number, holder: nil)
            if !parts[1].isEmpty {
                guard let holder = holder(parts[1]) else { return nil }
                entry.holder = holder
            }
            pattern.entries.append(entry)
        }
        return pattern
    }

    private static func holder(_ text: Substring) -> Pattern.Holder? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (2...4).contains(parts.count), let customer = name(parts[0]),
            let person = name(parts[1])
        else { return nil }
        var holder = Pattern.Holder(customer: customer, person: person)
        if parts.count == 4 {
            guard parts[3] == "d" else { return nil }
            holder.isDevice = true
        }
        guard parts.count > 2, parts.count == 3 || !parts[2].isEmpty else { return holder }
        guard let founded = number(parts[2]), founded < EventLimits.identifiersMax else {
            return nil
        }
        holder.founded = founded
        return holder
    }

    private static func name(_ text: Substring) -> Pattern.Name? {
        if let number = number(text) { return .theirs(number) }
        let bytes = Array(text.utf8)
        return unsafe CustomerID(text: bytes.span.bytes).map { .other($0) }
    }

    private static func number(_ text: Substring) -> Int? { UInt16(text).map(Int.init) }

    /// Compares patterns and positions.
    public static func == (left: ErasedPositions, right: ErasedPositions) -> Bool {
        left.text == right.text
    }

    /// Hashes patterns and positions.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// What stands for an erased person: random, and so beyond every position that events will have.
/// Their customers are counted from it.
public struct Surrogate: Hashable, Sendable {
    private static let mark: UInt64 = 1 << 59
    /// Room above for the customers that are counted from it.
    private static let room: UInt64 = 0xFFFF
    private let base: UInt64

    /// No event has a position beyond this one.
    static let positionMax = mark - 1

    /// Draws one.
    public init(drawing randomBytes: () -> UInt64) {
        base = Self.mark | randomBytes() & (Self.mark - 1) & ~Self.room
    }

    /// Reads its text; nil for anything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let customer = unsafe CustomerID(text: bytes.span.bytes), customer.isSurrogate,
            customer.rawValue >> 60 == 0, customer.rawValue & Self.room == 0
        else { return nil }
        base = customer.rawValue
    }

    /// The text: that of its first customer.
    public var text: String { self[0].description }

    /// One of the person's customers, counted from 0.
    public subscript(_ number: Int) -> CustomerID {
        CustomerID(rawValue: base + UInt64(number))
    }

    /// Who is meant by a name.
    public subscript(_ name: ErasedPositions.Pattern.Name) -> CustomerID {
        switch name {
        case .theirs(let number): self[number]
        case .other(let customer): customer
        }
    }
}

extension CustomerID {
    /// Whether it stands for somebody who has been erased.
    public var isSurrogate: Bool { rawValue & 1 << 59 != 0 }
}

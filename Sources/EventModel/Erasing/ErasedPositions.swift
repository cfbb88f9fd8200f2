/// Which events an erasure concerns, and which of their identifiers: what `customer.erased` says in
/// text, without anything of the person.
///
///     groups with semicolons between them; a group:
///         identifiers ":" ranges
///     identifiers, with commas between them, by their number in the event from 0:
///         number "=" customer "/" person     counted from the erasure's surrogate
///     ranges of positions, rising, with commas between them
///
///     0=0/0:5,9-12;0=1/0,2=0/0:20;:6-8
public struct ErasedPositions: Hashable, Sendable {
    /// What stands for the identifiers of some events.
    public struct Pattern: Hashable, Sendable {
        /// An identifier's number in its event, and which surrogates stand for its customer and for
        /// the person as of that event.
        public struct Entry: Hashable, Sendable {
            /// The number in the event, from 0.
            public var identifier: Int
            /// The number of the customer among the surrogates, from 0.
            public var customer: Int
            /// The number of the person among the surrogates, from 0.
            public var person: Int

            /// Names both.
            public init(identifier: Int, customer: Int, person: Int) {
                self.identifier = identifier
                self.customer = customer
                self.person = person
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

    /// Calls a closure with each event that is named.
    public func forEach(_ body: (Position, Pattern) -> Void) {
        for group in groups {
            for range in group.ranges {
                for position in range { body(Position(position), group.pattern) }
            }
        }
    }

    /// The text.
    public var text: String {
        groups.map { group in
            Self.text(of: group.pattern) + ":"
                + group.ranges.map {
                    $0.lowerBound == $0.upperBound
                        ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
                }.joined(separator: ",")
        }.joined(separator: ";")
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

    /// The same events in portions whose texts fit into an attribute.
    public var portions: [ErasedPositions] {
        var portions: [ErasedPositions] = []
        var bytes = 0
        forEach { position, pattern in
            // Its digits and a comma or a bound, and its pattern between a colon and a semicolon.
            var more = "\(position)".utf8.count + 1
            let isNew = portions.last.map { !$0.has(pattern) } ?? true
            let patternBytes = Self.text(of: pattern).utf8.count + 2
            if isNew { more += patternBytes }
            if portions.isEmpty || bytes + more > EventLimits.textBytesMax {
                portions.append(ErasedPositions())
                bytes = isNew ? 0 : patternBytes
            }
            portions[portions.count - 1].add(position, pattern)
            bytes += more
        }
        return portions
    }

    private func has(_ pattern: Pattern) -> Bool { groups.contains { $0.pattern == pattern } }

    private static func text(of pattern: Pattern) -> String {
        pattern.entries.map { "\($0.identifier)=\($0.customer)/\($0.person)" }
            .joined(separator: ",")
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
                guard (1...2).contains(bounds.count), let first = UInt64(bounds[0]),
                    let last = UInt64(bounds[bounds.count - 1]), first >= 1, first <= last,
                    last <= Surrogate.positionMax, first > ranges.last?.upperBound ?? 0
                else { return nil }
                ranges.append(first...last)
            }
            groups.append((pattern, ranges))
        }
    }

    private static func pattern(_ text: Substring) -> Pattern? {
        var pattern = Pattern()
        for word in text.split(separator: ",") {
            let parts = word.split(omittingEmptySubsequences: false) { $0 == "=" || $0 == "/" }
            let numbers = parts.compactMap { UInt16($0) }.map(Int.init)
            guard parts.count == 3, numbers.count == 3,
                numbers[0] < EventLimits.identifiersMax
            else { return nil }
            pattern.entries.append(
                .init(identifier: numbers[0], customer: numbers[1], person: numbers[2]))
        }
        return pattern
    }

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
}

extension CustomerID {
    /// Whether it stands for somebody who has been erased.
    public var isSurrogate: Bool { rawValue & 1 << 59 != 0 }
}

public import EventModel

/// One `customer.erased` or `event.redacted` as it stands in the log.
public struct Erasure: Hashable, Sendable {
    /// The two events by which something goes.
    public enum Kind: String, Sendable, CaseIterable {
        /// A person is erased.
        case erasure
        /// Fields of events, or parts of their texts, are redacted.
        case redaction

        /// The type of its event.
        public var type: StaticString {
            switch self {
            case .erasure: "customer.erased"
            case .redaction: "event.redacted"
            }
        }

        /// The type of the event that says that it is carried out. Its attribute with the name of
        /// the kind holds the position of the first.
        public var completionType: StaticString {
            switch self {
            case .erasure: "customer.erasureCompleted"
            case .redaction: "event.redactionCompleted"
            }
        }

        /// The kind in documents.
        public var word: StaticString {
            switch self {
            case .erasure: "erasure"
            case .redaction: "redaction"
            }
        }

        /// The attribute that says who asked for it.
        public var actorAttribute: StaticString {
            switch self {
            case .erasure: "erased_by"
            case .redaction: "redacted_by"
            }
        }

        /// The id of the event.
        public func id(_ number: UInt64) -> String { "\(type):\(number)" }

        /// The id of the event that says that it is carried out.
        public func completionID(_ number: UInt64) -> String { "\(completionType):\(number)" }
    }

    /// What goes.
    public enum What: Hashable, Sendable {
        /// Everything about a person, of whom a surrogate is left.
        ///
        /// - `erased`: the events of which everything about a person goes.
        /// - `quoted`: the events of others, of which only identifiers go.
        case person(Surrogate, erased: ErasedPositions, quoted: ErasedPositions)
        /// Fields and parts of texts.
        case parts(RedactedParts)
    }

    /// Which of the log's erasures or redactions it is, from 1 on; its event's id holds it.
    public let number: UInt64
    /// The position of its event.
    public let position: Position
    /// What goes.
    public let what: What

    /// Names one.
    public init(number: UInt64, position: Position, what: What) {
        self.number = number
        self.position = position
        self.what = what
    }

    /// Reads the event; nil where it is not one as the daemon writes them.
    public init?(number: UInt64, _ event: borrowing EventView) {
        guard let what = What(event) else { return nil }
        self.init(number: number, position: event.position, what: what)
    }

    /// The position of the event of which an event says that it is carried out; nil where it says
    /// no such thing.
    public static func completed(by event: borrowing EventView) -> Position? {
        for kind in Kind.allCases where event.type.equals(kind.completionType) {
            return event.integer(kind.word).map { Position(UInt64(clamping: $0)) }
        }
        return nil
    }

    /// Which of the two it is.
    public var kind: Kind { what.kind }

    /// How many events it concerns.
    public var eventCount: Int {
        switch what {
        case .person(_, let erased, let quoted): erased.count + quoted.count
        case .parts(let parts): parts.count
        }
    }

    /// Calls a closure with what goes of each event, or of each within bounds.
    func forEachRemoval(
        in bounds: Range<UInt64> = 0..<UInt64.max, _ body: (Position, PartRemoval) -> Void
    ) {
        switch what {
        case .parts(let parts):
            for part in parts.parts where bounds.contains(part.position.rawValue) {
                body(part.position, part.removal)
            }
        case .person(let surrogate, let erased, let quoted):
            erased.forEach(in: bounds) { position, pattern in
                body(position, Self.removal(pattern, surrogate, takesAll: true))
            }
            quoted.forEach(in: bounds) { position, pattern in
                body(position, Self.removal(pattern, surrogate, takesAll: false))
            }
        }
    }

    /// What goes of an event because of a person; nil where that is nothing.
    ///
    /// - Complexity: O(log n) for each group of positions.
    func removalOfPerson(at position: Position) -> PartRemoval? {
        guard case .person(let surrogate, let erased, let quoted) = what else { return nil }
        if let pattern = erased.pattern(at: position) {
            return Self.removal(pattern, surrogate, takesAll: true)
        }
        return quoted.pattern(at: position).map {
            Self.removal($0, surrogate, takesAll: false)
        }
    }

    private static func removal(
        _ pattern: ErasedPositions.Pattern, _ surrogate: Surrogate, takesAll: Bool
    ) -> PartRemoval {
        var removal = PartRemoval(takesAll: takesAll)
        for entry in pattern.entries {
            let text =
                entry.holder.map { holder in
                    SurrogateHolder(
                        surrogate[holder.customer], person: surrogate[holder.person],
                        founded: holder.founded, isDevice: holder.isDevice,
                        isMove: entry.isMove
                    ).text
                } ?? ""
            if entry.isMove {
                removal.moves.append(text)
            } else {
                removal.surrogates[entry.identifier] = text
            }
        }
        return removal
    }
}

extension Erasure.What {
    /// Which of the two it is.
    public var kind: Erasure.Kind {
        switch self {
        case .person: .erasure
        case .parts: .redaction
        }
    }

    /// The attributes that say it in the event.
    public var words: [(name: String, value: String)] {
        switch self {
        case .parts(let parts): return [("parts", parts.text)]
        case .person(let surrogate, let erased, let quoted):
            var words = [("surrogate", surrogate.text)]
            if !erased.isEmpty { words.append(("positions", erased.text)) }
            if !quoted.isEmpty { words.append(("quoted", quoted.text)) }
            return words
        }
    }

    /// The first and the last event of which something about a person goes; nil where there is none.
    var boundsOfPerson: ClosedRange<UInt64>? {
        guard case .person(_, let erased, let quoted) = self else { return nil }
        let all = [erased.bounds, quoted.bounds].compactMap(\.self)
        guard let first = all.map(\.lowerBound).min(), let last = all.map(\.upperBound).max()
        else { return nil }
        return first...last
    }

    /// Whether it takes nothing.
    var isEmpty: Bool {
        switch self {
        case .person(_, let erased, let quoted): erased.isEmpty && quoted.isEmpty
        case .parts(let parts): parts.isEmpty
        }
    }

    /// The same for a log that ends at a position.
    func through(_ last: Position) -> Self {
        switch self {
        case .person(let surrogate, let erased, let quoted):
            .person(surrogate, erased: erased.through(last), quoted: quoted.through(last))
        case .parts(let parts): .parts(parts.through(last))
        }
    }

    fileprivate init?(_ event: borrowing EventView) {
        if event.type.equals(Erasure.Kind.redaction.type) {
            guard let parts = RedactedParts(event.text("parts") ?? ""), !parts.isEmpty else {
                return nil
            }
            self = .parts(parts)
        } else {
            guard event.type.equals(Erasure.Kind.erasure.type), let name = event.text("surrogate"),
                let surrogate = Surrogate(name),
                let erased = ErasedPositions(event.text("positions") ?? ""),
                let quoted = ErasedPositions(event.text("quoted") ?? "")
            else { return nil }
            self = .person(surrogate, erased: erased, quoted: quoted)
        }
    }
}

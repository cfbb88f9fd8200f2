internal import EventModel

/// What an event of one type does to a subject: which one it is about, what is kept of it, and the
/// state it brings. A class, so that looking one up counts one reference and not those of its lists.
final class SubjectRule: Sendable {
    /// Which events of the type are kept, by (occurred, position); whatever order they arrive in,
    /// the same ones stay.
    enum Keeping: Sendable, Equatable {
        /// The earliest: later ones repeat it.
        case first
        /// So many of the latest.
        case last(Int)
    }

    /// The event's type.
    let type: StaticString
    /// What it is about.
    let kind: SubjectKind
    /// The attributes that name the subject, in the order of its key.
    let names: [StaticString]
    /// The part it is about; nil for the subject as a whole.
    let part: SubjectPart?
    /// The state it brings; nil where it changes none.
    let state: StaticString?
    /// Whether the subject, or the part, still has something to come in that state.
    let isOpen: Bool
    /// Whether that state yields to every other one that closes.
    let yields: Bool
    /// Which are kept.
    let keeping: Keeping
    /// The attributes that are kept; `source` stands for the event's own source.
    let attributes: [StaticString]
    /// What an event must have to be kept at all; nil for nothing.
    let required: StaticString?
    /// Where `source` stands among them.
    let sourceIndex: Int?

    /// How many are kept.
    var keptMax: Int {
        switch keeping {
        case .first: 1
        case .last(let count): count
        }
    }

    /// What a state does.
    enum State: Sendable {
        case opens(StaticString)
        case closes(StaticString)
        /// Closes what nothing else has closed: silence was taken for an end, or may have been.
        case lapses(StaticString)
        case none
    }

    init(
        _ type: StaticString, _ kind: SubjectKind, by names: [StaticString], _ state: State,
        part: SubjectPart? = nil, keeping: Keeping = .last(1), _ attributes: [StaticString] = [],
        onlyWith required: StaticString? = nil
    ) {
        self.type = type
        self.kind = kind
        self.names = names
        self.part = part
        switch state {
        case .opens(let word): (self.state, isOpen, yields) = (word, true, false)
        case .closes(let word): (self.state, isOpen, yields) = (word, false, false)
        case .lapses(let word): (self.state, isOpen, yields) = (word, false, true)
        case .none: (self.state, isOpen, yields) = (nil, false, false)
        }
        self.keeping = keeping
        self.attributes = attributes
        self.required = required
        sourceIndex = attributes.firstIndex { "\($0)" == "source" }
    }
}

extension SubjectRule {
    /// All rules. A rule's place is its code in rows: whoever changes the list raises the version
    /// of the view.
    static let all: [SubjectRule] =
        orders + parcels + givingBack + shop + browsing + service + words + promises + person
        + household + incidents + campaigns + referrals

    /// The codes of the rules of each type, which stand together.
    private static let codes = SpanTable(codesByType)

    private static var codesByType: [(key: String, value: Range<Int>)] {
        var list: [(key: String, value: Range<Int>)] = []
        for (code, rule) in all.enumerated() {
            if let last = list.last, last.key == "\(rule.type)" {
                list[list.count - 1].value = last.value.lowerBound..<code + 1
            } else {
                list.append(("\(rule.type)", code..<code + 1))
            }
        }
        precondition(all.count <= 255, "a rule's code is one byte")
        return list
    }

    /// Returns the codes of a type's rules, or nil for the many types that have none.
    ///
    /// Complexity: one hash of the type.
    static func codes(of type: RawSpan) -> Range<Int>? { codes[type] }

    /// The kinds of subjects that the rules of one type are about, a bit each, by their first code.
    private static let kindsByCode: [UInt32] = {
        var kinds = [UInt32](repeating: 0, count: all.count)
        for (_, codes) in codesByType {
            for code in codes { kinds[codes.lowerBound] |= all[code].kind.bit }
        }
        return kinds
    }()

    /// Returns the kinds of subjects that the rules of a type are about, a bit each.
    static func kinds(_ codes: Range<Int>) -> UInt32 { kindsByCode[codes.lowerBound] }

    /// Returns the code of the rule that a type has for a kind of subject; there is one.
    static func code(_ type: StaticString, _ kind: SubjectKind) -> UInt8 {
        let code = all.firstIndex { $0.kind == kind && $0.type.isSame(as: type) }
        guard let code else { preconditionFailure("no rule of \(type)") }
        return UInt8(code)
    }

    /// Returns where a rule keeps an attribute; it does keep it.
    static func index(of attribute: StaticString, in code: UInt8) -> Int {
        let index = all[Int(code)].attributes.firstIndex { $0.isSame(as: attribute) }
        guard let index else { preconditionFailure("no attribute \(attribute) is kept") }
        return index
    }
}

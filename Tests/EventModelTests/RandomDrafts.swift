import EventModel

/// Makes events of every shape: each part absent, small, or at its limit.
struct RandomDrafts {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func draft() -> (EventDraft, [AttributeClass]) {
        var draft = EventDraft(
            type: name(EventLimits.typeBytesMax), source: text(EventLimits.sourceBytesMax),
            id: text(EventLimits.idBytesMax))
        if one(in: 2) { draft.occurred = moment() }
        draft.identifiers = (0..<count(EventLimits.identifiersMax)).map { _ in identifier() }
        let attributes = count(EventLimits.attributesMax)
        draft.attributes = (0..<attributes).map { Attribute("\(name(59))_\($0)", value()) }
        if one(in: 2) {
            draft.contentType = "x" + text(EventLimits.contentTypeBytesMax - 1)
            draft.data = (0..<count(4_000)).map { _ in .random(in: 0...255, using: &random) }
        }
        return (draft, (0..<attributes).map { _ in pick(AttributeClass.allCases) })
    }

    private mutating func one(in many: Int) -> Bool {
        Int.random(in: 1...many, using: &random) == 1
    }

    private mutating func pick<Item>(_ items: [Item]) -> Item {
        items[Int.random(in: items.indices, using: &random)]
    }

    /// A number that is often 0, often small and sometimes the largest.
    private mutating func count(_ most: Int) -> Int {
        switch Int.random(in: 0...9, using: &random) {
        case 0...2: 0
        case 3: most
        default: Int.random(in: 0...min(most, 12), using: &random)
        }
    }

    private mutating func name(_ most: Int) -> String {
        String((0..<max(1, count(most))).map { _ in pick(Array("abcdefghijklmnopqrstuvwxyz")) })
    }

    /// Text of at most so many bytes, each letter of one to four bytes.
    private mutating func text(_ most: Int) -> String {
        var text = ""
        var room = count(most)
        while true {
            let letter = pick(["a", "Z", " ", "\u{0}", "\n", "é", "ñ", "한", "🙂", "\u{7F}"])
            room -= letter.utf8.count
            guard room >= 0 else { return text }
            text += letter
        }
    }

    private mutating func identifier() -> Identifier {
        Identifier(
            kind: name(EventLimits.identifierKindBytesMax),
            value: text(EventLimits.identifierValueBytesMax), role: pick(IdentifierRole.allCases),
            strength: pick(IdentifierStrength.allCases))
    }

    private mutating func moment() -> Timestamp {
        let bounds = Timestamp.earliest.rawValue...Timestamp.latest.rawValue
        return Timestamp(milliseconds: .random(in: bounds, using: &random))
    }

    private mutating func integer() -> Int64 {
        switch Int.random(in: 0...4, using: &random) {
        case 0: pick([.min, -1, 0, 1, .max])
        default: .random(in: .min ... .max, using: &random)
        }
    }

    private mutating func value() -> AttributeValue {
        switch pick(AttributeKind.allCases) {
        case .text: .text(text(one(in: 40) ? EventLimits.textBytesMax : 300))
        case .ref: .ref(text(EventLimits.referenceBytesMax))
        case .integer: .integer(integer())
        case .money: .money(minorUnits: integer(), currency: pick(["EUR", "KRW", "USD"]))
        case .boolean: .boolean(one(in: 2))
        case .time: .time(moment())
        }
    }
}

extension AttributeClass {
    /// All classes.
    static let allCases: [AttributeClass] = [.open, .personal, .sensitive]
}

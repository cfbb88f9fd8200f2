/// What the names of an append mean, for all types together: numbers only, so that the append
/// path counts no references and makes no text.
struct IntakeTable: Sendable {
    /// Stands for types that the registry does not know.
    static let anyType: UInt16 = 0

    /// Numbers the names that any type knows.
    private let names: SpanTable<Int>
    /// For each type a row as long as there are names: 1 + the index in `meanings`, 0 where neither
    /// the type nor every type knows the name. One look-up of a name serves both.
    private let places: [UInt16]
    private let nameCount: Int
    private let meanings: [IntakeName]
    private let words: SpanTable<Bool>
    /// One bit for each required attribute, per type.
    private let required: [UInt64]

    init(types: [EventTypeDefinition], envelope: EventTypeDefinition) {
        var names = Self.fieldsAndRoles
        var words: [(salt: UInt16, key: String, value: Bool)] = []
        var wordLists: UInt16 = 0
        for (index, type) in ([envelope] + types).enumerated() {
            precondition(type.attributes.count <= 64, "\(type.name) has too many attributes")
            for (bit, attribute) in type.attributes.enumerated() {
                if !attribute.words.isEmpty {
                    wordLists += 1
                    words += attribute.words.map { (wordLists, $0, true) }
                }
                let rule = AttributeRule(
                    kind: attribute.kind, attributeClass: attribute.attributeClass,
                    wordList: attribute.words.isEmpty ? 0 : wordLists, bit: UInt8(bit),
                    isOwn: index > 0)
                names.append((UInt16(index), attribute.name, .attribute(rule)))
            }
        }
        (self.names, places, meanings) = Self.rows(of: names, typeCount: types.count)
        nameCount = places.count / (types.count + 1)
        self.words = SpanTable(salted: words)
        required =
            [0]
            + types.map { type in
                // Required ones come first.
                let count = type.attributes.prefix { $0.isRequired }.count
                return count == 64 ? .max : (1 << UInt64(count)) - 1
            }
    }

    /// Numbers the names and lays out what they mean in each type.
    private static func rows(
        of entries: [(salt: UInt16, key: String, value: IntakeName)], typeCount: Int
    ) -> (names: SpanTable<Int>, places: [UInt16], meanings: [IntakeName]) {
        precondition(entries.count < UInt16.max, "meanings have numbers of 16 bits")
        var numbers: [String: Int] = [:]
        var names: [(key: String, value: Int)] = []
        for entry in entries where numbers[entry.key] == nil {
            numbers[entry.key] = names.count
            names.append((entry.key, names.count))
        }
        var general = [UInt16](repeating: 0, count: names.count)
        for (index, entry) in entries.enumerated() where entry.salt == anyType {
            numbers[entry.key].map { general[$0] = UInt16(index + 1) }
        }
        var places = Array(repeatElement(general, count: typeCount + 1).joined())
        for (index, entry) in entries.enumerated() where entry.salt != anyType {
            numbers[entry.key].map { number in
                places[Int(entry.salt) * names.count + number] = UInt16(index + 1)
            }
        }
        return (SpanTable(names), places, entries.map(\.value))
    }

    private static var fieldsAndRoles: [(salt: UInt16, key: String, value: IntakeName)] {
        var names: [(salt: UInt16, key: String, value: IntakeName)] = [
            (anyType, "source", .source), (anyType, "id", .id),
            (anyType, "occurred", .occurred), (anyType, "content_type", .contentType),
        ]
        for role in IdentifierRole.allCases {
            names.append((anyType, "\(role.attributeName)", .identifier(role, .stated)))
            for strength in IdentifierStrength.allCases {
                let name = "\(role.attributeName):\(strength.word)"
                names.append((anyType, name, .identifier(role, strength)))
            }
        }
        return names
    }

    /// Returns what a name means in an event of a type, or nil when neither the type nor every
    /// type knows it.
    func meaning(of name: RawSpan, in type: UInt16) -> IntakeName? {
        guard let number = names[name] else { return nil }
        let place = places[Int(type) * nameCount + number]
        return place == 0 ? nil : meanings[Int(place) - 1]
    }

    /// Tells whether a value is one of the words the rule allows.
    func allows(_ value: RawSpan, _ rule: AttributeRule) -> Bool {
        rule.wordList == 0 || words[value, salt: rule.wordList] != nil
    }

    /// Returns the bit of the first required attribute that has not been seen, or nil.
    func firstMissing(of seen: UInt64, in type: UInt16) -> Int? {
        let missing = required[Int(type)] & ~seen
        return missing == 0 ? nil : missing.trailingZeroBitCount
    }
}

/// What a name in an append stands for.
enum IntakeName: Sendable {
    case source
    case id
    case occurred
    case contentType
    case identifier(IdentifierRole, IdentifierStrength)
    case attribute(AttributeRule)
}

/// What the append path checks of an attribute's value.
struct AttributeRule: Sendable {
    let kind: AttributeKind
    let attributeClass: AttributeClass
    /// Which closed list of words; 0 = any value.
    let wordList: UInt16
    /// Its place among the attributes of the type, or of the envelope.
    let bit: UInt8
    let isOwn: Bool
}

/// What is taken out of texts before they are stored.
public enum RedactionRule: Int, CaseIterable, Sendable {
    /// A payment card's number: the issuer's range and length, and Luhn's check digit (ISO/IEC
    /// 7812-1).
    case cardNumber
    /// The three or four digits on a card, beside its number. Comes with `cardNumber`.
    case cardCode
    /// A Korean resident or alien registration number: birth date, a digit 1 to 8, six more.
    case koreanResidentNumber
    /// A Spanish DNI or NIE with its control letter (Real Decreto 1553/2005, article 11).
    case spanishIdentityNumber
    /// What a pattern of the configuration describes.
    case pattern

    /// The name in the configuration and in INFO.
    public var name: String {
        switch self {
        case .cardNumber: "card_number"
        case .cardCode: "card_code"
        case .koreanResidentNumber: "korean_rrn"
        case .spanishIdentityNumber: "spanish_dni"
        case .pattern: "pattern"
        }
    }

    /// The rules that can be switched on by name.
    public static let choices: [Self] = [
        .cardNumber, .koreanResidentNumber, .spanishIdentityNumber,
    ]

    /// What stands in the place of what was found. None is longer than what it replaces, so that no
    /// text outgrows its bound. A card's number keeps its last four digits behind this.
    var mark: StaticString {
        switch self {
        case .cardNumber: "[card"
        case .cardCode: "[*]"
        case .koreanResidentNumber: "[rrn]"
        case .spanishIdentityNumber: "[dni]"
        case .pattern: "[*]"
        }
    }
}

/// Which rules hold.
public struct RedactionRules: Sendable, Equatable {
    /// The rules that are on.
    public let rules: Set<RedactionRule>
    /// What is looked for besides.
    public let patterns: [RedactionPattern]

    /// Card numbers and the codes beside them.
    public static let standard = RedactionRules([.cardNumber])

    /// Names the rules; card numbers bring the codes beside them.
    public init(_ rules: Set<RedactionRule>, patterns: [RedactionPattern] = []) {
        precondition(patterns.count <= RedactionPattern.countMax)
        self.rules = rules
        self.patterns = patterns
    }

    /// The fewest digits of a text in which anything can be found.
    var digitsMin: Int {
        var least = patterns.map(\.digits).min() ?? Int.max
        if rules.contains(.cardNumber) { least = min(least, CardNumber.lengths.lowerBound) }
        if rules.contains(.koreanResidentNumber) { least = min(least, 13) }
        if rules.contains(.spanishIdentityNumber) { least = min(least, 7) }
        return least
    }
}

/// A form of numbers to be taken out: `#` stands for a digit, `@` for a letter of ASCII, anything
/// else for itself, as in `LOY-########`. It must stand alone: no letter or digit beside it.
public struct RedactionPattern: Sendable, Equatable {
    let form: [UInt8]
    /// How many digits it has at least.
    let digits: Int

    /// How many patterns there may be.
    public static let countMax = 16
    /// How long one is.
    public static let lengths = 5...64

    /// Reads a pattern; nil unless it has 5 to 64 printable ASCII characters and at least three `#`.
    public init?(_ text: String) {
        form = Array(text.utf8)
        digits = form.count { $0 == UInt8(ascii: "#") }
        guard Self.lengths.contains(form.count), digits >= 3,
            form.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
    }

    /// Whether the bytes have this form from an offset on.
    func fits(_ text: [UInt8], at offset: Int) -> Bool {
        guard offset + form.count <= text.count else { return false }
        for (index, expected) in form.enumerated() {
            let byte = text[offset + index]
            switch expected {
            case UInt8(ascii: "#"): guard byte.isASCIIDigit else { return false }
            case UInt8(ascii: "@"): guard byte.isASCIILetter else { return false }
            default: guard byte == expected else { return false }
            }
        }
        return true
    }
}

extension UInt8 {
    var isASCIILetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
}

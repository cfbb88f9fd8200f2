/// What makes digits the number of a payment card.
enum CardNumber {
    /// How many digits a number has.
    static let lengths = 14...19

    /// Tells whether the digits (their values, 0 to 9) are a card's number: an issuer's range with
    /// one of its lengths, and the check digit.
    static func isValid(_ digits: ArraySlice<UInt8>) -> Bool {
        lengths.contains(digits.count) && hasIssuer(digits) && passesLuhn(digits)
    }

    /// Whether a number that people write in fours may begin with these digits.
    static func canBegin(_ digits: ArraySlice<UInt8>) -> Bool {
        guard digits.count >= 4 else { return false }
        let prefix = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
        return isVisa(prefix) || isMastercard(prefix) || isLongOrShort(prefix)
    }

    /// Ranges as the schemes publish them. Numbers of 13 and 17 or 18 digits are not issued any
    /// more, or hardly: they would take more orders than cards.
    private static func hasIssuer(_ digits: ArraySlice<UInt8>) -> Bool {
        let prefix = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
        switch digits.count {
        case 14: return isDiners(prefix)
        case 15: return prefix / 100 == 34 || prefix / 100 == 37  // American Express
        case 16: return isVisa(prefix) || isMastercard(prefix) || isLongOrShort(prefix)
        case 19: return isVisa(prefix) || isLongOrShort(prefix)
        default: return false
        }
    }

    private static func isVisa(_ prefix: Int) -> Bool { prefix / 1_000 == 4 }

    private static func isMastercard(_ prefix: Int) -> Bool {
        (51...55).contains(prefix / 100) || (2_221...2_720).contains(prefix)
            || (2_200...2_204).contains(prefix)  // Mir
    }

    private static func isDiners(_ prefix: Int) -> Bool {
        (300...305).contains(prefix / 10) || prefix == 3_095
            || [36, 38, 39].contains(prefix / 100)
    }

    /// Discover, JCB, UnionPay, Maestro.
    private static func isLongOrShort(_ prefix: Int) -> Bool {
        prefix == 6_011 || (644...649).contains(prefix / 10) || prefix / 100 == 65
            || (3_528...3_589).contains(prefix) || prefix / 100 == 62
            || [50, 56, 57, 58, 63, 67].contains(prefix / 100)
    }

    private static func passesLuhn(_ digits: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let value = Int(digit) << (place & 1)
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }
}

/// A person as the store knows them. The number is the position of the event that first showed
/// one of the person's identifiers, so it says nothing about the person.
@frozen
public struct CustomerID: RawRepresentable, Hashable, Comparable, Sendable {
    /// The founding position.
    public let rawValue: UInt64

    /// Makes the id of the customer whom the event at this position founded.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Orders by founding position.
    @inlinable
    public static func < (left: CustomerID, right: CustomerID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The text form: `c_` and the number in Crockford's base 32, like `c_CRZ1`.
extension CustomerID: CustomStringConvertible {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Writes `c_` and the number.
    public var description: String {
        var digits: [UInt8] = []
        var rest = rawValue
        repeat {
            digits.append(Self.alphabet[Int(rest & 31)])
            rest >>= 5
        } while rest > 0
        return "c_" + String(decoding: digits.reversed(), as: UTF8.self)
    }

    /// Reads `c_` and the number; nil for anything else.
    public init?(text: RawSpan) {
        guard text.byteCount > 2, text.byteCount <= 15, text.starts(with: "c_") else {
            return nil
        }
        var value: UInt64 = 0
        for offset in 2..<text.byteCount {
            guard let digit = Self.alphabet.firstIndex(of: text[offset]), value >> 59 == 0 else {
                return nil
            }
            value = value << 5 | UInt64(digit)
        }
        rawValue = value
    }
}

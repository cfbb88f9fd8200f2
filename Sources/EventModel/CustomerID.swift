/// A customer as the store knows them, from one identifier: the number says which event first showed
/// it, so it says nothing about the person.
///
/// Each identifier founds a customer when it is first seen. A person is the set of customers that
/// identity has united, and is named by the oldest of them.
///
///     bits  63…60 which of the identifiers that the event founded, 59…0 the event's position
@frozen
public struct CustomerID: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number; for the first that an event founds, the event's position.
    public let rawValue: UInt64

    /// Makes an id from its number.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Names one of the customers, counted from 0, whom the event at a position founds; an event has
    /// at most 16 identifiers.
    @inlinable
    public init(founded position: Position, number: Int) {
        precondition(number < 16 && position.rawValue >> 60 == 0)
        rawValue = UInt64(number) << 60 | position.rawValue
    }

    /// The position of the event that founded them.
    @inlinable
    public var founded: Position { Position(rawValue & (1 << 60 - 1)) }

    /// Which of the customers they are whom that event founded, from 0.
    @inlinable
    public var number: Int { Int(rawValue >> 60) }

    /// Makes an id from its packed form.
    @inlinable
    public init(packed: UInt64) { rawValue = packed >> 4 | packed << 60 }

    /// The number turned so that it sorts by age and is small: position, then which.
    @inlinable
    public var packed: UInt64 { rawValue << 4 | rawValue >> 60 }

    /// Orders by founding position.
    @inlinable
    public static func < (left: CustomerID, right: CustomerID) -> Bool {
        left.packed < right.packed
    }
}

/// The text form: `c_` and the position in Crockford's base 32, like `c_CRZ1`; for those behind the
/// first that an event founded, their number behind it: `c_CRZ1-2`.
extension CustomerID: CustomStringConvertible {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Writes `c_` and the number.
    public var description: String { withText { $0.text() } }

    /// The most bytes of the text form: `c_`, 60 bits, `-15`.
    private static let textBytesMax = 17

    /// Shows the text form, in ASCII; nothing is allocated.
    public func withText<Result>(_ body: (RawSpan) -> Result) -> Result {
        var text = InlineArray<17, UInt8>(repeating: 0)
        var start = Self.textBytesMax
        func prepend(_ byte: UInt8) {
            start -= 1
            text[start] = byte
        }
        let number = UInt8(rawValue >> 60)
        if number > 0 {
            prepend(UInt8(ascii: "0") + number % 10)
            if number >= 10 { prepend(UInt8(ascii: "1")) }
            prepend(UInt8(ascii: "-"))
        }
        var rest = rawValue & (1 << 60 - 1)
        repeat {
            prepend(Self.alphabet[Int(rest & 31)])
            rest >>= 5
        } while rest > 0
        prepend(UInt8(ascii: "_"))
        prepend(UInt8(ascii: "c"))
        return unsafe body(text.span.bytes.extracting(start..<Self.textBytesMax))
    }

    /// Reads the text form; nil for anything else.
    public init?(text: RawSpan) {
        guard text.byteCount > 2, text.byteCount <= 17, text.starts(with: "c_") else {
            return nil
        }
        let dash = text.firstOffset(of: UInt8(ascii: "-"))
        var number: UInt64 = 0
        if let dash {
            let digits = text.extracting(dash + 1..<text.byteCount)
            guard let read = digits.integer(), (1...15).contains(read), digits.byteCount <= 2,
                digits[0] != UInt8(ascii: "0")
            else { return nil }
            number = UInt64(read)
        }
        var value: UInt64 = 0
        let end = dash ?? text.byteCount
        guard (3...14).contains(end) else { return nil }
        for offset in 2..<end {
            guard let digit = Self.alphabet.firstIndex(of: text[offset]), value >> 55 == 0 else {
                return nil
            }
            value = value << 5 | UInt64(digit)
        }
        rawValue = number << 60 | value
    }
}

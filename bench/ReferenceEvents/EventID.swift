/// The producer's id of the n-th reference event: 32 hexadecimal digits like a UUID's, never twice
/// under one seed.
public enum EventID {
    /// The digits of an id.
    public static let byteCount = 32

    /// Returns an id as text.
    public static func text(seed: UInt64, ordinal: UInt64) -> String {
        let (high, low) = words(seed: seed, ordinal: ordinal)
        return hexadecimal(high, digits: 16) + hexadecimal(low, digits: 16)
    }

    /// Returns the two halves. Both mixings are one to one, so no id repeats.
    public static func words(seed: UInt64, ordinal: UInt64) -> (high: UInt64, low: UInt64) {
        let high = SeededNumbers.mix(ordinal &+ SeededNumbers.mix(seed))
        return (high, SeededNumbers.mix(high ^ 0x5851_F42D_4C95_7F2D))
    }

    /// Returns the last digits of a number, lower case.
    static func hexadecimal(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
    }
}

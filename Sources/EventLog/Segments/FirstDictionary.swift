/// The dictionary a store's first segment starts with: trained on the simulated shop, so that
/// whatever is personal in it is made up.
///
/// A segment keeps the dictionary it was begun with, so another one here only concerns stores yet
/// to be made. `FirstDictionary+Text.swift` is written by
///
///     swift run -c release throughline train-dictionary > first.swift
///     mv first.swift Sources/EventLog/Segments/FirstDictionary+Text.swift
///
/// which gives the same bytes with the same libzstd; a test trains it again and compares.
enum FirstDictionary {
    static let bytes: [UInt8] = decode(text)

    /// Reads base64 (RFC 4648) that is part of the program: a mistake in it traps.
    static func decode(_ text: StaticString) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8CodeUnitCount / 4 * 3)
        var bits: UInt32 = 0
        var bitCount = 0
        text.withUTF8Buffer { letters in
            for index in letters.indices {
                let letter = unsafe letters[index]
                guard letter != UInt8(ascii: "=") else { break }
                bits = bits << 6 | value(of: letter)
                bitCount += 6
                guard bitCount >= 8 else { continue }
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        precondition(bits & (1 << bitCount - 1) == 0, "base64 ends with zero bits")
        return bytes
    }

    private static func value(of letter: UInt8) -> UInt32 {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter) - 97 + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter) - 48 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: preconditionFailure("base64 has no letter \(letter)")
        }
    }
}

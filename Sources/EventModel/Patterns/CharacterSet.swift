/// Characters of a `TextPattern`.
struct CharacterSet: Sendable {
    private(set) var ranges: [ClosedRange<UInt32>] = []
    private var isInverted = false
    /// The answers for ASCII.
    private var low: (UInt64, UInt64) = (0, 0)

    init(_ ranges: [ClosedRange<UInt32>] = [], isInverted: Bool = false) {
        self.ranges = ranges
        self.isInverted = isInverted
        for scalar: UInt32 in 0..<0x80 where looksUp(scalar) {
            if scalar < 64 {
                low.0 |= 1 << UInt64(scalar)
            } else {
                low.1 |= 1 << UInt64(scalar - 64)
            }
        }
    }

    static let any = CharacterSet([], isInverted: true)
    static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    static let blanks: [ClosedRange<UInt32>] = [0x09...0x0D, 0x20...0x20, 0xA0...0xA0]
    static let words: [ClosedRange<UInt32>] = [
        0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A, 0xAA...0xAA, 0xB5...0xB5, 0xBA...0xBA,
        0xC0...0xD6, 0xD8...0xF6, 0xF8...0x1FFF, 0x2C00...0x2FEF, 0x3005...0xD7FF, 0xF900...0xFDFF,
        0xFE70...0xFEFF, 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A, 0xFF66...0xFFDC,
        0x10000...0x3FFFF,
    ]

    /// What the ranges leave.
    static func others(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var left: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { left.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound + 1)
        }
        return left + [next...0x10FFFF]
    }

    /// Whether a letter, a digit or `_` stands there.
    static func isWord(_ scalar: UInt32?) -> Bool {
        guard let scalar else { return false }
        return words.contains { $0.contains(scalar) }
    }

    /// The ranges with the letters' other case.
    static func bothCases(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var all = ranges
        for range in ranges {
            // Of a longer range than that nobody means the letters.
            for value in range.lowerBound...min(range.upperBound, range.lowerBound + 0x200) {
                guard let scalar = Unicode.Scalar(value) else { continue }
                for text in [
                    scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping,
                ] {
                    guard let other = text.unicodeScalars.first, text.unicodeScalars.count == 1,
                        other != scalar
                    else { continue }
                    all.append(other.value...other.value)
                }
            }
        }
        return all
    }

    /// Whether it may hold characters beyond ASCII.
    var mayHoldOthers: Bool { isInverted || ranges.contains { $0.upperBound >= 0x80 } }

    private func looksUp(_ scalar: UInt32) -> Bool {
        ranges.contains { $0.contains(scalar) } != isInverted
    }

    func contains(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return low.0 >> UInt64(scalar) & 1 == 1 }
        if scalar < 128 { return low.1 >> UInt64(scalar - 64) & 1 == 1 }
        return looksUp(scalar)
    }
}

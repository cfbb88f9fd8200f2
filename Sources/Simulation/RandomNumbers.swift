/// Numbers that look random and are the same for the same seed on every machine: xoshiro256**
/// (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2018), seeded by
/// SplitMix64. Nothing here calls the C library's mathematics, whose last bits differ.
struct RandomNumbers: Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// Starts from a state; not all of it may be zero.
    init(state: (UInt64, UInt64, UInt64, UInt64)) { self.state = state }

    init(seed: UInt64) {
        var seed = seed
        func word() -> UInt64 {
            seed &+= 0x9E37_79B9_7F4A_7C15
            return Self.mix(seed)
        }
        state = (word(), word(), word(), word())
    }

    /// Spreads a number over all 64 bits, one to one: the finisher of SplitMix64.
    static func mix(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }

    /// Returns a number from 0 up to, not including, `bound`.
    mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0)
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Returns a number in a range.
    mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// Tells whether something with so many chances in a hundred happens.
    mutating func percent(_ chances: Int) -> Bool { below(100) < chances }

    /// Returns one of the elements.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// Returns an index, each as often as its weight says.
    mutating func index(weights: [Int]) -> Int {
        var left = below(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if left < weight { return index }
            left -= weight
        }
        preconditionFailure("a weight below the sum lies in one of the parts")
    }
}

extension RandomNumbers {
    /// Returns how long until the next of events that happen without memory, in milliseconds.
    mutating func exponential(mean: Int64) -> Int64 {
        let unit = Double((next() >> 11) + 1) * 0x1p-53
        return Int64(Double(mean) * -Self.logarithm(unit))
    }

    /// Returns a length around a mean, seldom under a fifth or over three times of it: an Erlang
    /// distribution of three stages, at least 200 ms.
    mutating func length(mean: Int64) -> Int64 {
        let stage = mean / 3
        return max(
            200, exponential(mean: stage) + exponential(mean: stage) + exponential(mean: stage))
    }

    /// Returns the natural logarithm of a number in 0 < x ≤ 1, exact to 1e-8: the exponent apart,
    /// ln m = 2 artanh((m − 1) / (m + 1)).
    private static func logarithm(_ number: Double) -> Double {
        let ratio = (number.significand - 1) / (number.significand + 1)
        let square = ratio * ratio
        var term = ratio
        var sum = 0.0
        var divisor = 1.0
        for _ in 0..<8 {
            sum += term / divisor
            term *= square
            divisor += 2
        }
        return Double(number.exponent) * 0.693_147_180_559_945_3 + 2 * sum
    }
}

import Glibc

/// A generator whose seed is printed, so that a run can be had again: SplitMix64 as Steele, Lea
/// and Flood describe it in "Fast Splittable Pseudorandom Number Generators".
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// Says yes once in `count` times.
    mutating func once(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }
}

/// How much a run of the tests does: a sample, or the full counts of `tools/test --long`.
enum Scale {
    static let isLong = unsafe getenv("THROUGHLINE_LONG") != nil
    /// Whether this is a debug build, several times slower.
    static let isDebug = _isDebugAssertConfiguration()

    /// The seed that the run was given, else a random one.
    static let seed: UInt64 = {
        guard let given = unsafe getenv("THROUGHLINE_SEED") else {
            return .random(in: .min ... .max)
        }
        return UInt64(unsafe String(cString: given)) ?? 1
    }()
}

import Glibc

/// How much a random test does, and from which seed.
enum Sampling {
    /// Returns the number of rounds: twenty times as many in the long run of `tools/test`.
    static func count(_ usual: Int) -> Int {
        variable("THROUGHLINE_LONG") == "yes" ? usual * 20 : usual
    }

    /// Returns the seed for a test and prints it; `THROUGHLINE_SEED` repeats a run.
    static func seed(for test: String) -> UInt64 {
        let given = variable("THROUGHLINE_SEED").flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: .min ... .max)
        print("\(test): seed \(seed)")
        return seed
    }

    private static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}

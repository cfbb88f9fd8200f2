/// A name that can be made anew by writing over four of its digits: who sends the reference events
/// round and round gives each round names of its own.
public enum LapName {
    /// The digits of a lap.
    public static let lapDigits = 4
    /// Where they stand in a name.
    public static let lapOffset = 1

    /// Returns the first lap's name of the n-th thing: `i0000-0000002a`.
    static func text(_ letter: Character, _ ordinal: UInt64) -> String {
        "\(letter)0000-" + EventID.hexadecimal(ordinal, digits: 8)
    }
}

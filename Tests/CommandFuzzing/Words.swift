/// Words of one kind that a request may hold: those that fit, and those that are wrong somehow.
struct Words {
    let usual: [String]
    let odd: [String]

    init(_ usual: [String], odd: [String] = []) {
        self.usual = usual
        self.odd = odd
    }
}

extension Choices {
    /// A word, once in twelve times an odd one where there are such.
    mutating func pick(_ words: Words) -> String {
        pick(!words.odd.isEmpty && once(in: 12) ? words.odd : words.usual)
    }
}

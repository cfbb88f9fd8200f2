/// One cell of a table: what several systems did on the same load, round by round.
struct Comparison: Codable {
    /// For example `append 16×1`.
    var name: String
    /// Ours first.
    var entries: [Entry]

    /// The rounds of one system.
    struct Entry: Codable {
        var system: String
        var rounds: [Round]

        func median(_ value: (Round) -> Double) -> Double { Statistics.median(rounds.map(value)) }
    }

    /// Ours against another, round by round.
    func ratios(to entry: Entry, _ value: (Round) -> Double) -> [Double] {
        zip(entries[0].rounds, entry.rounds).map { value($0) / value($1) }
    }
}

/// Order statistics of few values.
enum Statistics {
    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

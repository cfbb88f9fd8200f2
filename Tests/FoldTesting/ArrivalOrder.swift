/// Orders in which a log may get what happened: events of one moment keep theirs, as there the order
/// of arrival is that of what happened.
public enum ArrivalOrder {
    /// Any order.
    ///
    /// - Parameter moments: When each event happened, in the order of what happened.
    /// - Returns: Which event comes first, second, …
    public static func shuffled(
        _ moments: [Int64], using random: inout some RandomNumberGenerator
    ) -> [Int] {
        var numbers: [Int64: [Int]] = [:]
        for (number, moment) in moments.enumerated().reversed() {
            numbers[moment, default: []].append(number)
        }
        return moments.shuffled(using: &random).compactMap { numbers[$0]?.popLast() }
    }

    /// One in three comes late, by up to `most` milliseconds.
    public static func late(
        _ moments: [Int64], atMost most: Int64, using random: inout some RandomNumberGenerator
    ) -> [Int] {
        var arrivals: [Int64: Int64] = [:]
        for moment in moments where arrivals[moment] == nil {
            let isLate = Int.random(in: 0..<3, using: &random) == 0
            arrivals[moment] = moment + (isLate ? Int64.random(in: 0...most, using: &random) : 0)
        }
        return moments.indices.sorted {
            (arrivals[moments[$0]] ?? 0, moments[$0], $0)
                < (arrivals[moments[$1]] ?? 0, moments[$1], $1)
        }
    }
}

/// Ranks from 0 of which rank r comes with a weight of 1 / (r + 1): Zipf's law with exponent 1.
///
/// Only additions and divisions of IEEE doubles: the same ranks on every machine.
struct ZipfNumbers: Sendable {
    private let cumulated: [Double]

    init(count: Int) {
        var sum = 0.0
        cumulated = (1...count).map { rank in
            sum += 1 / Double(rank)
            return sum
        }
    }

    /// Returns a rank. Complexity: O(log count).
    func rank(_ numbers: inout SeededNumbers) -> Int {
        let place = numbers.fraction() * cumulated[cumulated.count - 1]
        var low = 0
        var high = cumulated.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulated[middle] > place { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

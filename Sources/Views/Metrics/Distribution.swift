internal import EventModel

/// How often each number of milliseconds occurred: exact, and additive in both directions.
///
/// Counts may be negative: a correction that was recorded on a later day is a row of its own that
/// takes back what an earlier day's row says. Only the sum over all days is a count of things.
///
///     num  count of runs, then each: int milliseconds, as the distance from the run before;
///          int count, never 0
struct Distribution: Equatable {
    struct Run: Equatable {
        var milliseconds: Int64
        var count: Int64
    }

    /// By rising milliseconds, each once.
    private(set) var runs: [Run] = []

    var isEmpty: Bool { runs.isEmpty }

    /// Adds to the count of one number. Complexity: O(log n), and O(n) for a new one.
    mutating func add(_ milliseconds: Int64, count: Int64) {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].milliseconds < milliseconds {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < runs.count, runs[low].milliseconds == milliseconds else {
            runs.insert(Run(milliseconds: milliseconds, count: count), at: low)
            return
        }
        runs[low].count &+= count
        if runs[low].count == 0 { runs.remove(at: low) }
    }

    init() {}

    /// Sums runs that come in any order.
    init(summing unsorted: [Run]) {
        // What one cell says is in order.
        let isSorted = unsorted.indices.dropFirst().allSatisfy {
            unsorted[$0 - 1].milliseconds < unsorted[$0].milliseconds
        }
        guard !isSorted else {
            let isWhole = unsorted.allSatisfy { $0.count != 0 }
            runs = isWhole ? unsorted : unsorted.filter { $0.count != 0 }
            return
        }
        let sorted = unsorted.sorted { $0.milliseconds < $1.milliseconds }
        for run in sorted {
            if let last = runs.indices.last, runs[last].milliseconds == run.milliseconds {
                runs[last].count &+= run.count
            } else {
                if let last = runs.last, last.count == 0 { runs.removeLast() }
                runs.append(run)
            }
        }
        if let last = runs.last, last.count == 0 { runs.removeLast() }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        let count = try reader.count()
        runs.reserveCapacity(count)
        var milliseconds: Int64 = 0
        for _ in 0..<count {
            milliseconds &+= try reader.zigzag()
            runs.append(Run(milliseconds: milliseconds, count: try reader.zigzag()))
        }
    }

    func encode(into row: inout [UInt8]) {
        row.append(varint: UInt64(runs.count))
        var last: Int64 = 0
        for run in runs {
            row.append(zigzag: run.milliseconds &- last)
            row.append(zigzag: run.count)
            last = run.milliseconds
        }
    }
}

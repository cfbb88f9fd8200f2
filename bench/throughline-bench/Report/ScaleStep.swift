internal import Foundation

/// What a store of some size cost.
struct ScaleStep: Codable {
    /// Events in the store, in millions, when it was measured.
    var millions: Int
    /// The number of the next request of the ring.
    var nextOrdinal: UInt64
    /// While the store grew by this step; this and the next two are nil where an earlier run had begun
    /// it: what is left tells nothing of the whole.
    var appendsPerSecond: Double?
    /// How long after it the views had seen the head.
    var lagSeconds: Double?
    /// Processor time of the daemon an event, views included.
    var cpuMicroseconds: Double?
    /// Microseconds at 16 connections, depth 1.
    var appendP99: Double
    var cardP99: Double
    var timelineP99: Double
    /// Memory that belongs to the daemon alone: no mapped pages.
    var memoryMiB: Double
    /// From `kill -9` until the store answers again.
    var openSeconds: Double
    /// On disk, an event.
    var logBytes: Double
    var indexBytes: Double
    var viewBytes: Double
    /// Events a second with which the customers view is folded anew beside the one in use; nil in steps
    /// from before that was measured.
    var rebuildPerSecond: Double?

    private static var columns: [(title: String, value: (ScaleStep) -> Double?, places: Int)] {
        [
            ("million", { Double($0.millions) }, 0), ("per s", \.appendsPerSecond, 0),
            ("lag s", \.lagSeconds, 2), ("cpu µs", \.cpuMicroseconds, 1),
            ("append p99 µs", \.appendP99, 0), ("card p99 µs", \.cardP99, 0),
            ("timeline p99 µs", \.timelineP99, 0), ("MiB", \.memoryMiB, 0),
            ("open s", \.openSeconds, 2),
            ("log B", \.logBytes, 1), ("index B", \.indexBytes, 1), ("views B", \.viewBytes, 1),
            ("rebuild per s", \.rebuildPerSecond, 0),
        ]
    }

    static var heading: String {
        columns.map { Comparison.lead($0.title, max(9, $0.title.count + 2)) }.joined()
    }

    var line: String {
        Self.columns.map {
            let (title, value, places) = $0
            return Comparison.lead(
                value(self).map { Comparison.decimal($0, places) } ?? "–",
                max(9, title.count + 2))
        }.joined()
    }

    /// How a step is to go on from where the store is.
    struct Growth: Equatable {
        /// How many events are to be appended.
        var count: UInt64
        /// The number of the next request of the ring.
        var ordinal: UInt64
        /// Whether all of the step is appended now.
        var isWhole: Bool
    }

    /// - Parameters:
    ///   - head: The last position of the store.
    ///   - done: The step before; nil for none.
    static func growth(to millions: Int, from head: UInt64, after done: ScaleStep?) -> Growth {
        let goal = UInt64(millions) * 1_000_000
        let ordinal = done?.nextOrdinal ?? 0
        return Growth(
            count: goal - min(head, goal), ordinal: max(ordinal, head), isWhole: head <= ordinal)
    }

    /// - Returns: No steps where there is no such file.
    static func read(_ path: String) throws -> [ScaleStep] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try JSONDecoder().decode(
            [ScaleStep].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func write(_ steps: [ScaleStep], to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(steps).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}

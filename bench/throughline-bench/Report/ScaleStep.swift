internal import Foundation

/// What a store of some size cost.
struct ScaleStep: Codable {
    /// Events in the store, in millions, when it was measured.
    var millions: Int
    /// The number of the next request of the ring.
    var nextOrdinal: UInt64
    /// While the store grew by this step.
    var appendsPerSecond: Double
    /// How long after it the views had seen the head.
    var lagSeconds: Double
    /// Processor time of the daemon an event, views included.
    var cpuMicroseconds: Double
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

    private static var columns: [(title: String, value: (ScaleStep) -> Double, places: Int)] {
        [
            ("million", { Double($0.millions) }, 0), ("per s", \.appendsPerSecond, 0),
            ("lag s", \.lagSeconds, 2), ("cpu µs", \.cpuMicroseconds, 1),
            ("append p99 µs", \.appendP99, 0), ("card p99 µs", \.cardP99, 0),
            ("timeline p99 µs", \.timelineP99, 0), ("MiB", \.memoryMiB, 0),
            ("open s", \.openSeconds, 2),
            ("log B", \.logBytes, 1), ("index B", \.indexBytes, 1), ("views B", \.viewBytes, 1),
        ]
    }

    static var heading: String {
        columns.map { Comparison.lead($0.title, max(9, $0.title.count + 2)) }.joined()
    }

    var line: String {
        Self.columns.map {
            Comparison.lead(
                Comparison.decimal($0.value(self), $0.places), max(9, $0.title.count + 2))
        }.joined()
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

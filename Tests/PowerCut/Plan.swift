import Foundation
import TestSupport

/// Which crash states of which recording are checked. It lies in the run's folder, for the
/// processes that check.
struct Plan: Codable {
    /// Where recording, reference and progress lie.
    let folder: String
    let seed: UInt64
    let honesty: Disk.Honesty
    /// How many states of each moment: nothing, everything, and random ones.
    let variants: Int
    /// How many of the recording's moments; all when there are fewer.
    let moments: Int
    /// Whether whatever was answered must be there.
    let promises: Bool
    /// How many processes share the work.
    let workers: Int

    var recording: String { folder + "/recording" }
    var reference: String { folder + "/reference" }
    var violations: String { folder + "/violations" }
    func progress(of worker: Int) -> String { folder + "/progress-\(worker)" }

    init(
        folder: String, seed: UInt64, honesty: Disk.Honesty = .init(), variants: Int, moments: Int,
        promises: Bool = true, workers: Int = 2
    ) {
        self.folder = folder
        self.seed = seed
        self.honesty = honesty
        self.variants = variants
        self.moments = moments
        self.promises = promises
        self.workers = workers
    }

    /// Reads the plan of a folder.
    init(folder: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/plan"))
        self = try JSONDecoder().decode(Plan.self, from: data)
    }

    /// Writes the plan, and begins the progress of every process where there is none.
    func write() throws {
        try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: folder + "/plan"))
        for worker in 0..<workers
        where !FileManager.default.fileExists(atPath: progress(of: worker)) {
            try Progress().write(to: progress(of: worker))
        }
        if !FileManager.default.fileExists(atPath: violations) {
            try Data().write(to: URL(fileURLWithPath: violations))
        }
    }

    /// Whether a moment, given by its place among the recording's, is one of those checked.
    func isChosen(_ moment: Int, of all: Int, worker: Int) -> Bool {
        // A worker has some that follow each other: neighbours may be the same state.
        guard moments < all else { return moment / 16 % workers == worker }
        // The same share of every stretch of the recording; where in it, the seed says.
        let stretch = moment * moments / all
        let (begin, end) = (
            (stretch * all + moments - 1) / moments, ((stretch + 1) * all + moments - 1) / moments
        )
        var random = SeededGenerator(seed: seed &+ UInt64(stretch))
        return moment == Int.random(in: begin..<end, using: &random)
            && stretch / 16 % workers == worker
    }

    func choice(moment: Int, variant: Int) -> Choice {
        var random = SeededGenerator(seed: seed &+ UInt64(moment) << 20 &+ UInt64(variant))
        return Choice(variant: variant, seed: random.next())
    }
}

/// How far one process has come; written before each state, so that a state at which the process
/// dies is known.
struct Progress {
    /// The moment that is being checked, and its variant.
    var moment: UInt64 = 0
    var variant: UInt64 = 0
    var checked: UInt64 = 0
    /// How many of them were a state that had just been looked at.
    var repeated: UInt64 = 0
    /// 1 when a state is being checked, 2 when all are.
    var stage: UInt64 = 0

    var isDone: Bool { stage == 2 }

    init() {}

    init(path: String) throws {
        let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        func number(_ index: Int) -> UInt64 {
            data[index * 8..<index * 8 + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        (moment, variant, checked) = (number(0), number(1), number(2))
        (repeated, stage) = (number(3), number(4))
    }

    var bytes: [UInt8] {
        [moment, variant, checked, repeated, stage].flatMap { number in
            (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
    }

    func write(to path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
}

import Foundation
import Testing

/// One recording and the checks of its crash states. Where `THROUGHLINE_POWER_FOLDER` says so, it
/// is kept, so that a run that was interrupted goes on.
final class CutRun {
    /// What the checks have found.
    struct Outcome {
        let checked: UInt64
        /// How many of them were a state that had just been looked at.
        let repeated: UInt64
        let violations: [String]
    }

    let folder: String
    private let isKept: Bool

    init(_ beginning: RecordedRun.Beginning, requests: Int, seed: UInt64) throws {
        let name = "\(beginning)-\(requests)-\(seed)"
        if PowerCutTests.isLong, let parent = PowerCutTests.environment["THROUGHLINE_POWER_FOLDER"]
        {
            folder = parent + "/" + name
            isKept = true
        } else {
            folder = try Scratch.folder(named: "tl-cut-\(getpid())-\(name)")
            isKept = false
        }
        guard !FileManager.default.fileExists(atPath: folder + "/reference") else { return }
        guard !isDone else { return }
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        if beginning == .erasing {
            _ = try ErasingRun(requests: requests, seed: seed, folder: folder)
        } else {
            _ = try RecordedRun(beginning, requests: requests, seed: seed, folder: folder)
        }
    }

    deinit {
        if !isKept { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Whether an earlier run has checked everything and found nothing.
    var isDone: Bool { FileManager.default.fileExists(atPath: folder + "/done") }

    func moments() throws -> Int {
        try Worker.moments(try Recording(path: folder + "/recording").entries, .init())
    }

    /// Checks in as many processes as the plan has, each begun again until it is through.
    func check(_ plan: Plan) async throws -> Outcome {
        try plan.write()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<plan.workers {
                group.addTask { try await Self.work(plan, worker) }
            }
            try await group.waitForAll()
        }
        let all = try (0..<plan.workers).map { try Progress(path: plan.progress(of: $0)) }
        let text = try String(contentsOfFile: plan.violations, encoding: .utf8)
        return Outcome(
            checked: all.reduce(0) { $0 + $1.checked },
            repeated: all.reduce(0) { $0 + $1.repeated },
            violations: text.split(separator: "\n").map(String.init))
    }

    private static func work(_ plan: Plan, _ worker: Int) async throws {
        while try !Progress(path: plan.progress(of: worker)).isDone {
            let before = try Progress(path: plan.progress(of: worker)).checked
            await #expect(processExitsWith: .exitCode(7)) {
                [folder = plan.folder as String, worker = worker as Int] in
                var worker = try Worker(folder: folder, worker: worker)
                try worker.run()
            }
            try #require(
                try Progress(path: plan.progress(of: worker)).checked > before
                    || Progress(path: plan.progress(of: worker)).stage > 0, "no way forward")
        }
    }

    /// Notes that everything is checked, and lets go of the recording.
    func finish() throws {
        guard isKept else { return }
        try Data().write(to: URL(fileURLWithPath: folder + "/done"))
        for name in ["recording", "reference"] {
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        }
    }
}

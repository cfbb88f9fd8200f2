import Foundation
import Threads

/// A process that builds crash states and opens them. liblmdb may end it: the state at which it
/// died is then a violation, and the next process goes on behind it.
struct Worker {
    /// The exit code of a process that has come to an end in order, also by a deadly signal.
    static let exitCode: Int32 = 7

    let plan: Plan
    let worker: Int
    private let scratch: Scratch
    private let reference: Reference
    private let views: FoldedViews
    private var progress: Progress
    private let progressFile: FileHandle
    /// The states that have been looked at last.
    private var known: [State] = []
    private static let knownMax = 24

    /// What was found after a power cut, and up to where had been answered before.
    private struct State {
        let image: Disk.Image
        let answered: UInt64

        func isSame(as image: Disk.Image, _ answered: UInt64) -> Bool {
            guard self.answered == answered, self.image.count == image.count else { return false }
            for index in image.indices {
                let (left, right) = (self.image[index], image[index])
                guard left.path == right.path else { return false }
                switch (left.contents, right.contents) {
                case (nil, nil): continue
                case (let left?, let right?) where left.isSame(as: right): continue
                default: return false
                }
            }
            return true
        }
    }

    init(folder: String, worker: Int) throws {
        plan = try Plan(folder: folder)
        self.worker = worker
        scratch = Scratch(try Scratch.folder(named: "tl-power-\(getpid())"))
        views = FoldedViews(folder: try Scratch.folder(named: "tl-power-views-\(getpid())"))
        reference = try Reference(path: plan.reference)
        progress = try Progress(path: plan.progress(of: worker))
        progressFile = try FileHandle(
            forUpdating: URL(fileURLWithPath: plan.progress(of: worker)))
    }

    /// Checks everything that is not checked yet; ends the process.
    mutating func run() throws -> Never {
        for number in [SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTRAP] {
            signal(number) { _ in _exit(Worker.exitCode) }
        }
        // As a daemon does: liblmdb takes two mebibytes for each file that it opens for writing, and
        // those that are mapped are zeros already.
        LargeBlocks.giveBack()
        let resumed = progress
        if resumed.stage == 1 {
            progress.checked += 1
            try note(violation: "the process died")
        }
        let entries = try Recording(path: plan.recording).entries
        let all = try Self.moments(entries, plan.honesty)
        let disk = Disk(plan.honesty)
        var moment = 0
        for entry in entries where try disk.perform(entry) {
            if plan.isChosen(moment, of: all, worker: worker) {
                for variant in 0..<plan.variants {
                    let place = (UInt64(moment), UInt64(variant))
                    if resumed.stage == 1, place <= (resumed.moment, resumed.variant) { continue }
                    try check(disk, moment, variant)
                }
            }
            moment += 1
        }
        progress.stage = 2
        try writeProgress()
        try? FileManager.default.removeItem(atPath: scratch.folder)
        _exit(Self.exitCode)
    }

    /// How many moments a recording has: entries after which a cut may leave something else.
    static func moments(_ entries: [Recording.Entry], _ honesty: Disk.Honesty) throws -> Int {
        let disk = Disk(honesty)
        return try entries.reduce(0) { try disk.perform($1) ? $0 + 1 : $0 }
    }

    private mutating func check(_ disk: Disk, _ moment: Int, _ variant: Int) throws {
        let image = disk.image(plan.choice(moment: moment, variant: variant))
        // Where little is under way several choices come to the same, and so does a moment at which
        // something has only begun.
        guard !known.contains(where: { $0.isSame(as: image, disk.answered) }) else {
            progress.checked += 1
            progress.repeated += 1
            return
        }
        if known.count == Self.knownMax { known.removeFirst() }
        known.append(State(image: image, answered: disk.answered))
        progress.moment = UInt64(moment)
        progress.variant = UInt64(variant)
        progress.stage = 1
        try writeProgress()
        try scratch.fill(image)
        do {
            try StateCheck(
                reference: reference, answered: plan.promises ? disk.answered : 0, views: views
            )
            .run(store: scratch.folder + "/store")
        } catch {
            try note(violation: "\(error); \(disk.answered) answered")
        }
        progress.checked += 1
    }

    private func writeProgress() throws {
        try progressFile.seek(toOffset: 0)
        try progressFile.write(contentsOf: Data(progress.bytes))
    }

    private func note(violation: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: plan.violations))
        try file.seekToEnd()
        let line = "moment \(progress.moment), variant \(progress.variant): \(violation)\n"
        try file.write(contentsOf: Data(line.utf8))
    }
}

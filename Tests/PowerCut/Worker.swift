import Foundation

/// A process that builds crash states and opens them. liblmdb may end it: the state at which it
/// died is then a violation, and the next process goes on behind it.
struct Worker {
    /// The exit code of a process that has come to an end in order, also by a deadly signal.
    static let exitCode: Int32 = 7

    let plan: Plan
    let worker: Int
    private let scratch: String
    private let reference: Reference
    private var progress: Progress
    private let progressFile: FileHandle

    init(folder: String, worker: Int) throws {
        plan = try Plan(folder: folder)
        self.worker = worker
        scratch = try Scratch.folder(named: "tl-power-\(getpid())")
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
        try? FileManager.default.removeItem(atPath: scratch)
        _exit(Self.exitCode)
    }

    /// How many moments a recording has: entries after which a cut may leave something else.
    static func moments(_ entries: [Recording.Entry], _ honesty: Disk.Honesty) throws -> Int {
        let disk = Disk(honesty)
        return try entries.reduce(0) { try disk.perform($1) ? $0 + 1 : $0 }
    }

    private mutating func check(_ disk: Disk, _ moment: Int, _ variant: Int) throws {
        progress.moment = UInt64(moment)
        progress.variant = UInt64(variant)
        progress.stage = 1
        try writeProgress()
        try Scratch.fill(scratch, disk.image(plan.choice(moment: moment, variant: variant)))
        do {
            try StateCheck(reference: reference, answered: disk.answered)
                .run(store: scratch + "/store")
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

/// Folders in memory, where opening a store costs no disk.
enum Scratch {
    static func folder(named name: String) throws -> String {
        let parent =
            FileManager.default.isWritableFile(atPath: "/dev/shm")
            ? "/dev/shm" : FileManager.default.temporaryDirectory.path
        let path = parent + "/" + name
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Makes a folder hold an image and nothing else.
    static func fill(_ folder: String, _ image: Disk.Image) throws {
        let store = folder + "/store"
        if FileManager.default.fileExists(atPath: store) {
            try FileManager.default.removeItem(atPath: store)
        }
        for (path, contents) in image {
            let path = folder + "/" + path
            guard let contents else {
                guard unsafe mkdir(path, 0o700) == 0 else { throw CocoaError(.fileWriteUnknown) }
                continue
            }
            let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            defer { close(descriptor) }
            guard descriptor >= 0,
                unsafe write(descriptor, contents, contents.count) == contents.count
            else { throw CocoaError(.fileWriteUnknown) }
        }
    }
}

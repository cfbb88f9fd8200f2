internal import ArgumentParser
internal import EventLog
internal import Foundation

/// Takes one of the hot paths many times, in this process and without a socket, for
/// `valgrind --tool=callgrind`; a run that only prepares tells what to take away from the count.
struct GuardProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guard",
        abstract:
            "Takes one hot path many times in this process; bench/guard counts its instructions.")

    @Argument(
        help: "append, repeat, ping, card, newcard, newpop, or the name of a view that is folded.")
    var path: GuardedPath
    @Option(help: "How often, behind a fifth as often before.") var count = 20_000
    @Option(help: "Where the store is made and removed.") var scratch = "/tmp"
    @Option(help: "Small sealed segments that the log has before.") var segments = 0
    @Flag(help: "Leaves the counted part out.") var prepareOnly = false
    @OptionGroup var workload: WorkloadOptions

    /// Valgrind has less address space than a process.
    private static let mapBytes = 1 << 30

    func validate() throws {
        guard count >= 1_000 else { throw ValidationError("--count is at least 1,000") }
        guard (0...10_000).contains(segments) else {
            throw ValidationError("--segments is 0 to 10,000")
        }
    }

    func run() throws {
        EventLog.limitMaps(toBytes: Self.mapBytes)
        let folder = scratch + "/tlg-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let load = try GuardLoad(folder: folder, workload: workload, count: count)
        try load.fillSegments(segments)
        try load.prepare(path)
        guard !prepareOnly else { return }
        let begin = Clock.threadCPU()
        try load.countedPart(path)
        let spent = Clock.threadCPU() - begin
        print(
            "\(path.rawValue): \(spent / UInt64(count)) ns of processor time each, \(count) times")
    }
}

internal import ArgumentParser
internal import Client
internal import Foundation
internal import Glibc
internal import RESP
internal import ReferenceEvents

/// The mixed day for long, with everything in it that can happen to a daemon.
struct SoakProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract:
            "The mixed day with kills, restarts, backups, seals, rebuilds and erasures in it.",
        discussion: """
            After each end of the daemon the newest 5,000 answers are held against its log. At the end \
            the store is verified, its views are held against what the log folds to, answered events \
            are sent once more, each of which must be known, the last backup is verified and restored, \
            and memory and open files must be flat. Exit code 1 where anything of it is not so; the \
            store and what the daemon said stay then.
            """)

    @OptionGroup var options: BenchOptions
    @Option(help: "Appends per second.") var rate = 5_000
    @Option(help: "Minutes, each with one thing that happens.") var minutes = 60
    @Option(help: "The tool. Default: beside the daemon.") var tool: String?

    func validate() throws {
        guard (100...100_000).contains(rate), (1...10_000).contains(minutes) else {
            throw ValidationError("a rate is 100 to 100,000, minutes are 1 to 10,000")
        }
    }

    func run() throws {
        try options.measure("soak", keepingWhatFails: true) { bench in
            let tool =
                self.tool
                ?? URL(fileURLWithPath: bench.ours.program).deletingLastPathComponent()
                .appendingPathComponent("throughline").path
            guard FileManager.default.isExecutableFile(atPath: tool) else {
                throw BenchFailure("no tool at \(tool); swift build -c release")
            }
            var soak = try Soak(bench, rate: rate, tool: tool)
            for minute in 1...minutes { try soak.pass(minute) }
            try soak.judge()
        }
    }
}

import DaemonTesting
import EventLog
import Foundation
import TestSupport
import Testing

/// Daemons that die while they are written to. Every run prints the seed it can be repeated with,
/// by `THROUGHLINE_SEED`; with `THROUGHLINE_LONG` there are 500 kills in chains.
@Suite("Crash: whatever was acknowledged is there, once, and views are as if nothing had happened")
struct CrashTests {
    static let environment = ProcessInfo.processInfo.environment
    static let isLong = environment["THROUGHLINE_LONG"] != nil
    static let seed =
        environment["THROUGHLINE_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000)

    /// What views say of a centre whose daemon was never killed.
    private func undisturbed(_ centre: ProducedCentre) throws -> ViewDocuments {
        try CrashRun(centre, seed: 0).finish()
    }

    /// Has one store killed in the given ways, one after the other, then compares.
    ///
    /// - Returns: How many of the kills happened where they were meant to.
    private func kill(
        _ kills: [Kill], _ centre: ProducedCentre, seed: UInt64, expected: ViewDocuments
    ) throws -> Int {
        let run = try CrashRun(centre, seed: seed)
        var happened = 0
        for kill in kills where try run.die(by: kill) { happened += 1 }
        let documents = try run.finish()
        let differences = documents.differences(from: expected)
        #expect(differences.isEmpty, "seed \(seed), \(kills)")
        return happened
    }

    @Test("a daemon killed at a failpoint", arguments: Failpoint.allCases.filter(\.isOfEveryRun))
    func failpoint(_ point: Failpoint) throws {
        print("crash at \(point.rawValue): THROUGHLINE_SEED=\(Self.seed)")
        let centre = ProducedCentre(seed: Self.seed, interactions: 16)
        let expected = try undisturbed(centre)
        for pass in point == .journalMade ? [1] : [1, 4] {
            let happened = try kill(
                [.failpoint(point, pass: pass)], centre, seed: Self.seed &+ UInt64(pass),
                expected: expected)
            #expect(happened == 1, "\(point.rawValue):\(pass) was never passed")
        }
        // Once more while it recovers from the death before; the journal is made only once.
        guard point != .journalMade else { return }
        let happened = try kill(
            [.signal(afterAcknowledgements: 7), .failpoint(point, pass: 1)], centre,
            seed: Self.seed, expected: expected)
        #expect(happened == 2, "\(point.rawValue) was not passed after a restart")
    }

    @Test("a daemon killed by SIGKILL after some acknowledgement, with more under way")
    func signal() throws {
        print("crash by SIGKILL: THROUGHLINE_SEED=\(Self.seed)")
        var random = SeededGenerator(seed: Self.seed)
        let centre = ProducedCentre(seed: Self.seed, interactions: 16)
        let expected = try undisturbed(centre)
        for _ in 0..<2 {
            let count = Int.random(in: 1...15, using: &random)
            _ = try kill(
                [.signal(afterAcknowledgements: count)], centre, seed: random.next(),
                expected: expected)
        }
    }

    @Test("a store whose daemons die one after the other, each in its own way")
    func chains() throws {
        print("chains of crashes: THROUGHLINE_SEED=\(Self.seed)")
        var random = SeededGenerator(seed: Self.seed)
        var left = Self.isLong ? 500 : 8
        while left > 0 {
            let centre = ProducedCentre(seed: random.next() % 1_000_000, interactions: 40)
            let kills = (0..<min(left, 8)).map { _ in Kill.random(&random) }
            _ = try kill(
                kills, centre, seed: random.next(), expected: try undisturbed(centre))
            left -= kills.count
        }
    }

    @Test(
        "a mistyped failpoint keeps the daemon from starting",
        arguments: [
            "log.comitted", "log.committed:", "log.committed:0", "log.committed:x",
            "log.committed:1:2", "", ":3",
        ])
    func mistyped(_ setting: String) throws {
        let daemon = try DaemonProcess()
        let process = Process()
        process.executableURL = DaemonProcess.programs.appendingPathComponent("throughlined")
        process.arguments = ["--store", daemon.store, "--socket", daemon.socket]
        process.environment = Self.environment.merging(["THROUGHLINE_FAILPOINT": setting]) { $1 }
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        try process.run()
        let said = String(
            decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 64)
        #expect(said.contains("THROUGHLINE_FAILPOINT is '\(setting)'"))
        #expect(said.contains("log.committed"))
        #expect(!FileManager.default.fileExists(atPath: daemon.store))
    }
}

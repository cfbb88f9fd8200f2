import Foundation
import TestSupport
import Testing

/// Every call of a short run that can fail, made to fail: all of them with `THROUGHLINE_LONG`, else
/// a sample of a printed seed, one of each kind, place and way before a second of any.
@Suite("A failing system call", .serialized)
struct FaultTests {
    /// The exit code of a daemon that cannot write its log.
    static let cannotWrite: Int32 = 74
    /// How many calls are made to fail in the sample.
    static let sample = 36

    @Test("makes no answer false: the daemon ends at once, or refuses with FULL and goes on")
    func faults() throws {
        let seed = PowerCutTests.seed
        print("faults: THROUGHLINE_SEED=\(seed)")
        let producer = Producer(requests: 40, seed: seed)
        let undisturbed = try FaultRun(nil, producer)
        #expect(try undisturbed.run() == .notReached)
        let all = Fault.all(in: try Recording(path: undisturbed.recording).entries)
        let wanted = ProcessInfo.processInfo.environment["THROUGHLINE_FAULTS"].map {
            Set($0.split(separator: ",").map(String.init))
        }
        let faults =
            wanted.map { names in all.filter { names.contains($0.description) } }
            ?? (PowerCutTests.isLong ? all : Self.choice(of: all, seed))
        var counts: [String: Int] = [:]
        var slowest: Int64 = 0
        for fault in faults {
            do {
                let run = try FaultRun(fault, producer)
                let end = try run.run()
                counts[Self.name(end), default: 0] += 1
                if case .ended(_, let milliseconds) = end { slowest = max(slowest, milliseconds) }
                expect(end, after: fault, failed: run.failed)
            } catch {
                Issue.record("\(fault): \(error)")
            }
        }
        print(
            "faults: \(faults.count) of \(all.count) calls and ways: "
                + counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
                .joined(separator: ", ") + "; slowest end after \(slowest) ms")
    }

    private static func choice(of all: [Fault], _ seed: UInt64) -> [Fault] {
        var random = SeededGenerator(seed: seed)
        var groups: [String: [Fault]] = [:]
        for fault in all.shuffled(using: &random) {
            groups["\(fault.kind) \(fault.place) \(fault.how)", default: []].append(fault)
        }
        var rest = groups.sorted { $0.key < $1.key }.map(\.value)
        var chosen: [Fault] = []
        while chosen.count < min(sample, all.count) {
            chosen += rest.compactMap(\.first)
            rest = rest.map { Array($0.dropFirst()) }
        }
        return chosen
    }

    private static func name(_ end: FaultRun.End) -> String {
        switch end {
        case .didNotStart: "did not start"
        case .ended: "ended"
        case .wentOn(_, 0): "went on"
        case .wentOn: "refused and went on"
        case .notReached: "not reached"
        }
    }

    private func expect(_ end: FaultRun.End, after fault: Fault, failed: FaultRun.Failed?) {
        // What had no room is refused and tried again. But liblmdb gives its environment up when a
        // meta page, which has its room already, cannot be written.
        let isMetaPage = fault.place == .log && failed?.endsEnvironment == true
        let refuses =
            fault.how.isNoRoom && !isMetaPage && [.log, .journal].contains(fault.place)
        // The rest of a short write is written; a view that fails is out of use until the next
        // start, and nothing else is.
        let isMended = fault.how == .short || fault.place == .views
        // Where half a write holds the whole record and it can neither be finished nor revoked.
        let mayBeStored = fault.place == .journal && fault.how == .shortNoRoomTwice
        let what: Comment = "\(fault): \(end), \(failed?.path ?? "?")"
        switch end {
        case .notReached: break
        case .didNotStart(let code): #expect(code != nil && code != 0, what)
        case .ended(let code, let milliseconds):
            #expect(code == Self.cannotWrite && milliseconds <= 1_000, what)
            #expect((!refuses || mayBeStored) && fault.place != .views, what)
        case .wentOn(let code, let refusals):
            let isFound = code == Self.cannotWrite && (!refuses || mayBeStored)
            // Who is stopped before anything is tried again does not find out.
            let isUnnoticed = isMetaPage && refusals == 0
            #expect(isFound || (code == 0 && (isMended || refuses || isUnnoticed)), what)
        }
    }
}

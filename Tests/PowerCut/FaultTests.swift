import Foundation
import Testing

/// Every call of a short run that can fail, made to fail: all of them with `THROUGHLINE_LONG`, else
/// a sample of a printed seed.
@Suite("A failing system call", .serialized)
struct FaultTests {
    /// The exit code of a daemon that cannot write its log.
    static let cannotWrite: Int32 = 74

    @Test("makes no answer false: the daemon ends at once, or refuses with FULL and goes on")
    func faults() throws {
        let seed = PowerCutTests.seed
        print("faults: THROUGHLINE_SEED=\(seed)")
        let producer = Producer(requests: 40, seed: seed)
        let undisturbed = try FaultRun(nil, producer)
        #expect(try undisturbed.run() == .notReached)
        var faults = Fault.all(in: try Recording(path: undisturbed.recording).entries)
        let all = faults.count
        if !PowerCutTests.isLong {
            var random = SeededGenerator(seed: seed)
            faults = Array(faults.shuffled(using: &random).prefix(40))
        }
        var counts: [String: Int] = [:]
        var slowest: Int64 = 0
        for fault in faults {
            do {
                let end = try FaultRun(fault, producer).run()
                counts[Self.name(end), default: 0] += 1
                if case .ended(_, let milliseconds) = end { slowest = max(slowest, milliseconds) }
                expect(end, after: fault)
            } catch {
                Issue.record("\(fault): \(error)")
            }
        }
        print(
            "faults: \(faults.count) of \(all) calls and ways: "
                + counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
                .joined(separator: ", ") + "; slowest end after \(slowest) ms")
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

    private func expect(_ end: FaultRun.End, after fault: Fault) {
        // What had no room is refused and tried again, and liblmdb takes some short writes for that;
        // but it gives its environment up when a meta page, which has its room already, cannot be
        // written.
        let refuses = fault.how == .noRoom && fault.place == .log && !fault.isDurableWrite
        switch end {
        case .notReached: break
        case .didNotStart(let code): #expect(code != nil && code != 0, "\(fault): \(end)")
        case .ended(let code, let milliseconds):
            #expect(code == Self.cannotWrite && milliseconds <= 1_000, "\(fault): \(end)")
            #expect(!refuses && fault.place != .views, "\(fault): \(end)")
        case .wentOn(let code, _):
            // The rest of a short write is written; a file that cannot be opened past the page
            // cache is opened otherwise; a view that fails is out of use until the next start.
            let isMended =
                fault.how == .short || fault.place == .views
                || fault.kind == .open && fault.place == .journal
            let isFound = code == Self.cannotWrite && !refuses
            #expect(isFound || (code == 0 && (isMended || refuses)), "\(fault): \(end)")
        }
    }
}

import EventModel
import Glibc
import Testing

@testable import EventLog

/// Processes killed at a failpoint, as by `kill -9`, and what the next start finds.
@Suite("A killed process leaves a log that opens")
struct KilledStartTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path }

    init() throws { folder = try TemporaryFolder() }

    @Test("while it made the first segment")
    func firstStart() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            arm(.segmentCreated)
            _ = try OpenLog(path)
        }
        #expect(File.exists(OpenLog.segmentPath(path) + ".new"))
        #expect(!File.exists(OpenLog.segmentPath(path)))
        do {
            let opened = try OpenLog(path)
            #expect(opened.log.head.position == .zero)
            #expect(!File.exists(OpenLog.segmentPath(path) + ".new"))
            #expect(!File.exists(OpenLog.segmentPath(path) + ".new-lock"))
            #expect(try opened.append([Said("1")]) == [.new(Position(1))])
        }
        #expect(try OpenLog(path).events().map(\.draft.id) == ["1"])
    }

    @Test(
        "when the second round was staged or committed: the whole round is there or none",
        arguments: [(Failpoint.logStaged, 2), (.logCommitted, 5)] as [(Failpoint, UInt64)])
    func round(point: Failpoint, expected: UInt64) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, name = point.rawValue as String] in
            guard let point = Failpoint(rawValue: name) else { _exit(8) }
            arm(point, pass: 2)
            let opened = try OpenLog(path)
            try opened.append([Said("1"), Said("2")])
            try opened.append([Said("3"), Said("4"), Said("5")], after: 1)
        }
        let opened = try OpenLog(path, seed: 9)
        #expect(opened.log.head.position == Position(expected))
        #expect(try opened.events().map(\.draft.id) == (1...expected).map { "\($0)" })
        let again = try opened.append((1...6).map { Said("\($0)") }, after: 2)
        for (index, outcome) in again.enumerated() {
            let position = Position(UInt64(index) + 1)
            #expect(
                outcome == (position.rawValue <= expected ? .repeated(position) : .new(position)))
        }
    }

    @Test("while it made the journal")
    func journal() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            arm(.journalMade)
            _ = try OpenLog(path)
        }
        #expect(File.exists(path + "/journal.new"))
        #expect(!File.exists(path + "/journal"))
        #expect(try OpenLog(path).append([Said("1")]) == [.new(Position(1))])
        #expect(!File.exists(path + "/journal.new"))
    }

    @Test(
        "while it moved events into a segment, or began the next one",
        arguments: [
            (Failpoint.stridePut, 1), (.stridePut, 3), (.strideCommitted, 1),
            (.strideCommitted, 4), (.segmentCreated, 2), (.segmentBegun, 1), (.segmentBegun, 3),
            (.indexMerged, 1), (.indexMerged, 2), (.indexReplaced, 1), (.indexReplaced, 3),
            (.segmentPacked, 1), (.segmentPacked, 2), (.segmentReplaced, 1), (.segmentReplaced, 3),
        ] as [(Failpoint, Int)])
    func stride(point: Failpoint, pass: Int) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, name = point.rawValue as String, pass = pass as Int] in
            guard let point = Failpoint(rawValue: name) else { _exit(8) }
            arm(point, pass: pass)
            let opened = try OpenLog(path, sizes: small)
            for id in 1...400 {
                try opened.append([padded(id)])
                if id % 20 == 0 { opened.log.settleSealing() }
            }
        }
        let opened = try OpenLog(path, seed: 9, sizes: small)
        let head = opened.log.head.position.rawValue
        #expect(head > 0 && head <= 400)
        #expect(try opened.events().map(\.draft) == (1...Int(head)).map { padded($0).draft })
        let again = try opened.append((1...400).map { padded($0) })
        for (index, outcome) in again.enumerated() {
            let position = Position(UInt64(index) + 1)
            #expect(outcome == (position.rawValue <= head ? .repeated(position) : .new(position)))
        }
        #expect(try opened.events().map(\.draft) == (1...400).map { padded($0).draft })
    }

    @Test("an unknown or absent failpoint kills nobody")
    func unarmed() async {
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            unsafe setenv("THROUGHLINE_FAILPOINT", "log.nowhere", 1)
            try OpenLog(path).append([Said("1")])
            _exit(7)
        }
    }
}

/// Segments of fifty events.
private let small: LogSizes = {
    var sizes = OpenLog.sizes
    sizes.segmentEvents = 50
    return sizes
}()

private func padded(_ id: Int) -> Said {
    var said = Said("\(id)")
    said.personal = [Attribute("text", .text(String(repeating: "\(id) ", count: 200)))]
    return said
}

/// Has this process killed at a pass of a failpoint; before its first pass.
private func arm(_ point: Failpoint, pass: Int = 1) {
    unsafe setenv("THROUGHLINE_FAILPOINT", "\(point.rawValue):\(pass)", 1)
}

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
        "when the second round was staged, put or committed: the whole round is there or none",
        arguments: [(Failpoint.logStaged, 2), (.logPut, 2), (.logCommitted, 5)]
            as [(Failpoint, UInt64)])
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

    @Test("an unknown or absent failpoint kills nobody")
    func unarmed() async {
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            unsafe setenv("THROUGHLINE_FAILPOINT", "log.nowhere", 1)
            try OpenLog(path).append([Said("1")])
            _exit(7)
        }
    }
}

/// Has this process killed at a pass of a failpoint; before its first pass.
private func arm(_ point: Failpoint, pass: Int = 1) {
    unsafe setenv("THROUGHLINE_FAILPOINT", "\(point.rawValue):\(pass)", 1)
}

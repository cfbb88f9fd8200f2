import EventModel
import Glibc
import LMDB
import Testing

@testable import EventLog

@Suite("A commit that fails")
struct FailedCommitTests {
    @Test("is neither published nor stored, leaves nothing staged, and can be done again")
    func failing() async throws {
        let folder = try TemporaryFolder()
        await #expect(processExitsWith: .exitCode(7)) { [path = folder.path as String] in
            try failAndGoOn(path)
        }
        let opened = try OpenLog(folder.path, seed: 9)
        let expected = [small(1), small(2), large(3), small(4)]
        #expect(try opened.events().map(\.draft) == expected.map(\.draft))
        #expect(opened.writer.newestRecorded == OpenLog.noon.advanced(byMilliseconds: 20))
    }

    @Test("a disk that says it is full, or a used-up quota, is believed however much room there is")
    func noSpace() throws {
        let folder = try TemporaryFolder()
        let segment = try OpenLog(folder.path).writer.segment
        func failure(_ cause: LMDBError.Cause) -> EventLogError {
            BlockPacker.failure(LMDBError(.commit, file: "a", cause: cause), segment)
        }
        let mapFull = LMDBError.Cause.library(code: -30_792)  // MDB_MAP_FULL
        for cause in [.system(errno: ENOSPC), .system(errno: EDQUOT), mapFull] {
            guard case .full = failure(cause) else {
                Issue.record("\(cause) is no full disk")
                continue
            }
        }
        for cause in [.system(errno: EFBIG), .library(code: -30_795)] as [LMDBError.Cause] {
            guard case .storage(let error) = failure(cause) else {
                Issue.record("\(cause) is a full disk")
                continue
            }
            #expect(error.cause == cause)
        }
    }
}

private func small(_ id: Int) -> Said { Said("\(id)") }

private func large(_ id: Int) -> Said {
    var random = SeededRandom(seed: UInt64(id))
    var said = Said("\(id)")
    said.data = random.bytes(700_000)
    return said
}

/// Commits while files may hardly grow, so that a write ends short, and again when they may; ends
/// the process with 7 when each went as it should.
private func failAndGoOn(_ path: String) throws {
    let opened = try OpenLog(path)
    try opened.append([small(1)], after: 10)
    var reader = try opened.log.makeReader()
    let digests = try opened.blocks().map(\.digest)

    signal(SIGXFSZ, SIG_IGN)
    for _ in 0..<3 {
        limitFiles(opened.log.fileBytes + 10_000)
        guard try opened.stage(small(2)) == .new(Position(2)),
            try opened.stage(large(3)) == .new(Position(3))
        else { _exit(8) }
        do throws(EventLogError) {
            try opened.commit(after: 5_000)
            _exit(9)
        } catch {
            // There is room on the disk: this is no full disk, and the daemon has to stop.
            guard case .storage = error else { _exit(10) }
        }
        guard opened.log.head.position == Position(1), opened.writer.stagedCount == 0,
            opened.writer.newestRecorded == OpenLog.noon.advanced(byMilliseconds: 10),
            opened.writer.commits == 1,
            try !reader.event(at: Position(2), { (_) throws(Never) in }),
            try opened.events().map(\.draft.id) == ["1"],
            try opened.blocks().map(\.digest) == digests
        else { _exit(11) }
    }

    limitFiles(.max)
    guard
        try opened.append([small(1), small(2)], after: 20)
            == [.repeated(Position(1)), .new(Position(2))]
    else { _exit(12) }
    guard
        try opened.append([large(3), small(4)], after: 0)
            == [.new(Position(3)), .new(Position(4))]
    else { _exit(13) }
    _exit(7)
}

private func limitFiles(_ byteCount: UInt64) {
    var limit = rlimit(rlim_cur: rlim_t(byteCount), rlim_max: .max)
    // RLIMIT_FSIZE
    guard unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0 else { _exit(14) }
}

import EventModel
import Glibc
import LMDB
import Synchronization
import Testing

@testable import EventLog

@Suite("A commit that fails")
struct FailedCommitTests {
    @Test("is neither published nor stored, and the next start finds what was answered before")
    func failing() async throws {
        let folder = try TemporaryFolder()
        await #expect(processExitsWith: .exitCode(7)) { [path = folder.path as String] in
            try failCommit(path)
        }
        let opened = try OpenLog(folder.path, seed: 9)
        #expect(try opened.events().map(\.draft) == [small(1).draft])
        #expect(opened.writer.newestRecorded == OpenLog.noon.advanced(byMilliseconds: 10))
        #expect(try opened.append([small(2)]) == [.new(Position(2))])
    }

    @Test("a stride that fails is told to the owner and by every commit after it")
    func failingStride() async throws {
        let folder = try TemporaryFolder()
        await #expect(processExitsWith: .exitCode(7)) { [path = folder.path as String] in
            try failStride(path)
        }
        // What was answered lies in the journal.
        let opened = try OpenLog(folder.path, seed: 9)
        #expect(try opened.events().map(\.draft) == [large(1).draft, large(2).draft])
    }

    @Test("a disk that says it is full, or a used-up quota, is believed however much room there is")
    func noSpace() throws {
        let folder = try TemporaryFolder()
        let segment = try OpenLog(folder.path).segment
        func failure(_ cause: LMDBError.Cause) -> EventLogError {
            BlockPacker.failure(LMDBError(.commit, file: "a", cause: cause), segment.environment)
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

/// Commits while the journal may not be written; ends the process with 7 when it went as it
/// should.
private func failCommit(_ path: String) throws {
    let opened = try OpenLog(path)
    try opened.append([small(1)], after: 10)
    opened.log.settle()
    var reader = try opened.log.makeReader()
    signal(SIGXFSZ, SIG_IGN)
    limitFiles(4_096)
    guard try opened.stage(small(2)) == .new(Position(2)),
        try opened.stage(large(3)) == .new(Position(3))
    else { _exit(8) }
    do throws(EventLogError) {
        try opened.commit(after: 5_000)
        _exit(9)
    } catch {
        // There is room on the disk: this is no full disk, and the daemon has to stop.
        guard case .system(_, _, EFBIG) = error else { _exit(10) }
    }
    guard opened.log.head.position == Position(1), opened.writer.stagedCount == 0,
        opened.writer.newestRecorded == OpenLog.noon.advanced(byMilliseconds: 10),
        opened.writer.commits == 1,
        try !reader.event(at: Position(2), { (_) throws(Never) in }),
        try opened.events().map(\.draft.id) == ["1"]
    else { _exit(11) }
    _exit(7)
}

/// Has a stride fail behind two commits; ends the process with 7 when it went as it should.
private func failStride(_ path: String) throws {
    let heard = Mutex<EventLogError?>(nil)
    var sizes = OpenLog.sizes
    sizes.strideBytes = 1 << 30
    let folder = try StoreFolder(path: path, now: OpenLog.noon) { 1 }
    let (log, writer) = try EventLog.open(
        folder: folder,
        options: .init(
            sizes: sizes, randomBytes: { 1 }, onFailure: { error in heard.withLock { $0 = error } })
    )
    for id in 1...2 {
        _ = try writer.stage { (records) throws(Never) in large(id).encode(into: &records) }
        try writer.commit(now: OpenLog.noon)
    }
    signal(SIGXFSZ, SIG_IGN)
    limitFiles(log.fileBytes + 10_000)
    log.settle()
    guard case .storage = heard.withLock({ $0 }) else { _exit(8) }
    _ = try writer.stage { (records) throws(Never) in small(3).encode(into: &records) }
    do throws(EventLogError) {
        try writer.commit(now: OpenLog.noon)
        _exit(9)
    } catch {
        guard case .storage = error, writer.stagedCount == 0 else { _exit(10) }
    }
    // The thread that failed has ended, and is still to be joined.
    log.close()
    _exit(7)
}

private func limitFiles(_ byteCount: UInt64) {
    var limit = rlimit(rlim_cur: rlim_t(byteCount), rlim_max: .max)
    // RLIMIT_FSIZE
    guard unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0 else { _exit(14) }
}

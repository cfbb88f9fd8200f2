import CLMDB
import Glibc
import LMDB
import Testing

@Suite("Errors")
struct ErrorTests {
    private func error(_ code: Int32) -> LMDBError {
        LMDBError(.commit, file: "a.mdb", cause: .library(code: code))
    }

    private func error(errno number: Int32) -> LMDBError {
        LMDBError(.commit, file: "a.mdb", cause: .system(errno: number))
    }

    @Test("each class knows its own codes and no other")
    func classes() {
        let all: [LMDBError] =
            (MDB_KEYEXIST...MDB_LAST_ERRCODE).map { error($0) } + (1...130).map { error(errno: $0) }
        #expect(all.filter(\.isMapFull) == [error(MDB_MAP_FULL)])
        #expect(all.filter(\.isReadersFull) == [error(MDB_READERS_FULL)])
        #expect(all.filter(\.isTransactionFull) == [error(MDB_TXN_FULL)])
        #expect(all.filter(\.isFatal) == [error(MDB_PANIC)])
        #expect(all.filter(\.isKeyExists) == [error(MDB_KEYEXIST)])
        #expect(all.filter(\.isBadTransaction) == [error(MDB_BAD_TXN)])
        #expect(all.filter(\.isAlreadyThere) == [error(errno: EEXIST)])
        #expect(all.filter(\.isMissing) == [error(MDB_NOTFOUND), error(errno: ENOENT)])
        #expect(
            Set(all.filter(\.mayBeNoSpace))
                == [error(errno: EIO), error(errno: ENOSPC), error(errno: EDQUOT)])
        #expect(
            Set(all.filter(\.isCorrupted)) == [
                error(MDB_PAGE_NOTFOUND), error(MDB_CORRUPTED), error(MDB_VERSION_MISMATCH),
                error(MDB_INVALID),
            ])
    }

    @Test("a message says what was tried on which file, the cause with its code, and what to do")
    func messages() {
        #expect(
            error(MDB_MAP_FULL).description
                == "commit on a.mdb failed: MDB_MAP_FULL: Environment mapsize limit reached "
                + "(-30792); delete or reopen with a larger map")
        #expect(
            error(errno: EIO).description
                == "commit on a.mdb failed: errno 5: Input/output error; "
                + "see whether the disk is full, else stop")
        #expect(
            LMDBError(.put, file: "a.mdb", cause: .keyLength(512)).description
                == "put on a.mdb failed: the key has 512 bytes, allowed are 1 to 511")
        let truncated = LMDBError.Cause.truncated(expectedBytes: 8_192, actualBytes: 4_096)
        #expect(
            LMDBError(.open, file: "a.mdb", cause: truncated).description
                == "open on a.mdb failed: it is 4096 bytes long, its newest transaction needs "
                + "8192; rebuild the file or take it from a backup")
    }

    @Test("every cause has a message of one line")
    func everyCause() {
        let causes: [LMDBError.Cause] = [
            .library(code: MDB_CORRUPTED), .system(errno: ENOSPC), .alreadyOpen, .notAFile,
            .notInitialised, .notAnEnvironment, .truncated(expectedBytes: 1, actualBytes: 0),
            .keyLength(0), .valueLength(0), .databaseFlags(stored: 4, expected: 0), .readOnly,
            .option("0 readers"),
        ]
        for cause in causes {
            let message = LMDBError(.open, file: "a.mdb", cause: cause).description
            #expect(message.hasPrefix("open on a.mdb failed: "))
            #expect(!message.contains("\n"))
        }
    }

    @Test("limits agree with each other")
    func limits() {
        #expect(Limits.mapBytesMin <= Limits.mapBytesDefault)
        #expect(Limits.readersDefault <= Int(Int32.max))
        #expect(Limits.valueBytesMax == Int(UInt32.max))
    }
}

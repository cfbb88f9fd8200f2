import Glibc
import LMDB
import Testing

@Suite("Reader slots")
struct ReaderSlotTests {
    @Test("one reader too many is refused as such, and served when another has ended")
    func full() throws {
        let fixture = try Fixture(.init(maxReaders: 2))
        let first = try fixture.environment.beginRead()
        do {
            let second = try fixture.environment.beginRead()
            let error = #expect(throws: LMDBError.self) {
                _ = try fixture.environment.beginRead()
            }
            #expect(error?.isReadersFull == true)
            #expect(second.number == first.number)
        }
        _ = try fixture.environment.beginRead()
    }

    @Test("a parked transaction holds its slot and no pages, and resumes at the newest state")
    func park() throws {
        let fixture = try Fixture(.init(maxReaders: 1))
        try fixture.commit("ana", "one")
        let transaction = try fixture.environment.beginRead()
        #expect(try transaction.value(fixture.texts, "ana") == "one")
        let parked = transaction.park()
        let error = #expect(throws: LMDBError.self) { _ = try fixture.environment.beginRead() }
        #expect(error?.isReadersFull == true)
        try fixture.commit("ana", "two")
        let resumed = try parked.resume()
        #expect(try resumed.value(fixture.texts, "ana") == "two")
    }

    @Test("a parked transaction gives its slot back at its end")
    func parkedEnd() throws {
        let fixture = try Fixture(.init(maxReaders: 1))
        do { _ = try fixture.environment.beginRead().park() }
        _ = try fixture.environment.beginRead()
    }

    @Test("the slot of a process that died with a transaction open is cleared and counted")
    func deadProcess() async throws {
        let fixture = try Fixture(.init(maxReaders: 2))
        try fixture.commit("ana", "one")
        #expect(try fixture.environment.checkReaders() == 0)
        let path = fixture.environment.path
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            try dieReading(path)
        }
        #expect(try fixture.environment.checkReaders() == 1)
        #expect(try fixture.environment.checkReaders() == 0)
    }

    @Test("a full reader table is cleared of dead processes before a reader is refused")
    func deadProcessesFill() async throws {
        let fixture = try Fixture(.init(maxReaders: 1))
        let path = fixture.environment.path
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            try dieReading(path)
        }
        #expect(fixture.environment.information.readersInUse == 1)
        try readOnce(fixture)
    }

    private func readOnce(_ fixture: Fixture) throws {
        #expect(try fixture.environment.beginRead().value(fixture.texts, "ana") == nil)
    }
}

/// Ends the process with status 7 and a read transaction open.
private func dieReading(_ path: String) throws {
    let environment = try Environment.open(path: path)
    die(holding: try environment.beginRead())
}

/// Borrowing keeps the transaction from ending before the process does.
private func die(holding transaction: borrowing ReadTransaction) -> Never {
    _exit(7)
}

import EventLog
import EventModel
import RESP
import Testing

@testable import Commands

/// Where looking ids up in old segments waits for the disk, it is done beside the loop.
@Suite("Appends whose ids are read ahead")
struct ReadAheadTests {
    private let store: OpenStore
    private let session = Session(id: 1, role: .writer)
    private let other = Session(id: 2, role: .writer)

    init() throws {
        var sizes = LogSizes()
        sizes.segmentEvents = 16
        sizes.strideBytes = 1
        sizes.coldLookUpNanoseconds = 0
        store = try OpenStore(sizes: sizes)
        for id in 1...40 {
            store.run(event(id), for: session)
            try commit()
        }
        store.settleSealing()
        // A commit lets go of what is in the index's files by then.
        store.run(event(41), for: session)
        try commit()
        // One that waits for the disk tells that it is slow.
        _ = try store.finish(event(1), for: session)
        _ = answer()
    }

    /// How many ids have been read ahead.
    private var readAhead: Int { store.executor.counters.idsReadAhead }

    private func event(_ id: Int) -> String {
        "APPEND agent.loggedIn source s id \(id) agent ana"
    }

    private func batch(_ ids: [Int]) -> String {
        "APPENDBATCH \(ids.count)"
            + ids.map { " 7 agent.loggedIn source s id \($0) agent ana" }.joined()
    }

    private func commit() throws {
        while try !store.executor.commitRound([session, other]) { store.settleSealing() }
    }

    private func answer() -> [String] {
        session.commandEnded()
        return session.takeLines()
    }

    @Test("wait for that, and are answered as any other")
    func single() throws {
        let before = readAhead
        _ = try store.finish(event(5), for: session)
        #expect(answer() == ["*2", ":5", "+REPEAT"])
        _ = try store.finish(event(6) + " site madrid", for: session)
        #expect(answer().first?.hasPrefix("-IDCONFLICT ") == true)
        _ = try store.finish(event(42), for: session)
        try commit()
        #expect(answer() == [":42"])
        #expect(readAhead - before == 3)
        // What is known from memory takes no reading.
        _ = try store.finish(event(42), for: session)
        #expect(answer() == ["*2", ":42", "+REPEAT"])
        #expect(readAhead - before == 3)
    }

    @Test("wait once for all of a batch, and others append meanwhile")
    func batches() throws {
        let before = readAhead
        _ = try store.finish(batch([7, 8, 20]), for: session)
        #expect(answer() == ["*4", ":7", ":8", ":20", "+REPEAT"])
        _ = try store.finish(batch([9, 99]), for: session)
        #expect(answer().first?.hasPrefix("-PARTIALREPEAT ") == true)
        #expect(readAhead - before == 5)
        // It may have been read before anybody comes to wait.
        var hasWaited = false
        _ = try store.finish(batch([50, 51]), for: session) { (_) throws in
            #expect(store.executor.hasStaged == false)
            _ = try store.finish(event(42), for: other)
            other.commandEnded()
            hasWaited = true
        }
        try commit()
        #expect(other.takeLines() == (hasWaited ? [":42"] : []))
        #expect(answer() == (hasWaited ? ["*2", ":43", ":44"] : ["*2", ":42", ":43"]))
    }
}

import EventModel
import Foundation
import Synchronization
import TestSupport
import Testing
import Views

@testable import LMDB
@testable import Projecting

@Suite("Putting views on disk while their folds go on")
struct FlusherTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// So many events on, a flush is due whatever the clock says.
    private static let far = ProjectingLimits.eventsPerCheckpointMax

    private func commit(
        _ store: ViewStore, _ position: UInt64, by flusher: ViewFlusher
    ) throws {
        let checkpoint = ViewStore.Checkpoint(position: Position(position), record: 1)
        try store.commit(checkpoint, flushedBy: flusher) { (put) throws(ViewFault) in
            try put([1], Array("\(position)".utf8))
        }
    }

    /// Where the next start would go on after a power cut that takes nothing.
    private func positionKept(_ path: String) throws -> Position {
        let copy = folder.path + "/copy-\(UUID()).view"
        for ending in ["", ".rollback"] {
            try FileManager.default.copyItem(atPath: path + ending, toPath: copy + ending)
        }
        return try ViewSnapshot(ViewStore.open(path: copy)).position
    }

    @Test("a fold commits on while what it has committed waits to be flushed, up to a bound")
    func goesOn() throws {
        let path = folder.path + "/x.view"
        let store = try ViewStore.open(path: path)
        let flusher = ViewFlusher()
        try commit(store, 1, by: flusher)
        #expect(try positionKept(path) == .zero)
        // Due, and the flusher has not begun: nobody waits for it.
        try commit(store, Self.far, by: flusher)
        try commit(store, Self.far + 1, by: flusher)
        try commit(store, Self.far + 2, by: flusher)
        #expect(try positionKept(path) == .zero)
        #expect(store.flushing.withLock { $0.isUnderWay })
        flusher.start()
        // As far again: it waits for what is under way, and has the next flushed.
        try commit(store, 2 * Self.far, by: flusher)
        flusher.stop()
        #expect(try positionKept(path) == Position(2 * Self.far))
        try store.settle()
        #expect(try ViewSnapshot(store).position == Position(2 * Self.far))
        #expect(!folder.isThere(path + ".rollback"))
    }

    @Test("views are put on disk when they come to rest, flushed or not")
    func settles() throws {
        let path = folder.path + "/x.view"
        let flusher = ViewFlusher()
        flusher.start()
        do {
            let store = try ViewStore.open(path: path)
            for position in UInt64(1)...200 {
                try commit(store, position * Self.far / 4, by: flusher)
            }
            try store.settle()
            flusher.stop()
        }
        #expect(!folder.isThere(path + ".rollback"))
        #expect(
            try ViewSnapshot(ViewStore.open(path: path)).position == Position(50 * Self.far))
    }

    @Test(
        "what a tool that was killed while it read kept of a view's file is used again, and counted"
    )
    func killedReader() async throws {
        let path = folder.path + "/x.view"
        let store = try ViewStore.open(path: path)
        let flusher = ViewFlusher(checkingReadersEach: 1)
        var position: UInt64 = 0
        func commit(_ times: Int) throws {
            for _ in 0..<times {
                // So far that the flush before is awaited: what it keeps is bounded.
                position += Self.far
                let checkpoint = ViewStore.Checkpoint(position: Position(position), record: 1)
                try store.commit(checkpoint, flushedBy: flusher) { (put) throws(ViewFault) in
                    for key in UInt8(0)..<64 { try put([key], Array(repeating: key, count: 1_000)) }
                }
            }
        }
        flusher.start { [store] in [store] }
        try commit(20)
        let bytes = store.fileBytes
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            try dieReading(path)
        }
        try waitUntil("the slot is cleared") { flusher.staleReadersCleared == 1 }
        try commit(200)
        #expect(store.fileBytes <= 2 * bytes)
        flusher.stop()
        try store.settle()
    }

    @Test("what a flush has met is thrown by the next commit, once, and the one behind begins anew")
    func fails() throws {
        let path = folder.path + "/x.view"
        let store = try ViewStore.open(path: path)
        let flusher = ViewFlusher()
        try commit(store, 1, by: flusher)
        let failure = LMDBError(.sync, file: "x.view", cause: .system(errno: 30))
        store.flushing.withLock { $0.failure = failure }
        #expect(throws: ViewFault.self) { try commit(store, 2, by: flusher) }
        #expect(store.flushing.withLock { $0.point == nil })
        try commit(store, 3, by: flusher)
        #expect(store.flushing.withLock { $0.point != nil })
        #expect(try ViewSnapshot(store).position == Position(3))
        try store.settle()
    }
}

/// Ends the process with status 7 while it reads a view that another one writes.
private func dieReading(_ path: String) throws {
    let store = try ViewStore.openReadOnly(path: path)
    die(holding: try ViewSnapshot(store))
}

/// Borrowing keeps the snapshot from ending before the process does.
private func die(holding snapshot: borrowing ViewSnapshot) -> Never { _exit(7) }

import EventLog
import EventModel
import Foundation
import Testing
import Views

@testable import Projecting

@Suite("A view and the log it belongs to")
struct CheckpointTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func fill(_ store: String, calls: Int, source: String = "pbx") throws {
        let store = try FoldedStore(store)
        try store.appendCalls(1...calls, source: source)
        store.catchUp()
    }

    /// Where identity begins in a store that is opened, before it folds.
    private func opened(_ store: String) throws -> Position {
        let log = try OpenLog(store)
        let projector = try Projector<IdentityProjection>(
            log: log.log.source, folder: store + "/views", customers: nil, under: .none)
        return projector.progress.position
    }

    @Test("rows and checkpoint go together: when the rows cannot be told, neither is stored")
    func together() throws {
        let path = folder.path + "/x.view"
        let store = try ViewStore.open(path: path)
        let first = ViewStore.Checkpoint(position: Position(3), record: 7)
        try store.commit(first) { (put) throws(ViewFault) in
            try put([1], [10])
            try put([2], [20])
        }
        #expect(throws: ViewFault.self) {
            try store.commit(.init(position: Position(9), record: 8)) { (put) throws(ViewFault) in
                try put([1], [11])
                try put([2], nil)
                throw .storage("broken off")
            }
        }
        try expect(store, first, rows: [[1]: [10], [2]: [20]])
        let second = ViewStore.Checkpoint(position: Position(4), record: 9)
        try store.commit(second) { (put) throws(ViewFault) in
            try put([1], nil)
            try put([3], [])
        }
        try expect(store, second, rows: [[2]: [20], [3]: []])
    }

    private func expect(
        _ store: ViewStore, _ checkpoint: ViewStore.Checkpoint, rows: [[UInt8]: [UInt8]]
    ) throws {
        let snapshot = try ViewSnapshot(store)
        #expect(snapshot.checkpoint == checkpoint)
        for key in UInt8(0)...4 {
            #expect(try snapshot.row([key]) == rows[[key]])
        }
    }

    @Test("a snapshot keeps its rows and its checkpoint while the view goes on")
    func snapshot() throws {
        let store = try ViewStore.open(path: folder.path + "/x.view")
        try store.commit(.init(position: Position(1), record: 1)) { (put) throws(ViewFault) in
            try put([1], [10])
        }
        let snapshot = try ViewSnapshot(store)
        try store.commit(.init(position: Position(2), record: 1)) { (put) throws(ViewFault) in
            try put([1], [11])
        }
        #expect(snapshot.position == Position(1))
        #expect(try snapshot.row([1]) == [10])
    }

    @Test("a view goes on from its checkpoint")
    func resumed() throws {
        try fill(folder.store, calls: 4)
        #expect(try opened(folder.store) == Position(8))
    }

    @Test("a view of another log, of equal length or longer, is discarded", arguments: [4, 9])
    func other(calls: Int) throws {
        let other = folder.path + "/other"
        try fill(folder.store, calls: 4)
        try fill(other, calls: calls, source: "another")
        let own = try FoldedStore(folder.store).rows()
        let view = folder.view(IdentityProjection.self)
        try FileManager.default.removeItem(atPath: view)
        try FileManager.default.copyItem(
            atPath: folder.view(IdentityProjection.self, in: other), toPath: view)
        #expect(try opened(folder.store) == .zero)
        let store = try FoldedStore(folder.store)
        store.catchUp()
        #expect(try store.rows() == own)
    }

    @Test("a checkpoint with any wrong bit, cut, or missing beside its rows discards the view")
    func wrongBits() throws {
        try fill(folder.store, calls: 4)
        let path = folder.view(IdentityProjection.self)
        let file = try Data(contentsOf: URL(fileURLWithPath: path))
        let value = try #require(try ViewFile(path).checkpoint())
        var others: [[UInt8]?] = [nil, [], Array(value.dropLast()), value + [0]]
        for bit in 0..<value.count * 8 {
            var flipped = value
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            others.append(flipped)
        }
        for (index, other) in others.enumerated() {
            try file.write(to: URL(fileURLWithPath: path))
            try ViewFile(path).put(checkpoint: other)
            #expect(try opened(folder.store) == .zero, "\(index)")
        }
    }
}

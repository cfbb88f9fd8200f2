import EventLog
import EventModel
import Foundation
import Testing
import Views

@testable import Projecting

@Suite("What identity leaves to the folds behind it")
struct ResolvedTrailTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A batch of so many events, each of them of one customer.
    private func batch(_ first: UInt64, _ count: Int, dataBytes: Int = 10) throws -> ResolvedBatch {
        var batch = ResolvedBatch(first: Position(first))
        for offset in 0..<UInt64(count) {
            let customers = offset == 1 ? [] : [CustomerID(rawValue: first + offset)]
            try withEvent(first + offset, dataBytes: dataBytes) { event in
                batch.append(
                    event, customers,
                    moves: customers.map { PersonMove($0, to: .init(rawValue: first)) })
            }
        }
        return batch
    }

    private func withEvent(
        _ position: UInt64, dataBytes: Int, _ body: (borrowing EventView) -> Void
    ) throws {
        var encoder = EventEncoder()
        let text = Array("web.viewed".utf8)
        let data = [UInt8](repeating: 7, count: dataBytes)
        unsafe encoder.begin(type: text.span.bytes)
        unsafe encoder.set(data: data.span.bytes, contentType: text.span.bytes)
        var record: [UInt8] = []
        encoder.finish(into: &record)
        EventCodec.stamp(
            &record, at: 0, position: Position(position), recorded: FoldedStore.noon)
        body(unsafe try EventView(checking: record.span.bytes))
    }

    @Test("a batch shows its events in order, each with its customers and moves")
    func shown() throws {
        let batch = try batch(5, 4)
        #expect(batch.last == Position(8))
        var seen: [[UInt64]] = []
        try batch.show(Position(5)...Position(8)) { event, customers, moves in
            let ids = Array(customers) + moves.map(\.person)
            seen.append([event.position.rawValue] + ids.map(\.rawValue))
        }
        #expect(seen == [[5, 5, 5], [6], [7, 7, 5], [8, 8, 5]])
        seen = []
        try batch.show(Position(6)...Position(7)) { event, customers, moves in
            let ids = Array(customers) + moves.map(\.person)
            seen.append([event.position.rawValue] + ids.map(\.rawValue))
        }
        #expect(seen == [[6], [7, 7, 5]])
    }

    @Test("what all followers have passed is let go, what somebody needs is found")
    func passed() throws {
        let trail = ResolvedTrail()
        let (fast, slow) = (HeadSignal(), HeadSignal())
        trail.join(fast)
        trail.join(slow)
        trail.append(try batch(1, 3))
        trail.append(try batch(4, 3))
        fast.publish(Position(6))
        trail.append(try batch(7, 3))
        #expect(trail.find(Position(2)).batch?.first == Position(1))
        slow.publish(Position(3))
        trail.append(try batch(10, 3))
        #expect(trail.find(Position(2)).batch == nil)
        #expect(trail.find(Position(2)).begins == Position(4))
        #expect(trail.find(Position(5)).batch?.first == Position(4))
        #expect(trail.find(Position(13)).batch == nil && trail.find(Position(13)).begins == nil)
        trail.leave(slow)
        trail.append(try batch(13, 1))
        #expect(trail.find(Position(5)).begins == Position(7))
    }

    @Test("a batch that does not follow the last begins the trail anew")
    func gap() throws {
        let trail = ResolvedTrail()
        let follower = HeadSignal()
        trail.join(follower)
        trail.append(try batch(1, 3))
        trail.append(try batch(9, 2))
        #expect(trail.find(Position(2)).begins == Position(9))
        #expect(trail.find(Position(10)).batch?.first == Position(9))
    }

    @Test("a full trail waits for who needs its oldest batch, and for nobody else")
    func full() throws {
        let trail = ResolvedTrail()
        let (needs, behind) = (HeadSignal(), HeadSignal())
        let big = ProjectingLimits.trailBytesMax / 6
        trail.join(needs)
        trail.join(behind)
        needs.publish(Position(9))
        trail.prepare(behind: .max)
        for first in stride(from: UInt64(10), to: 18, by: 2) {
            trail.append(try batch(first, 2, dataBytes: big / 2))
        }
        let moved = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            needs.publish(Position(17))
            trail.followerMoved()
            moved.signal()
        }
        trail.prepare(behind: .max)
        moved.wait()
        #expect(needs.position == Position(17))
        trail.leave(needs)
        trail.prepare(behind: .max)
    }

    @Test("near the head large events take no more room than small ones, whoever needs them")
    func nearHead() throws {
        let trail = ResolvedTrail()
        let needs = HeadSignal()
        trail.join(needs)
        trail.prepare(behind: 0)
        let dataBytes = ProjectingLimits.trailPieceBytes / 4
        let room = UInt64(ProjectingLimits.trailBytesNearHead / dataBytes)
        let last = 4 * room
        var left = TrailPieces(trail, from: Position(1), through: Position(last))
        for position in 1...last {
            try withEvent(position, dataBytes: dataBytes) { left?.append($0, [], moves: []) }
        }
        left?.finish()
        #expect(trail.byteCount <= ProjectingLimits.trailBytesNearHead)
        let begins = try #require(trail.find(Position(1)).begins).rawValue
        #expect(begins > last - room && begins <= last - room / 2)
        // Every event from there is found, in pieces that follow each other.
        var position = Position(begins)
        while position <= Position(last) {
            let piece = try #require(trail.find(position).batch)
            #expect(piece.first == position)
            position = piece.last.next
        }
        #expect(position == Position(last + 1))
    }

    @Test("pieces of a checkpoint that failed are let go of when it is tried again")
    func failed() throws {
        let trail = ResolvedTrail()
        trail.join(HeadSignal())
        trail.append(try batch(1, 3))
        let dataBytes = ProjectingLimits.trailPieceBytes
        for _ in 0..<2 {
            var left = TrailPieces(trail, from: Position(4), through: Position(6))
            for position in UInt64(4)...5 {
                try withEvent(position, dataBytes: dataBytes) { left?.append($0, [], moves: []) }
            }
        }
        #expect(trail.find(Position(1)).begins == Position(4))
        #expect(trail.find(Position(5)).batch?.last == Position(5))
        #expect(trail.byteCount < 3 * dataBytes)
    }

    @Test("rows are the same whether events come one by one over the trail or from the log")
    func sameRows() throws {
        let live = try {
            let store = try FoldedStore(folder.store)
            for number in 1...40 {
                try store.appendCalls(number...number)
                if number % 7 == 0 { store.catchUp() }
            }
            store.catchUp()
            return try store.rows()
        }()
        let open = try OpenLog(folder.store)
        let path = folder.path + "/anew"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        let views = try ViewSet(stillOn: open.log, folder: path)
        try views.identity.catchUp()
        try views.queues.catchUp()
        try views.metrics.catchUp()
        try views.customers.catchUp()
        #expect(try FoldedStore.rows(of: views) == live)
        #expect(!live.isEmpty)
    }
}

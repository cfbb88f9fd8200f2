import EventIndex
import EventModel
import LMDB
import Testing

@testable import EventLog

@Suite("Verifying healthy stores")
struct VerificationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a store is whole: every event, every entry of its indexes, the journal's tail")
    func whole() throws {
        let store = try VerifiedStore(folder.path)
        for jobs in 1...4 {
            let report = try store.verify(jobs: jobs)
            #expect(report.faults == [])
            #expect(report.isWhole)
            #expect(report.events == 400)
            #expect(report.positions == Position(1)...Position(400))
            #expect(report.segments == 4)
            #expect(report.journalEvents > 0)
            // Each event of an ended segment has an id and two streams.
            #expect(report.indexEntries >= 1_200 - 300)
        }
    }

    @Test("the digest it tells is the one that the chain has, whatever part is in the journal")
    func digest() throws {
        let store = try VerifiedStore(folder.path, events: 203, segmentEvents: 50)
        let report = try store.verify()
        #expect(report.isWhole)
        let opened = try OpenLog(folder.path, sizes: OpenLog.sizes)
        var digest = Digest.zero
        let chain = DigestChain()
        // Each segment has seeds of its own.
        var seeds: [[UInt64: [UInt8]]] = []
        let firsts = opened.log.segments.firsts
        for first in firsts {
            var own: [UInt64: [UInt8]] = [:]
            let segment = try opened.log.segments.place(of: first).segment
            let transaction = try segment.environment.beginRead()
            var cursor = try transaction.cursor(segment.seeds)
            while try cursor.next() { own[cursor.integerKey] = cursor.value.copied() }
            seeds.append(own)
        }
        var reader = try opened.log.makeReader()
        try reader.events(from: Position(1)) { (event) throws(Never) in
            let segment = (firsts.lastIndex { $0 <= event.position }) ?? 0
            guard let seed = seeds[segment][event.position.rawValue / 256] else { return false }
            digest = chain.advance(digest, by: event, seed: seed.rawSpan)
            return true
        }
        #expect(report.digest == digest)
    }

    @Test("an empty store is whole")
    func empty() throws {
        try OpenLog(folder.path).writer.close()
        let report = try VerifiedStore.report(folder.path)
        #expect(report.isWhole, "\(report.faults)")
        #expect(report.events == 0)
        #expect(report.positions == nil)
    }

    @Test("a range looks at the segments and windows that it touches, and not at others")
    func ranges() throws {
        let store = try VerifiedStore(folder.path, events: 600)
        let middle = try store.verify(from: 210, to: 390)
        #expect(middle.isWhole)
        #expect(middle.positions == Position(201)...Position(400))
        #expect(middle.segments == 2)
        #expect(try store.verify(from: 590).positions?.upperBound == Position(600))
        #expect(try store.verify(to: 5).positions == Position(1)...Position(100))
        let other = try #require(try store.blocks(1).first)
        var damaged = other.block
        damaged[90] ^= 1
        try store.put(damaged, at: other.key, in: 1)
        #expect(try store.verify(from: 101).isWhole)
        #expect(try !store.verify(to: 1).isWhole)
    }

    @Test("stores of random steps, reopened and killed anywhere, never raise a false alarm")
    func models() throws {
        let seed = Scale.seed
        print("verified models: seed \(seed)")
        for index in 0..<(Scale.isLong ? 200 : 6) {
            let path = folder.file("\(index)")
            do {
                var model = try LogModel(path: path, seed: seed &+ UInt64(index))
                try model.run(rounds: 60)
            }
            let report = try VerifiedStore.report(path)
            #expect(report.isWhole, "seed \(seed &+ UInt64(index)): \(report.faults)")
        }
    }

    @Test("a sealed segment is held against its mark, its merged index and its filter")
    func sealed() throws {
        let store = try VerifiedStore(folder.path)
        let report = try store.verify()
        #expect(report.faults == [])
        #expect(report.sealed == 3)
        // One page after the other of the filter.
        let filter = try File.contents(store.file(1, "filter"))
        for page in 0..<filter.count / 4_096 {
            var flipped = filter
            flipped[page * 4_096 + 77] ^= 4
            try File.write(flipped, to: store.file(1, "filter"))
            #expect(try store.kinds() == [.filter], "page \(page)")
        }
        try File.write(filter, to: store.file(1, "filter"))
        try store.change(1) { transaction, databases in
            let value = Self.sealRecord(last: 99, digest: [UInt8](repeating: 7, count: 32))
            try transaction.put(databases[2], key: bytes("sealed").rawSpan, value: value.rawSpan)
        }
        #expect(try store.kinds() == [.chain])
        try store.change(1) { transaction, databases in
            try transaction.put(
                databases[2], key: bytes("sealed").rawSpan, value: bytes("rubbish").rawSpan)
        }
        #expect(try store.kinds() == [.meta])
    }

    private static func sealRecord(last: UInt64, digest: [UInt8]) -> [UInt8] {
        var value: [UInt8] = []
        value.append(littleEndian: last)
        value += digest
        value.append(littleEndian: CRC32C.checksum((bytes("sealed") + value).rawSpan))
        return value
    }
}

extension VerifiedStore {
    static func report(_ path: String) throws -> VerificationReport {
        try Verification.run(store: path)
    }
}

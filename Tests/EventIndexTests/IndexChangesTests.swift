import EventModel
import LMDB
import Testing

@testable import EventIndex

@Suite("A merged index that is written anew with other entries of streams")
struct IndexChangesTests {
    @Test("holds what one of the changed events holds, leaf by leaf", arguments: [1, 2])
    func changed(_ round: UInt64) throws {
        let seed = Scale.seed &+ round
        print("index changes: seed \(seed)")
        var maker = EventMaker(seed: seed, streamNames: 3_000)
        let first = Position(4_194_305)
        var (before, after) = (IndexModel(first: first), IndexModel(first: first))
        var changes = IndexChanges()
        for number in 0..<Int(IndexLimits.eventsPerRun) * 5 / 4 {
            let event = maker.event()
            before.append(event)
            guard maker.random.once(in: round == 1 ? 500 : 3) else {
                after.append(event)
                continue
            }
            // Some go and some come, of streams that others are in, too, and of new ones.
            var streams = Set(event.streams.dropFirst(maker.random.once(in: 2) ? 1 : 0))
            streams.insert(maker.random.once(in: 2) ? maker.id() : maker.stream(maker.rank()))
            after.append(.init(id: event.id, streams: Array(streams)))
            changes.note(
                Position(first.rawValue + UInt64(number)), from: Set(event.streams), to: streams)
        }
        let folder = try TemporaryFolder()
        let merged = try merge(before, IndexChanges(), folder, "before")
        try IndexMerge.merge(
            merged, changes, index: folder.file("changed"), filter: folder.file("changed.filter"))
        let changed = try IndexFile.openSealed(
            path: folder.file("changed"), store: IndexFileTests.store, first: first)
        let wanted = try merge(after, IndexChanges(), folder, "after")
        #expect(changed.runs[0].streamCount == wanted.runs[0].streamCount)
        for place in [0, 1] {
            let pairs = try pairs(of: changed, place)
            #expect(try pairs == self.pairs(of: wanted, place) && !pairs.isEmpty)
        }
        #expect(
            try File.contents(folder.file("changed.filter"))
                == File.contents(folder.file("after.filter")))
        #expect(try pairs(of: changed, 1) != pairs(of: merged, 1))
        // From runs they come out the same.
        let direct = try merge(before, changes, folder, "direct")
        #expect(try pairs(of: direct, 1) == pairs(of: wanted, 1))
    }

    private func merge(
        _ model: IndexModel, _ changes: IndexChanges, _ folder: TemporaryFolder, _ name: String
    ) throws -> IndexFile {
        let file = try IndexFile.open(
            path: folder.file(name + ".runs"), store: IndexFileTests.store, first: model.first)
        for tail in model.tails() { try file.write(tail) }
        try IndexMerge.merge(
            file, changes, index: folder.file(name), filter: folder.file(name + ".filter"))
        return try IndexFile.openSealed(
            path: folder.file(name), store: IndexFileTests.store, first: model.first)
    }

    /// What a database of an index holds: ids, or streams.
    private func pairs(of file: IndexFile, _ place: Int) throws -> [[UInt8]] {
        let transaction = try file.beginRead()
        var cursor = try transaction.cursor(place == 0 ? file.ids : file.streams)
        var pairs: [[UInt8]] = []
        while try cursor.next() { pairs.append(cursor.key.copied() + cursor.value.copied()) }
        return pairs
    }
}

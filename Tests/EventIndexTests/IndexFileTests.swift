import EventModel
import Testing

@testable import EventIndex

@Suite("the index file of a segment")
struct IndexFileTests {
    static let store = StoreID(first: 7, second: 8)

    @Test("two runs and a half answer as plain dictionaries do, also reopened, also merged")
    func model() throws {
        let seed = Scale.seed
        print("index file: seed \(seed)")
        var maker = EventMaker(seed: seed, idValues: 60_000, streamNames: 20_000)
        var model = IndexModel(first: Position(4_194_305))
        let count = Int(IndexLimits.eventsPerRun) * 5 / 2
        for _ in 0..<count { model.append(maker.event()) }
        let folder = try TemporaryFolder()
        let path = folder.file("growing")
        do {
            let file = try IndexFile.open(path: path, store: Self.store, first: model.first)
            var reader = file.reader()
            for tail in model.tails() { try file.write(tail) }
            let seen = reader.end
            #expect(seen == model.first)
            reader.refresh()
            #expect(file.end == model.end)
            try check(&reader, model, &maker)
        }
        let file = try IndexFile.open(path: path, store: Self.store, first: model.first)
        var reader = file.reader()
        let end = reader.end
        #expect(end == model.end)
        try check(&reader, model, &maker)
        try merge(file, folder, model, &maker)
    }

    private func merge(
        _ file: IndexFile, _ folder: TemporaryFolder, _ model: IndexModel,
        _ maker: inout EventMaker
    ) throws {
        var told: [IndexMerge.Progress] = []
        let (index, filter) = (folder.file("index"), folder.file("filter"))
        try IndexMerge.merge(file, index: index, filter: filter) { told.append($0) }
        #expect(told.map(\.leavesRead) == told.map(\.leavesRead).sorted())
        #expect(told.last.map { $0.leavesRead == $0.leaves } == true)
        #expect(!File.exists(index + "-lock"))
        let merged = try IndexFile.openSealed(path: index, store: Self.store, first: model.first)
        #expect(merged.runCount == 1 && merged.end == model.end)
        #expect(merged.runs[0].streamCount == UInt32(model.streams.count))
        var reader = merged.reader()
        try check(&reader, model, &maker)
        let sealed = try SegmentFilter.open(path: filter, store: Self.store, first: model.first)
        #expect(sealed.count == model.events.count)
        #expect(sealed.byteCount <= 2 * sealed.count)
        for event in model.events { #expect(try sealed.mayContain(id: event.id)) }
        for stream in model.streams.keys { #expect(try sealed.mayContain(stream: stream)) }
    }

    private func check(
        _ reader: inout IndexReader, _ model: IndexModel, _ maker: inout EventMaker
    ) throws {
        for _ in 0..<1_500 {
            let id = maker.random.once(in: 2) ? maker.id() : maker.random.pick(model.events).id
            var found: [Position] = []
            try reader.candidates(id: id, into: &found)
            #expect(found.sorted() == model.candidates(id))
        }
        let end = model.end.rawValue
        for number in 0..<600 {
            // The biggest streams each time round, since they are cut in leaves.
            let rank = number < 40 ? number / 10 + 1 : maker.rank()
            let stream = number % 97 == 96 ? maker.id() : maker.stream(rank)
            let bound = Position(.random(in: 0...end + 70_000, using: &maker.random))
            let near = Position(
                .random(in: model.first.rawValue - 2...end + 2, using: &maker.random))
            for bound in [bound, near] {
                let limit = maker.random.pick([0, 1, 7, 50, 3_000, .max])
                try check(&reader, model, stream, bound, limit)
            }
            let total = try reader.count(stream: stream)
            #expect(total == model.positions(stream).count)
        }
    }

    private func check(
        _ reader: inout IndexReader, _ model: IndexModel, _ stream: KeyHash, _ bound: Position,
        _ limit: Int
    ) throws {
        var backward: [Position] = []
        try reader.positions(stream: stream, before: bound, limit: limit, into: &backward)
        #expect(backward == model.positions(stream, before: bound, limit: limit))
        var forward: [Position] = []
        try reader.positions(stream: stream, after: bound, limit: limit, into: &forward)
        #expect(forward == model.positions(stream, after: bound, limit: limit))
        let count = try reader.count(stream: stream, before: bound)
        #expect(count == model.positions(stream, before: bound, limit: .max).count)
    }

    @Test("many equal first halves of ids stay together and are all candidates")
    func equalIDs() throws {
        let folder = try TemporaryFolder()
        let file = try IndexFile.open(
            path: folder.file("index"), store: Self.store, first: Position(1))
        let tail = TailIndex(first: Position(1))
        for number in 1...2_000 {
            let high: UInt64 = number <= 600 ? .max : number <= 1_200 ? 0 : UInt64(number)
            tail.insert(id: KeyHash(high: high, low: 5), at: Position(UInt64(number)))
        }
        tail.seal()
        try file.write(tail)
        var reader = file.reader()
        for (high, count) in [(UInt64.max, 600), (0, 600), (1_500, 1), (7, 0)] {
            var found: [Position] = []
            try reader.candidates(id: KeyHash(high: high, low: 0), into: &found)
            #expect(found.count == count)
        }
    }

    @Test("a run without any stream says so")
    func noStreams() throws {
        let folder = try TemporaryFolder()
        let file = try IndexFile.open(
            path: folder.file("index"), store: Self.store, first: Position(1))
        let tail = TailIndex(first: Position(1))
        tail.insert(id: .first, at: Position(1))
        tail.seal()
        try file.write(tail)
        try IndexMerge.merge(file, index: folder.file("merged"), filter: folder.file("filter"))
        let merged = try IndexFile.openSealed(
            path: folder.file("merged"), store: Self.store, first: Position(1))
        var reader = merged.reader()
        let count = try reader.count(stream: .last)
        #expect(count == 0)
        var found: [Position] = []
        try reader.candidates(id: .first, into: &found)
        #expect(found == [Position(1)])
    }

    @Test("a reader on another thread sees whole runs while the next ones are written")
    func concurrent() throws {
        var maker = EventMaker(seed: 5)
        var model = IndexModel(first: Position(1))
        for _ in 0..<Int(IndexLimits.eventsPerRun) * 2 { model.append(maker.event()) }
        let folder = try TemporaryFolder()
        let file = try IndexFile.open(
            path: folder.file("index"), store: Self.store, first: Position(1))
        let tails = model.tails()
        let streams = (1...50).map { maker.stream($0) }
        let reading = TestThread { [model] in
            var reader = file.reader()
            var runs = 0
            repeat {
                reader.refresh()
                runs = reader.runCount
                let end = reader.end
                for stream in streams {
                    let count = try? reader.count(stream: stream)
                    let expected = model.positions(stream, before: end, limit: .max).count
                    #expect(count == expected)
                }
            } while runs < 2
        }
        for tail in tails { try file.write(tail) }
        reading.join()
    }
}

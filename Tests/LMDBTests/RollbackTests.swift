import Glibc
import Testing

@testable import LMDB

@Suite("Going back to a flushed state")
struct RollbackTests {
    private static let rollback = "test.mdb.rollback"

    /// The file as a power cut may leave it: of each sector that was written since the flush, the
    /// disk has what it had then or what came later, and the file ends anywhere in between.
    private func cut(
        _ flushed: [UInt8], _ written: [UInt8], _ random: inout SeededRandom
    ) -> [UInt8] {
        let sector = 512
        var disk = written
        let share = Double.random(in: 0...1, using: &random)
        for start in stride(from: 0, to: written.count, by: sector) {
            guard Double.random(in: 0..<1, using: &random) < share else { continue }
            for at in start..<min(start + sector, written.count) {
                disk[at] = at < flushed.count ? flushed[at] : 0
            }
        }
        let end = Int.random(in: flushed.count...max(flushed.count, written.count), using: &random)
        disk.removeLast(disk.count - end)
        return disk
    }

    private func change(
        _ fixture: Fixture, _ model: inout [UInt64: [UInt8]], _ random: inout SeededRandom
    ) throws {
        var transaction = try fixture.environment.beginWrite()
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            let key = UInt64.random(in: 0..<200, using: &random)
            if Int.random(in: 0..<4, using: &random) == 0 {
                _ = try transaction.delete(fixture.numbers, key: key)
                model[key] = nil
            } else {
                let value = random.bytes(Int.random(in: 0...3_000, using: &random))
                try transaction.put(fixture.numbers, key: key, value: value.rawSpan)
                model[key] = value
            }
        }
        try transaction.commit()
    }

    private func expect(
        _ folder: TemporaryFolder, _ name: String, oneOf models: [[UInt64: [UInt8]]], _ why: String
    ) throws {
        let environment = try Environment.open(path: folder.file(name), options: .init())
        let numbers = try environment.openDatabases(Fixture.definitions)[1]
        let reading = try environment.beginRead()
        var found: [UInt64: [UInt8]] = [:]
        try reading.forEach(in: numbers, from: 0) { key, value in
            found[key] = copy(value)
            return true
        }
        #expect(models.contains(found), "\(why)")
    }

    @Test("whatever a power cut leaves of later commits, the file goes back to the flushed state")
    func powerCuts() throws {
        let seed: UInt64 = 20_261_126
        var random = SeededRandom(seed: seed)
        let fixture = try Fixture(.init(durability: .noSync))
        let folder = fixture.folder
        var model: [UInt64: [UInt8]] = [:]
        for _ in 0..<5 { try change(fixture, &model, &random) }
        var point = try RollbackPoint(of: fixture.environment, at: folder.file(Self.rollback))
        for round in 0..<60 {
            let before = model
            var kept = model
            var flushed = try folder.contents(of: "test.mdb")
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                try change(fixture, &model, &random)
            }
            let tornFrom = try folder.contents(of: Self.rollback)
            let written = try folder.contents(of: "test.mdb")
            if round % 3 == 0 {
                // The cut comes after the flush, while the point's file is written.
                try point.renew()
                (kept, flushed) = (model, written)
            }
            for _ in 0..<4 {
                try folder.write(cut(flushed, written, &random), to: "cut.mdb")
                try folder.write(try folder.contents(of: Self.rollback), to: "cut.rollback")
                // As who still reads the file has it.
                try folder.write([1], to: "cut.mdb-lock")
                #expect(
                    try Environment.rollBack(
                        path: folder.file("cut.mdb"), to: folder.file("cut.rollback")))
                #expect(!folder.exists("cut.rollback") && !folder.exists("cut.mdb-lock"))
                try expect(folder, "cut.mdb", oneOf: [kept], "seed \(seed), round \(round)")
            }
            guard round % 3 == 0 else {
                try point.renew()
                continue
            }
            // A point's file that is torn while it is written leaves the point before, or the new.
            let tornTo = try folder.contents(of: Self.rollback)
            try folder.write(written, to: "cut.mdb")
            try folder.write(cut(tornFrom, tornTo, &random), to: "cut.rollback")
            try Environment.rollBack(
                path: folder.file("cut.mdb"), to: folder.file("cut.rollback"))
            try expect(folder, "cut.mdb", oneOf: [before, kept], "seed \(seed), round \(round)")
        }
        try point.settle()
        #expect(!folder.exists(Self.rollback))
    }

    @Test("others commit while a state is on its way to the disk, and it is kept or the one before")
    func commitsMeanwhile() throws {
        let seed: UInt64 = 20_261_127
        var random = SeededRandom(seed: seed)
        let fixture = try Fixture(.init(durability: .noSync))
        let folder = fixture.folder
        var model: [UInt64: [UInt8]] = [:]
        for _ in 0..<5 { try change(fixture, &model, &random) }
        var point = try RollbackPoint(of: fixture.environment, at: folder.file(Self.rollback))
        var kept = model
        var flushed = try folder.contents(of: "test.mdb")
        let isNew = try point.draft() != nil
        #expect(!isNew)
        for round in 0..<40 {
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                try change(fixture, &model, &random)
            }
            guard let draft = try point.draft() else {
                Issue.record("nothing new after a commit")
                return
            }
            let drafted = model
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                try change(fixture, &model, &random)
            }
            // The cut comes before it is flushed.
            let why = "seed \(seed), round \(round)"
            let tornFrom = try folder.contents(of: Self.rollback)
            var written = try folder.contents(of: "test.mdb")
            try folder.write(cut(flushed, written, &random), to: "cut.mdb")
            try folder.write(tornFrom, to: "cut.rollback")
            try Environment.rollBack(
                path: folder.file("cut.mdb"), to: folder.file("cut.rollback"))
            try expect(folder, "cut.mdb", oneOf: [kept], why)
            // It comes behind the flush: while what tells of it is written, and later.
            try draft.flush()
            flushed = written
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                try change(fixture, &model, &random)
            }
            let tornTo = try folder.contents(of: Self.rollback)
            written = try folder.contents(of: "test.mdb")
            for isTorn in [true, false] {
                try folder.write(cut(flushed, written, &random), to: "cut.mdb")
                try folder.write(
                    isTorn ? cut(tornFrom, tornTo, &random) : tornTo, to: "cut.rollback")
                try Environment.rollBack(
                    path: folder.file("cut.mdb"), to: folder.file("cut.rollback"))
                try expect(
                    folder, "cut.mdb", oneOf: isTorn ? [kept, drafted] : [drafted], why)
            }
            point.keep(draft)
            kept = drafted
        }
        try point.settle()
    }

    @Test("pages of the kept state are not written over, those before it are used again")
    func growth() throws {
        let fixture = try Fixture(.init(durability: .noSync))
        var point = try RollbackPoint(
            of: fixture.environment, at: fixture.folder.file(Self.rollback))
        func rewrite(_ times: Int) throws {
            for time in 0..<times {
                try fixture.commit("key", String(repeating: "\(time % 10)", count: 3_000))
            }
        }
        for _ in 0..<10 {
            try rewrite(50)
            try point.renew()
        }
        let pages = fixture.environment.information.lastPage
        for _ in 0..<20 {
            try rewrite(50)
            try point.renew()
        }
        #expect(fixture.environment.information.lastPage <= pages + 8)
        try point.settle()
    }

    @Test("a point without its file, a file without its point, and a damaged point")
    func leftovers() throws {
        let fixture = try Fixture()
        let folder = fixture.folder
        try fixture.commit("key", "value")
        #expect(
            try !Environment.rollBack(
                path: folder.file("test.mdb"), to: folder.file("none.rollback")))
        let point = try RollbackPoint(of: fixture.environment, at: folder.file(Self.rollback))
        var bytes = try folder.contents(of: Self.rollback)
        try folder.write(bytes, to: "alone.rollback")
        #expect(
            try Environment.rollBack(
                path: folder.file("alone.mdb"), to: folder.file("alone.rollback")))
        #expect(!folder.exists("alone.rollback") && !folder.exists("alone.mdb"))
        bytes[20] ^= 1
        try folder.write(bytes, to: "damaged.rollback")
        try folder.write(try folder.contents(of: "test.mdb"), to: "damaged.mdb")
        let error = #expect(throws: LMDBError.self) {
            try Environment.rollBack(
                path: folder.file("damaged.mdb"), to: folder.file("damaged.rollback"))
        }
        #expect(error?.cause == .notInitialised)
        try point.settle()
    }
}

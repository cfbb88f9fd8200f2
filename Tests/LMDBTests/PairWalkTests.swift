import LMDB
import Testing

@Suite("Going through the pairs of a file with plain reads")
struct PairWalkTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let definitions = [
        Database.Definition("names", keys: .bytes), Database.Definition("numbers", keys: .integer),
    ]

    /// A file with trees of several levels, some values on pages of their own.
    private func filled(_ count: Int = 3_000) throws -> (Environment, [Database]) {
        let environment = try Environment.open(path: folder.file("a.mdb"))
        let databases = try environment.openDatabases(Self.definitions)
        var random = SeededRandom(seed: 12)
        var transaction = try environment.beginWrite()
        for number in 0..<count {
            let name = bytes("key \(number) ") + random.bytes(number % 90)
            let value = random.bytes(number % 50 == 0 ? 9_000 : number % 120)
            try transaction.put(databases[0], key: name.rawSpan, value: value.rawSpan)
            try transaction.put(databases[1], key: UInt64(number * 7), value: value.rawSpan)
        }
        try transaction.commit()
        return (environment, databases)
    }

    private func number(_ key: [UInt8]) -> UInt64 {
        key.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func walk(
        _ walk: inout PairWalk, _ database: String, pages: Int
    ) throws -> (pairs: [PairWalk.Pair], faults: [PageFault], steps: Int) {
        var (pairs, faults, steps): ([PairWalk.Pair], [PageFault], Int) = ([], [], 0)
        walk.begin(database)
        while true {
            let step = try walk.step(pages: pages)
            pairs += step.pairs
            steps += 1
            if let fault = step.fault {
                faults.append(fault)
                return (pairs, faults, steps)
            }
            if step.isLast { return (pairs, faults, steps) }
        }
    }

    @Test("shows each once, in order, however many pages at a time", arguments: [1, 3, 1_000])
    func pairs(pages: Int) throws {
        let (environment, databases) = try filled()
        var walk = try PairWalk(environment)
        let reading = try environment.beginRead()
        for (database, name) in zip(databases, ["names", "numbers"]) {
            let found = try self.walk(&walk, name, pages: pages)
            #expect(found.faults.isEmpty)
            var expected: [(key: [UInt8], value: [UInt8])] = []
            var cursor = try reading.cursor(database)
            while try cursor.next() { expected.append((copy(cursor.key), copy(cursor.value))) }
            #expect(expected.count == 3_000)
            let hasKeys = found.pairs.map(\.key) == expected.map(\.key)
            #expect(hasKeys)
            let hasValues = found.pairs.map(\.value) == expected.map(\.value)
            #expect(hasValues)
            #expect(found.steps > (pages == 1_000 ? 0 : 40 / pages))
        }
    }

    @Test("goes on while others write: what was there all the time is shown once")
    func written() throws {
        let (environment, databases) = try filled()
        var walk = try PairWalk(environment)
        walk.begin("numbers")
        var (seen, steps): ([UInt64: Int], UInt64) = ([:], 0)
        while true {
            let step = try walk.step(pages: 4)
            #expect(step.fault == nil)
            for pair in step.pairs { seen[number(pair.key), default: 0] += 1 }
            if step.isLast { break }
            // Between them, before and behind where the walk is.
            steps += 1
            var transaction = try environment.beginWrite()
            for number in 0..<20 as Range<UInt64> {
                let value = bytes("later")
                let key = (steps * 977 + number * 1_009) % 3_000 * 7 + 1 + steps % 5
                try transaction.put(databases[1], key: key, value: value.rawSpan)
            }
            try transaction.commit()
        }
        #expect(seen.values.allSatisfy { $0 == 1 })
        for number in 0..<3_000 as Range<UInt64> { #expect(seen[number * 7] == 1, "\(number)") }
    }

    /// Where the keys of branch pages lie that say which way a look-up goes: the place of each, and
    /// its bytes.
    private func separators(_ file: [UInt8]) -> [Range<Int>] {
        func number(_ place: Int) -> Int { Int(file[place]) | Int(file[place + 1]) << 8 }
        var found: [Range<Int>] = []
        for page in stride(from: 8_192, to: file.count, by: 4_096) where number(page + 10) == 1 {
            let slots = (number(page + 12) - 16) / 2
            for slot in 1..<max(1, slots) {
                let node = page + number(page + 16 + 2 * slot)
                found.append(node + 8..<node + 8 + number(node + 6))
            }
        }
        return found
    }

    @Test("a wrong bit in a key that leads to pages is named, or leads nobody astray")
    func separators() throws {
        var (environment, databases): (Environment?, [Database]) = try filled()
        var keys: [(key: [UInt8], isNumber: Bool)] = []
        do {
            let reading = try #require(environment).beginRead()
            for (database, isNumber) in zip(databases, [false, true]) {
                var cursor = try reading.cursor(database)
                while try cursor.next() { keys.append((copy(cursor.key), isNumber)) }
            }
        }
        environment = nil
        let file = try folder.contents(of: "a.mdb")
        let places = separators(file)
        #expect(places.count > 30)
        var random = SeededRandom(seed: 5)
        var (named, harmless) = (0, 0)
        for round in 0..<120 {
            let place = Int.random(in: places[round % places.count], using: &random)
            let bit = UInt8.random(in: 0...7, using: &random)
            var flipped = file
            flipped[place] ^= 1 << bit
            try folder.write(flipped, to: "b.mdb")
            let faults = try Environment.pageFaults(path: folder.file("b.mdb"))
            var walk = try PairWalk(unchanging: folder.file("b.mdb"))
            let found =
                try self.walk(&walk, "names", pages: 8).faults
                + self.walk(&walk, "numbers", pages: 8).faults
            // An old page may lie there that nothing leads to.
            #expect(faults.isEmpty == found.isEmpty, "bit \(bit) of byte \(place): \(faults)")
            guard faults.isEmpty else {
                named += 1
                continue
            }
            harmless += 1
            environment = try Environment.openReadOnlyLockless(path: folder.file("b.mdb"))
            databases = try #require(environment).openDatabases(Self.definitions)
            let reading = try #require(environment).beginRead()
            for (key, isNumber) in keys {
                let isThere =
                    isNumber
                    ? try reading.get(databases[1], key: number(key)) != nil
                    : try reading.get(databases[0], key: key.rawSpan) != nil
                #expect(isThere, "bit \(bit) of byte \(place)")
            }
            environment = nil
        }
        #expect(named > 20)
        #expect(harmless > 5)
    }
}

import EventModel
import LMDB
import Testing

@testable import EventLog

@Suite("The table of known events")
struct OnceTableTests {
    /// All positions under a hash, asked as a caller does that accepts none.
    private func candidates(_ table: borrowing OnceTable, _ hash: UInt64) -> [Position] {
        var found: [Position] = []
        let accepted = table.find(hash) { candidate in
            found.append(candidate)
            return false
        }
        #expect(accepted == nil)
        return found
    }

    @Test("finds the candidate that is confirmed, and nothing under another hash")
    func finds() {
        var table = OnceTable()
        table.insert(7, at: Position(1))
        table.insert(7, at: Position(2))
        table.insert(8, at: Position(3))
        #expect(table.find(7) { $0 == Position(2) } == Position(2))
        #expect(table.find(8) { _ in true } == Position(3))
        #expect(table.find(9) { _ in true } == nil)
        #expect(table.find(7) { _ in false } == nil)
        #expect(table.count == 3)
    }

    @Test("hash zero and the last slot, from which probing goes on at the first, are like others")
    func edges() {
        var table = OnceTable()
        table.insert(0, at: Position(1))
        // 1,023 is the last slot's home; three of them go on at the first slots.
        for position in 2...4 as ClosedRange<UInt64> { table.insert(1_023, at: Position(position)) }
        #expect(candidates(table, 0) == [Position(1)])
        #expect(Set(candidates(table, 1_023)) == [Position(2), Position(3), Position(4)])
        table.remove(1_023, at: Position(2))
        #expect(candidates(table, 0) == [Position(1)])
        #expect(Set(candidates(table, 1_023)) == [Position(3), Position(4)])
        table.remove(0, at: Position(1))
        #expect(Set(candidates(table, 1_023)) == [Position(3), Position(4)])
        #expect(candidates(table, 0) == [])
    }

    @Test("confirming may fail, and the failure comes through")
    func failing() {
        struct Failed: Error {}
        var table = OnceTable()
        table.insert(7, at: Position(1))
        #expect(throws: Failed.self) {
            _ = try table.find(7) { (_) throws(Failed) in throw Failed() }
        }
    }

    @Test(
        "random inserts and removals leave what a dictionary holds",
        arguments: [1, 2, 3, 4] as [UInt64])
    func model(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = OnceTable()
        var model: [UInt64: Set<Position>] = [:]
        var pairs: [(UInt64, Position)] = []
        // Few homes and few hashes, so that runs are long, wrap around and share hashes.
        let homes: [UInt64] = [0, 1, 2, 500, 1_020, 1_021, 1_022, 1_023]
        for step in 1...4_000 as ClosedRange<UInt64> {
            let removes = pairs.count > 600 || (!pairs.isEmpty && random.once(in: 3))
            if removes {
                let place = Int.random(in: 0..<pairs.count, using: &random)
                let (hash, position) = pairs.remove(at: place)
                table.remove(hash, at: position)
                model[hash]?.remove(position)
            } else {
                // Bits above the home differ, folded so that the home stays in the low bits.
                let above = UInt64.random(in: 0...3, using: &random) << 60
                let hash = above | (random.pick(homes) ^ (above >> 32))
                table.insert(hash, at: Position(step))
                model[hash, default: []].insert(Position(step))
                pairs.append((hash, Position(step)))
            }
            #expect(table.count == pairs.count)
            if step % 50 == 0 { check(table, model, seed) }
        }
        check(table, model, seed)
    }

    @Test("grows before it is more than three quarters full, and loses nothing")
    func grows() {
        var random = SeededRandom(seed: 5)
        var table = OnceTable()
        var model: [UInt64: Set<Position>] = [:]
        for step in 1...20_000 as ClosedRange<UInt64> {
            let hash = random.next() % 15_000
            table.insert(hash, at: Position(step))
            model[hash, default: []].insert(Position(step))
            #expect(table.count * 4 <= table.byteCount / 16 * 3)
        }
        check(table, model, 5)
    }

    @Test("a capacity asked for is there without growing")
    func capacity() {
        for count in [0, 767, 768, 769, 3_072, 100_000] {
            var table = OnceTable(minimumCapacity: count)
            let bytes = table.byteCount
            for hash in 0..<UInt64(count) { table.insert(hash, at: Position(hash + 1)) }
            #expect(table.byteCount == bytes, "\(count)")
        }
    }

    @Test("the hash tells source from id, and is the same for the same words")
    func hash() {
        func hash(_ source: String, _ id: String) -> UInt64 {
            OnceTable.hash(source: bytes(source).rawSpan, id: bytes(id).rawSpan)
        }
        #expect(hash("ab", "c") == hash("ab", "c"))
        #expect(hash("ab", "c") != hash("a", "bc"))
        #expect(hash("", "abc") != hash("abc", ""))
    }

    private func check(
        _ table: borrowing OnceTable, _ model: [UInt64: Set<Position>], _ seed: UInt64
    ) {
        for (hash, positions) in model {
            let found = candidates(table, hash)
            #expect(found.count == positions.count, "seed \(seed)")
            #expect(Set(found) == positions, "seed \(seed)")
        }
    }
}

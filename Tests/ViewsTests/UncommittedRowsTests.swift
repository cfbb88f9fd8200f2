import EventModel
import TestSupport
import Testing

@testable import Views

@Suite("Rows that no checkpoint holds yet")
struct UncommittedRowsTests {
    @Test("are of each key the newest, are shown, and are handed over once, in key order")
    func model() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        print("uncommitted rows: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let rows = UncommittedRows()
        for _ in 0..<20 {
            var model: [[UInt8]: [UInt8]?] = [:]
            #expect(rows.isEmpty)
            for _ in 0..<Int.random(in: 0...400, using: &random) {
                let key = random.bytes(Int.random(in: 1...2, using: &random)).map { $0 & 15 }
                let length = Int.random(in: 0...40, using: &random)
                let row = random.once(in: 4) ? nil : random.bytes(length)
                rows.put(key, row)
                model.updateValue(row, forKey: key)
                let asked = random.bytes(1).map { $0 & 15 }
                var shown: [UInt8]?
                let isKnown = try rows.show(asked) { shown = $0.copied() }
                #expect(isKnown == (model[asked] != nil))
                #expect(shown == (model[asked] ?? nil))
            }
            for key in model.keys { #expect(rows.knows(key)) }
            #expect(!rows.knows([16]))
            let (start, end) = (random.bytes(1).map { $0 & 15 }, random.bytes(1).map { $0 & 15 })
            var keys: Set<[UInt8]> = []
            try rows.keys(from: start, below: end) { keys.insert($0.copied()) }
            let inside = model.filter { key, row in
                row != nil && !key.lexicographicallyPrecedes(start)
                    && key.lexicographicallyPrecedes(end)
            }
            #expect(keys == Set(inside.keys))
            var taken: [(key: [UInt8], row: [UInt8]?)] = []
            try rows.take { key, row in taken.append((key, row)) }
            let sorted = model.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            #expect(taken.map(\.key) == sorted.map(\.key))
            #expect(taken.map(\.row) == sorted.map(\.value))
        }
    }
}

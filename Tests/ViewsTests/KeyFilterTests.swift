import EventModel
import TestSupport
import Testing

@testable import Views

@Suite struct KeyFilterTests {
    @Test("holds every key that it was told of, and few others")
    func holds() {
        var random = SeededGenerator(seed: UInt64.random(in: 0..<1_000_000))
        var filter = KeyFilter()
        let keys = (0..<400_000).map { _ in random.bytes(12) }
        for key in keys { filter.insert(KeyIndex.hash(key)) }
        #expect(keys.allSatisfy { filter.mayHold(KeyIndex.hash($0)) })
        let others = (0..<100_000).map { _ in random.bytes(13) }
        #expect(others.count { filter.mayHold(KeyIndex.hash($0)) } < 500)
    }

    /// A hash of a number.
    private static func hash(_ number: UInt32) -> UInt32 {
        var hash = number
        hash = (hash ^ hash >> 16) &* 0x7FEB_352D
        hash = (hash ^ hash >> 15) &* 0x846C_A68B
        return hash ^ hash >> 16
    }

    @Test("grows with what it is told of")
    func grows() {
        var filter = KeyFilter()
        let count: UInt32 = 3_000_000
        for number in 0..<count { filter.insert(Self.hash(number)) }
        let known = stride(from: 0, to: count, by: 64)
        #expect(known.allSatisfy { filter.mayHold(Self.hash($0)) })
        let others = count..<count + 20_000
        #expect(others.count { filter.mayHold(Self.hash($0)) } < 800)
    }

    private struct Counting: FoldContext {
        let rows: [[UInt8]: [UInt8]]
        let asked = Asked()

        final class Asked { var count = 0 }

        func row(
            _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
        ) throws(ViewFault) {
            asked.count += 1
            guard let row = rows[key] else { return }
            unsafe try body(row.span.bytes)
        }

        func keys(
            from start: [UInt8], below end: [UInt8],
            _ body: (RawSpan) throws(ViewFault) -> Void
        ) throws(ViewFault) {
            for key in rows.keys
            where !key.lexicographicallyPrecedes(start) && key.lexicographicallyPrecedes(end) {
                unsafe try body(key.span.bytes)
            }
        }

        func findCustomers(
            of event: borrowing EventView, into found: inout [CustomerID]
        ) throws(ViewFault) {}

        func findMoves(
            of event: borrowing EventView, into found: inout [PersonMove]
        ) throws(ViewFault) {}

        func earlierEvent(
            at position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void
        ) throws(ViewFault) {}
    }

    @Test("a table of a view that began empty looks for what it has stored and for nothing else")
    func table() throws {
        var random = SeededGenerator(seed: UInt64.random(in: 0..<1_000_000))
        var table = Table<UnclaimedRow>()
        table.beginEmpty()
        var stored: [[UInt8]: [UInt8]] = [:]
        // More than a table keeps, so that it has to ask for those of the batches before.
        for batch in 1...3 {
            let context = Counting(rows: stored)
            var known: Set<[UInt8]> = []
            for _ in 0..<ViewLimits.keptRowsMax {
                let key = random.bytes(2)
                let slot = try table.slot(key, context)
                if known.insert(key).inserted {
                    let before = try UnclaimedRow.decoded(stored[key])?.positions ?? []
                    #expect(table[slot].positions == before)
                }
                table[changing: slot].add(Position(UInt64(table[slot].positions.count + batch)))
            }
            #expect(context.asked.count <= known.count { stored[$0] != nil } + 10)
            if batch == 1 { #expect(context.asked.count <= 10) }
            try table.takeChanges { stored[$0] = $1 }
        }
    }
}

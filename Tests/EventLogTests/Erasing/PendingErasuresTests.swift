import EventIndex
import EventModel
import Testing

@testable import EventLog

@Suite("What pending erasures take, listed event by event or looked into")
struct PendingErasuresTests {
    private static let seed = UInt64.random(in: 0 ... .max)
    private static let last: UInt64 = 30_000

    /// An erasure of some events, each by an identifier of its own number.
    private static func erasure(
        _ number: Int, events: Int, _ random: inout SeededRandom
    ) -> Erasure {
        var (erased, quoted) = (ErasedPositions(), ErasedPositions())
        var positions: Set<UInt64> = []
        while positions.count < events { positions.insert(.random(in: 1...last, using: &random)) }
        for position in positions.sorted() {
            let entries = (0..<Int.random(in: 0...1, using: &random)).map { _ in
                ErasedPositions.Pattern.Entry(identifier: number, customer: 0, person: 0)
            }
            if Bool.random(using: &random) {
                erased.add(Position(position), .init(entries))
            } else {
                quoted.add(
                    Position(position), .init([.init(identifier: number, customer: 1, person: 0)]))
            }
        }
        let surrogate = Surrogate(drawing: { UInt64(number + 1) << 20 })
        return Erasure(
            number: UInt64(number + 1), position: Position(last + UInt64(number) + 1),
            what: .person(surrogate, erased: erased, quoted: quoted))
    }

    private static func redaction() -> Erasure {
        var parts = RedactedParts()
        for position in stride(from: 5, to: last, by: 7) {
            parts.add(.init(Position(position), [.init("text", cuts: [.init(start: 3, count: 2)])]))
        }
        return Erasure(number: 1, position: Position(last + 100), what: .parts(parts))
    }

    /// What they take of each event, by going over all of them.
    private static func model(_ all: [Erasure]) -> [UInt64: Erasures.Removal] {
        var found: [UInt64: Erasures.Removal] = [:]
        for erasure in all {
            erasure.forEachRemoval { position, part in
                guard var known = found[position.rawValue] else {
                    found[position.rawValue] = .init(part: part, cause: erasure.position)
                    return
                }
                known.part.merge(part)
                known.cause = max(known.cause, erasure.position)
                found[position.rawValue] = known
            }
        }
        return found
    }

    private static func expect(
        _ erasures: Erasures, show all: [Erasure], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let model = model(all)
        var wrong: [UInt64] = []
        for position in 0...last + 200 {
            let (found, expected) = (erasures.removal(at: Position(position)), model[position])
            if found?.part != expected?.part || found?.cause != expected?.cause {
                wrong.append(position)
            }
        }
        #expect(wrong.isEmpty, "seed \(seed): \(wrong.prefix(5))", sourceLocation: sourceLocation)
    }

    @Test("is what going over all of them gives, also within bounds, and when some are done")
    func model() {
        var random = SeededRandom(seed: Self.seed)
        let sizes = [7, LogLimits.erasedEventsListed + 900, 40, 3 * LogLimits.erasedEventsListed]
        var all = sizes.enumerated().map { Self.erasure($0, events: $1, &random) }
        all.append(Self.redaction())
        let erasures = Erasures(
            writer: RemnantWriter(key: HashKey(first: 1, second: 2), randomBytes: { 0 }))
        for erasure in all { erasures.add(erasure) }
        erasures.add(all[1])
        Self.expect(erasures, show: all)
        let through = all[2].position
        let known = Self.model(all.filter { $0.position <= through })
        for range in [1..<2, 100..<612, 20_000..<Self.last, Self.last..<Self.last + 9] {
            let found = erasures.removals(in: range, through: through)
            let expected = known.filter { range.contains($0.key) }
            #expect(found.mapValues(\.part) == expected.mapValues(\.part), "seed \(Self.seed)")
            #expect(found.mapValues(\.cause) == expected.mapValues(\.cause))
        }
        erasures.complete([all[0].position, all[3].position])
        Self.expect(erasures, show: [all[1], all[2], all[4]])
        erasures.complete(Set(all.map(\.position)))
        #expect(erasures.isEmpty)
        Self.expect(erasures, show: [])
    }
}

import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import ContactCentre

@Suite struct InteractionRowTests {
    /// Random events of one interaction, sensible or not.
    static func randomEvents(_ count: Int, _ random: inout SeededGenerator) -> [Happening] {
        var moment: Int64 = 1_000_000
        return (0..<count).map { _ in
            moment += Int64.random(in: 0...4, using: &random) * 1_000
            let event = LifecycleEvent.allCases.randomElement(using: &random) ?? .created
            let late = Int64.random(in: 0...3, using: &random) == 0 ? 2_500 as Int64 : 0
            func pick(_ words: [String]) -> String {
                words[Int.random(in: words.indices, using: &random)]
            }
            return Happening(
                "\(event.word)", moment - late, "c",
                [
                    "queue": .ref(pick(["q1", "q2"])), "agent": .ref(pick(["a", "b"])),
                    "phase": .text(pick(["preQueue", "queue", "hold", "unreplied"])),
                    "reason": .text(pick(["timeout", "toCallback"])),
                    "outcome": .text(pick(["dropped", "resolved", "handedOver"])),
                    "kind": .text(pick(["test", "genuine"])), "what": .text("odd"),
                    "channel": .text(pick(["voice", "chat"])),
                    "priority": .integer(Int64.random(in: -3...3, using: &random)),
                    "keep_place": .boolean(Bool.random(using: &random)),
                    "position": .integer(Int64.random(in: -1...9, using: &random)),
                ])
        }
    }

    @Test(
        "what is read back is what was written, for any interaction",
        arguments: 1...60 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let interaction = try fold(Self.randomEvents(40, &random))
        var row: [UInt8] = []
        interaction.encode(into: &row)
        var reader = unsafe ByteReader(row.span.bytes, of: "test")
        let read = try Interaction(from: &reader)
        #expect(read == interaction, "seed \(seed)")
        let isAtEnd = reader.isAtEnd
        #expect(isAtEnd)
    }

    @Test("a damaged row is an error, never a trap", arguments: 1...40 as ClosedRange<UInt64>)
    func damage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let interaction = try fold(Self.randomEvents(20, &random))
        var row: [UInt8] = []
        interaction.encode(into: &row)
        for _ in 0..<200 {
            var damaged = row
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                damaged[Int.random(in: 0..<row.count, using: &random)] =
                    random.next() > .max / 2
                    ? UInt8.random(in: 0...255, using: &random) : 0xFF
            }
            damaged.removeLast(Int.random(in: 0...3, using: &random))
            var reader = unsafe ByteReader(damaged.span.bytes, of: "test")
            guard let read = try? Interaction(from: &reader) else { continue }
            // Whatever was read can be used and written again.
            _ = read.stays.map(\.waitMilliseconds)
            _ = read.connections.map(\.talkMilliseconds)
            _ = read.customerWaitMilliseconds
            var again: [UInt8] = []
            read.encode(into: &again)
        }
    }

    @Test("the drawn example is what is written")
    func example() throws {
        var interaction = Interaction()
        interaction.state = .created
        interaction.channel = .voice
        interaction.direction = .inbound
        interaction.method = .inbound
        interaction.created = Timestamp(milliseconds: 1_000)
        interaction.createdPosition = Position(7)
        interaction.lastOccurred = interaction.created
        interaction.lastPosition = Position(7)
        var row: [UInt8] = []
        interaction.encode(into: &row)
        #expect(row == [4, 0xD0, 0x0F, 0x1F, 0, 0, 0, 1, 1, 1, 1, 7])
    }

    @Test("a row of an unknown version is refused")
    func version() {
        let row: [UInt8] = [9, 1, 1]
        #expect(throws: MalformedBytes.self) {
            var reader = unsafe ByteReader(row.span.bytes, of: "test")
            _ = try Interaction(from: &reader)
        }
    }
}

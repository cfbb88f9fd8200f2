import EventModel
import ReferenceEvents
import Simulation
import Testing

@Suite("The reference events")
struct ReferenceEventsTests {
    /// FNV-1a, 64 bits, of the events as JSON, one per line.
    private func digest(_ events: ReferenceEvents) -> String {
        var events = events
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        while let event = events.next() {
            for byte in event.json + [0x0A] {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            }
        }
        return String(hash, radix: 16)
    }

    @Test(
        "are the same for the same seed, for good",
        arguments: [
            (UInt64(1), MessageText.phrases, "92f61d95c505cfb2"), (1, .prose, "ff598b80f6d2343f"),
            (2, .phrases, "9c041e92403944fc"),
        ])
    func golden(seed: UInt64, text: MessageText, expected: String) {
        #expect(digest(ReferenceEvents(seed: seed, count: 10_000, text: text)) == expected)
    }

    @Test("have 354 bytes as JSON lines in the mean", arguments: MessageText.allCases)
    func meanSize(text: MessageText) {
        let seed: UInt64 = 3
        print("seed \(seed)")
        var events = ReferenceEvents(seed: seed, count: 20_000, text: text)
        var bytes = 0
        while let event = events.next() { bytes += event.json.count + 1 }
        #expect((349...359).contains(bytes / 20_000))
    }

    @Test("are accepted by the intake, each of them", arguments: MessageText.allCases)
    func accepted(text: MessageText) throws {
        var intake = EventIntake()
        var records: [UInt8] = []
        var events = ReferenceEvents(seed: 4, count: 10_000, text: text)
        while let event = events.next() {
            records.removeAll(keepingCapacity: true)
            try event.encode(with: &intake, into: &records)
            #expect(!records.isEmpty)
        }
    }

    @Test("end every interaction that they begin, and no id comes twice")
    func whole() {
        var events = ReferenceEvents(seed: 5, count: 30_000)
        var created: Set<String> = []
        var ended: Set<String> = []
        var ids: Set<String> = []
        var types: Set<String> = []
        while let event = events.next() {
            ids.insert(event.id)
            types.insert(event.type)
            guard case .text(let name) = event["interaction"] else { continue }
            if event.type == "interaction.created" { created.insert(name) }
            if event.type == "interaction.disconnected" { ended.insert(name) }
        }
        #expect(ids.count == 30_000)
        #expect(types.count == 8)
        #expect(created.count > 1_500)
        #expect(created == ended)
    }

    @Test("come from customers by Zipf's law: the first has about one in twelve")
    func zipf() {
        var events = ReferenceEvents(seed: 6, count: 100_000)
        var first = 0
        while let event = events.next() {
            if event.identifiers[0].value == "00000001" { first += 1 }
        }
        #expect((7_000...9_500).contains(first))
    }
}

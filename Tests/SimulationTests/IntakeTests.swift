import EventModel
import Simulation
import Testing

@Suite("The log takes every event")
struct IntakeTests {
    /// Reads the words of one event as the daemon does and gives back the event it stored.
    private func store(_ draft: EventDraft, _ intake: inout EventIntake) throws -> EventDraft {
        var batch = EventBatch()
        batch.append(draft)
        var words: [[UInt8]] = []
        batch.forEachWord { words.append($0.copied()) }
        #expect(String(decoding: words[0], as: UTF8.self) == "\(words.count - 1)")
        words.removeFirst()
        #expect(batch.wordCount == words.count + 1)
        #expect(words.count % 2 == 1)
        try intake.begin(type: unsafe words[0].span.bytes, now: midnight)
        for index in stride(from: 1, to: words.count, by: 2) {
            let (name, value) = (words[index], words[index + 1])
            if name == Array("DATA".utf8) {
                try intake.take(data: unsafe value.span.bytes)
            } else {
                try intake.take(unsafe name.span.bytes, unsafe value.span.bytes)
            }
        }
        var record: [UInt8] = []
        try intake.finish(into: &record)
        return try EventView(checking: unsafe record.span.bytes).copied().draft
    }

    private func check(_ drafts: some Sequence<EventDraft>) throws {
        var intake = EventIntake()
        for draft in drafts {
            let stored = try store(draft, &intake)
            var expected = draft
            // The log keeps open attributes before personal ones.
            expected.attributes = stored.attributes
            #expect(stored == expected)
            #expect(Set(stored.attributes) == Set(draft.attributes))
            #expect(stored.attributes.count == draft.attributes.count)
        }
    }

    @Test("every event of the default day is taken and kept as it was told")
    func defaultDayIsTaken() throws { try check(defaultDay) }

    @Test("every event of several days with few agents is taken", arguments: [3, 4] as [UInt64])
    func severalDays(seed: UInt64) throws {
        try check(
            events(
                of: SimulationOptions(
                    seed: seed, start: midnight, customers: 90, agents: 2, days: 4)))
    }

    @Test("every type is one of the catalogue")
    func types() {
        let known = Set(TypeRegistry.standard.types.map(\.name))
        let told = Set(defaultDay.map(\.type))
        #expect(told.subtracting(known).isEmpty)
        #expect(told.count > 80)
    }

    @Test("source and id are unique")
    func unique() {
        #expect(Set(defaultDay.map { "\($0.source) \($0.id)" }).count == defaultDay.count)
    }

    @Test("a batch can be used again")
    func again() {
        var batch = EventBatch()
        batch.append(defaultDay[0])
        let (words, bytes) = (batch.wordCount, batch.byteCount)
        batch.removeAll()
        #expect(batch.eventCount == 0 && batch.wordCount == 0 && batch.byteCount == 0)
        batch.append(defaultDay[0])
        #expect(batch.eventCount == 1 && batch.wordCount == words && batch.byteCount == bytes)
    }
}

import EventModel
import Simulation
import Testing

@Suite("The log takes every event")
struct IntakeTests {
    /// Gives back an event as the log would keep it.
    private func store(_ draft: EventDraft, _ intake: inout EventIntake) throws -> EventDraft {
        var record: [UInt8] = []
        try draft.encode(with: &intake, into: &record)
        return try EventView(checking: unsafe record.span.bytes).copied().draft
    }

    private func check(_ drafts: some Sequence<EventDraft>) throws {
        var intake = EventIntake()
        var different: Set<String> = []
        for draft in drafts {
            let stored = try store(draft, &intake)
            var expected = draft
            // The log keeps open attributes before personal ones.
            expected.attributes = stored.attributes
            if stored != expected { different.insert(draft.type) }
            let others = Set(stored.attributes).symmetricDifference(draft.attributes)
            for attribute in others { different.insert("\(draft.type) \(attribute.name)") }
        }
        #expect(different == [])
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

    @Test("each event of a batch says how many words follow: its type, names and values")
    func words() {
        for draft in defaultDay.prefix(500) {
            var batch = EventBatch()
            batch.append(draft)
            var words: [String] = []
            batch.forEachWord { words.append($0.text()) }
            #expect(words.count == batch.wordCount)
            #expect(words[0] == "\(words.count - 1)")
            #expect(words[1] == draft.type)
            #expect(words.count % 2 == 0)
            #expect(words[2...3] == ["source", draft.source])
        }
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

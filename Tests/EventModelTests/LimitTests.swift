import EventModel
import Testing

@Suite("the bounds of an event")
struct LimitTests {
    @Test("each bound itself is taken, one more is not")
    func bounds() throws {
        try expectMost(EventLimits.typeBytesMax, "type") { (String(bytes: $0), []) }
        try expectMost(EventLimits.referenceBytesMax, "reference") {
            ("x", [("queue", String(bytes: $0))])
        }
        try expectMost(EventLimits.textBytesMax, "text") { ("x", [("a", String(bytes: $0))]) }
        try expectMost(EventLimits.attributeNameBytesMax, "name") {
            ("x", [(String(bytes: $0), "")])
        }
        try expectMost(EventLimits.contentTypeBytesMax, "content type") {
            ("x", [("content_type", String(bytes: $0))])
        }
        try expectMost(EventLimits.attributesMax, "attributes") { count in
            ("x", (0..<count).map { ("a\($0)", "") })
        }
        try expectMost(EventLimits.identifiersMax, "identifiers") { count in
            ("x", (0..<count).map { ("payer", "crm:\($0)") })
        }
        try expectMost(EventLimits.identifierKindBytesMax, "kind") {
            ("x", [("customer", String(bytes: $0) + ":1")])
        }
        try expectMost(EventLimits.identifierValueBytesMax, "value") {
            ("x", [("customer", "crm:" + String(bytes: $0))])
        }
    }

    @Test("source and id reach their bounds")
    func sourceAndID() throws {
        for (name, most) in [
            ("source", EventLimits.sourceBytesMax), ("id", EventLimits.idBytesMax),
        ] {
            for count in [1, most, most + 1] {
                var intake = EventIntake()
                var records: [UInt8] = []
                var words = [("source", "s"), ("id", "1")].filter { $0.0 != name }
                words.append((name, String(bytes: count)))
                let all = words.map { ($0.0, Array($0.1.utf8)) }
                if count <= most {
                    try Records.take("x", all, by: &intake, into: &records)
                    #expect(try Records.event(records).draft.source.isEmpty == false)
                } else {
                    #expect(throws: EventRefusal.self) {
                        try Records.take("x", all, by: &intake, into: &records)
                    }
                }
            }
        }
    }

    @Test("a record of the largest size is taken, one byte more is not")
    func record() throws {
        let data = [UInt8](repeating: 1, count: EventLimits.dataBytesMax)
        let filled = (0..<7).map { ("a\($0)", String(bytes: EventLimits.textBytesMax)) }
        let base = try Records.record("x", filled + [("z", "")], data: data).count
        let room = EventLimits.recordBytesMax - base
        #expect(room > 0 && room < EventLimits.textBytesMax)
        let full = try Records.record("x", filled + [("z", String(bytes: room))], data: data)
        #expect(full.count == EventLimits.recordBytesMax)
        #expect(try Records.event(full).draft.data.count == EventLimits.dataBytesMax)
        #expect(
            Records.refusal("x", filled + [("z", String(bytes: room + 1))], data: data)
                == .tooLarge(
                    what: "event record bytes", actual: EventLimits.recordBytesMax + 1,
                    most: EventLimits.recordBytesMax))
    }

    @Test("a time may lie a day ahead of the store's clock, and any time back")
    func ahead() throws {
        let most = Records.now.advanced(byMilliseconds: EventLimits.occurredAheadMillisecondsMax)
        for moment in [most, .earliest] {
            let record = try Records.record("x", [("occurred", moment.rfc3339)])
            #expect(try Records.event(record).draft.occurred == moment)
        }
        #expect(
            Records.refusal("x", [("occurred", most.advanced(byMilliseconds: 1).rfc3339)])
                == .tooFarAhead(
                    attribute: "occurred", aheadMilliseconds: 86_400_001,
                    mostMilliseconds: 86_400_000))
    }

    @Test("the widths of the format hold what the bounds allow")
    func relations() {
        #expect(EventLimits.typeBytesMax <= Int(UInt8.max))
        #expect(EventLimits.attributeNameBytesMax <= Int(UInt8.max))
        #expect(EventLimits.identifierKindBytesMax <= Int(UInt8.max))
        #expect(EventLimits.contentTypeBytesMax <= Int(UInt8.max))
        #expect(EventLimits.identifiersMax <= Int(UInt8.max))
        #expect(EventLimits.textBytesMax <= Int(UInt16.max))
        #expect(EventLimits.referenceBytesMax <= EventLimits.textBytesMax)
        #expect(EventLimits.identifierValueBytesMax <= Int(UInt16.max))
        #expect(EventLimits.sourceBytesMax <= Int(UInt16.max))
        #expect(EventLimits.idBytesMax <= Int(UInt16.max))
        #expect(EventLimits.attributesMax <= Int(UInt16.max))
        #expect(EventLimits.dataBytesMax < EventLimits.recordBytesMax)
        #expect(EventLimits.recordBytesMax <= Int(UInt32.max))
    }

    private func expectMost(
        _ most: Int, _ what: String, _ event: (Int) -> (String, [(String, String)])
    ) throws {
        let (type, words) = event(most)
        let draft = try Records.event(Records.record(type, words)).draft
        #expect(draft.type == type, "\(what)")
        let (nextType, nextWords) = event(most + 1)
        #expect(Records.refusal(nextType, nextWords) != nil, "\(what)")
    }
}

import EventModel
import Testing

@Suite("the stored form of an event, byte by byte")
struct FormatTests {
    @Test("the example drawn beside the codec is what the codec writes")
    func example() throws {
        let record = try Records.record("agent.loggedIn", [("agent", "a")])
        let drawn = [UInt8](
            hex: """
                48000000 35000000 01 01 0100 0000000000000000 0000000000000000 0000000000000000
                0e 6167656e742e6c6f67676564496e 05 6167656e74 06 0100 61
                01 00 0000 0100 73 0100 31 00
                """)
        #expect(record == drawn)
    }

    @Test("an event with every part and every kind keeps its bytes")
    func everyPart() throws {
        var record = Records.encode(everything, classes)
        EventCodec.stamp(
            &record, at: 0, position: Position(0x0102_0304_0506_0708),
            recorded: Timestamp(milliseconds: 0x0000_019A_C5B4_0000))
        let pinned = [UInt8](
            hex: """
                9a000000 4f000000
                01 00 0500 0807060504030201 0000b4c59a010000 78ef5fc69a010000
                03 612e62
                01 71 06 0200 6531 01 6e 02 ffffffffffffffff
                01 6d 03 cf07000000000000 455552 01 62 04 01
                01 74 05 0100000000000000
                01 02 0200 0300 737263 0200 6964
                00 01 05 656d61696c 0300 614062
                04 02 02 7831 0100 7a
                01 66 01 0500 6869c3a121
                01 67 01 0000
                0a 746578742f706c61696e 03000000 000102
                """)
        #expect(record == pinned)
        #expect(try Records.event(pinned).draft == everything)
    }

    @Test("events written one after the other into a buffer stay apart, and are stamped apart")
    func several() throws {
        var intake = EventIntake()
        var records: [UInt8] = []
        var starts: [Int] = []
        for number in 1...5 {
            starts.append(records.count)
            let words = [("source", "s"), ("id", "\(number)"), ("agent", "agent-\(number)")]
            try Records.take(
                "agent.loggedOut", words.map { ($0.0, Array($0.1.utf8)) }, by: &intake,
                into: &records)
        }
        for (index, start) in starts.enumerated() {
            EventCodec.stamp(
                &records, at: start, position: Position(UInt64(index) + 7),
                recorded: Timestamp(milliseconds: Int64(index) * 10))
        }
        for (index, start) in (starts + [records.count]).dropLast().enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : records.count
            let event = try Records.event(Array(records[start..<end]))
            #expect(event.position == Position(UInt64(index) + 7))
            #expect(event.recorded == Timestamp(milliseconds: Int64(index) * 10))
            #expect(event.occurred == event.recorded)
            #expect(event.draft.occurred == nil)
            #expect(event.draft.id == "\(index + 1)")
            #expect(event.draft["agent"] == .ref("agent-\(index + 1)"))
        }
    }

    @Test("stamping leaves a time alone that the producer gave")
    func stampKeepsOccurred() throws {
        var record = try Records.record(
            "agent.loggedIn", [("agent", "a"), ("occurred", "2026-11-27T14:00:00Z")])
        EventCodec.stamp(&record, at: 0, position: Position(1), recorded: Records.now)
        let event = try Records.event(record)
        #expect(event.occurred.rfc3339 == "2026-11-27T14:00:00.000Z")
        #expect(event.draft.occurred == event.occurred)
        #expect(event.recorded == Records.now)
    }

    private let classes: [AttributeClass] = [
        .open, .open, .open, .open, .open, .personal, .sensitive,
    ]

    private var everything: EventDraft {
        EventDraft(
            type: "a.b", source: "src", id: "id",
            occurred: Timestamp(milliseconds: 0x0000_019A_C65F_EF78),
            identifiers: [
                Identifier(kind: "email", value: "a@b", strength: .verified),
                Identifier(kind: "x1", value: "z", role: .household, strength: .line),
            ],
            attributes: [
                Attribute("q", .ref("e1")), Attribute("n", .integer(-1)),
                Attribute("m", .money(minorUnits: 1_999, currency: "EUR")),
                Attribute("b", .boolean(true)),
                Attribute("t", .time(Timestamp(milliseconds: 1))),
                Attribute("f", .text("hiá!")), Attribute("g", .text("")),
            ],
            contentType: "text/plain", data: [0, 1, 2])
    }
}

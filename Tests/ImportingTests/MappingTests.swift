import EventModel
import Testing

@testable import Importing

@Suite("mapping files")
struct MappingTests {
    @Test("a row becomes the words of its events")
    func oneRow() throws {
        let toml = SmallTable.text(
            """
            attributes = { interaction = "{call}", note = { value = "{b}", when = "a = 'x'" } }
            [[event]]
            step = "first"
            type = "interaction.created"
            at = "start"
            identifiers = [{ value = "crm:{b}", when = "b != 0" }, { as = "payer:verified", value = "crm:{b}" }]
            [event.attributes]
            channel = "voice"
            queue = "{a|queues}"
            empty = ""
            due = "{stop|time}"
            line = "{line}"
            """,
            more: """
                [texts]
                call = "{{{id}}}"
                [maps.queues]
                x = "billing"
                "*" = ""
                """)
        let events = try SmallTable.map(
            "7;x;12;990101;10:00:00;;10:00:05", "8; y ;0;990101;9:00:00;;", by: toml)
        #expect(
            events[0] == [
                "interaction.created", "source", "small", "id", "7:first", "occurred",
                "1999-01-01T08:00:00.000Z", "interaction", "{7}", "note", "12", "channel", "voice",
                "due", "1999-01-01T08:00:05.000Z", "line", "1", "queue", "billing", "customer",
                "crm:12", "payer:verified", "crm:12",
            ])
        #expect(
            events[1] == [
                "interaction.created", "source", "small", "id", "8:first", "occurred",
                "1999-01-01T07:00:00.000Z", "interaction", "{8}", "channel", "voice", "line", "2",
                "payer:verified", "crm:0",
            ])
    }

    @Test("a clock far before the reference is on the next day, others stay on the date")
    func midnight() throws {
        let toml = SmallTable.text(
            """
            [[event]]
            type = "a"
            at = "start"
            [[event]]
            type = "b"
            at = "middle"
            [[event]]
            type = "c"
            at = "stop"
            """, order: "declared")
        let events = try SmallTable.map(
            "1;;;990131;23:59:50;0:00:10;23:59:40", "2;;;990131;12:00:00;0:00:00;0:00:00", by: toml)
        #expect(
            events.map { $0["occurred"] ?? "" } == [
                "1999-01-31T21:59:50.000Z", "1999-01-31T22:00:10.000Z", "1999-01-31T21:59:40.000Z",
                // Exactly twelve hours earlier is not more than twelve.
                "1999-01-31T10:00:00.000Z", "1999-01-30T22:00:00.000Z", "1999-01-30T22:00:00.000Z",
            ])
    }

    @Test("events are sent by time, equal ones as declared, or all as declared")
    func order() throws {
        let events = """
            [[event]]
            type = "late"
            at = "stop"
            [[event]]
            type = "early"
            at = "start"
            [[event]]
            type = "same"
            at = "stop"
            """
        let row = "1;;;990131;10:00:00;;11:00:00"
        let byTime = try SmallTable.map(row, by: SmallTable.text(events))
        #expect(byTime.map { $0[0] } == ["early", "late", "same"])
        let declared = try SmallTable.map(row, by: SmallTable.text(events, order: "declared"))
        #expect(declared.map { $0[0] } == ["late", "early", "same"])
    }

    @Test("moments and attributes take the first choice whose condition holds")
    func choices() throws {
        let toml = SmallTable.text(
            """
            [[event]]
            type = "a"
            at = [{ at = "half", when = "a = 'm'" }, "stop"]
            [event.attributes]
            which = [{ value = "one", when = "b = 1" }, { value = "two", when = "b <= 2" }, "many"]
            """,
            more: """
                [moments]
                half = [{ at = "middle", when = "middle > start" }, "start"]
                """)
        let events = try SmallTable.map(
            "1;m;1;990131;10:00:00;11:00:00;12:00:00", "2;m;2;990131;10:00:00;9:00:00;12:00:00",
            "3;s;3;990131;10:00:00;9:00:00;12:00:00", by: toml)
        #expect(events.map { $0["which"] ?? "" } == ["one", "two", "many"])
        #expect(
            events.map { $0["occurred"]?.dropFirst(11).prefix(5) ?? "" }
                == ["09:00", "08:00", "10:00"])
    }

    @Test("a payload comes last, with its type, unless it is empty")
    func payload() throws {
        let toml = SmallTable.text(
            """
            [[event]]
            type = "note.added"
            at = "start"
            data = "{b}"
            content_type = "text/plain"
            """)
        let events = try SmallTable.map(
            "1;;hello;990131;1:00:00;;", "2;;;990131;1:00:00;;", by: toml)
        #expect(events[0].suffix(4) == ["content_type", "text/plain", "DATA", "hello"])
        #expect(events[1].suffix(2) == ["occurred", "1999-01-30T23:00:00.000Z"])
    }

    @Test("a row that cannot be mapped leaves the batch as it was")
    func faults() throws {
        let toml = SmallTable.text(
            """
            [[event]]
            type = "a"
            at = "start"
            [[event]]
            type = "b"
            at = "stop"
            attributes = { queue = "{a|queues}" }
            """, more: "[maps.queues]\nx = \"billing\"")
        let cases: [(String, RowFault)] = [
            ("1;x;;990131;1:00:00;", .fieldCount(expected: 7, actual: 6)),
            ("1;x;;990231;1:00:00;;2:00:00", .badTime(column: "day", pattern: "YYMMDD")),
            ("1;x;;;1:00:00;;2:00:00", .badTime(column: "day", pattern: "YYMMDD")),
            ("1;x;;990131;1:00:00;x;2:00:00", .badTime(column: "middle", pattern: "h:mm:ss")),
            ("1;x;;990131;1:00:00;;", .noTime(step: "b", columns: "stop")),
            ("1;y;;990131;1:00:00;;2:00:00", .notInMap(column: "a", map: "queues")),
        ]
        for (row, fault) in cases {
            #expect(throws: fault) { try SmallTable.map(row, by: toml) }
        }
        var mapper = RowMapper(try RowProgram(Mapping(toml: toml), columns: SmallTable.columns))
        var batch = RowBatch()
        for (number, row) in ["1;x;;990131;1:00:00;;2:00:00", cases[5].0, cases[4].0].enumerated() {
            _ = try? withBytes(row) { row throws(RowFault) in
                try mapper.map(row, file: 0, line: number, into: &batch)
            }
        }
        #expect(batch.texts().map { $0[0] } == ["a", "b"])
        #expect(batch.rowCount == 1)
    }

    @Test("values of every length come through, empty ones not at all")
    func lengths() throws {
        let toml = SmallTable.text(
            SmallTable.oneEvent + "\nattributes = { note = \"{b}\" }")
        for length in [0, 1, 9, 10, 99, 100, 999, 1_000, 10_001] {
            let value = String(repeating: "v", count: length)
            let events = try SmallTable.map("1;;\(value);990131;1:00:00;;", by: toml)
            #expect(events[0]["note"] == (length == 0 ? nil : value))
        }
    }
}

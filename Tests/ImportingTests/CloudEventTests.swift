import EventModel
import Testing

@testable import Importing

@Suite("events as CloudEvents")
struct CloudEventTests {
    private func map(_ text: String) throws -> [String] {
        var mapper = CloudEventMapper()
        var batch = RowBatch()
        try withBytes(text) { text throws(RowFault) in
            try mapper.map(text, file: 0, line: 1, into: &batch)
        }
        return batch.texts()[0]
    }

    private func event(_ more: String) -> String {
        """
        {"specversion":"1.0","id":"7f3a:3","source":"acd-1","type":"queue.entered"\(more)}
        """
    }

    @Test("all parts of an event become words in order")
    func whole() throws {
        let words = try map(
            event(
                """
                ,"subject":"c-8812","time":"2026-11-27T14:32:08.120Z","traceparent":"00-1","n":3,
                "datacontenttype":"application/json; charset=utf-8",
                "data":{"attributes":{"queue":"billing","priority":2,"keep_place":true,"none":null,
                "paid":{"minor_units":1999,"currency":"EUR"}},
                "identifiers":[{"kind":"phone","value":"+34911234567","strength":"line"},
                {"kind":"crm","value":"8","role":"payer"}],
                "payload":{"b":[1,"x"],"a":1.50}}
                """))
        #expect(
            words == [
                "queue.entered", "source", "acd-1", "id", "7f3a:3", "occurred",
                "2026-11-27T14:32:08.120Z", "interaction", "c-8812", "queue", "billing", "priority",
                "2", "keep_place", "true", "paid", "1999 EUR", "customer:line",
                "phone:+34911234567", "payer", "crm:8", "ext_traceparent", "00-1", "ext_n", "3",
                "content_type", "application/json", "DATA", "{\"b\":[1,\"x\"],\"a\":1.50}",
            ])
    }

    @Test("the least event has three words beside its type")
    func least() throws {
        #expect(try map(event("")) == ["queue.entered", "source", "acd-1", "id", "7f3a:3"])
        #expect(try map(event(",\"data\":null")).count == 5)
    }

    @Test("attributes name the interaction before the subject does")
    func subject() throws {
        let words = try map(
            event(",\"subject\":\"s\",\"data\":{\"attributes\":{\"interaction\":\"i\"}}"))
        #expect(words.filter { $0 == "interaction" }.count == 1)
        #expect(words["interaction"] == "i")
    }

    @Test("payloads: text, base64, and the event's own data_base64")
    func payloads() throws {
        #expect(
            try map(event(",\"data\":{\"payload\":\"hola\"}")).suffix(4)
                == ["content_type", "text/plain", "DATA", "hola"])
        #expect(
            try map(event(",\"data\":{\"payload\":\"<a>\",\"content_type\":\"text/html\"}")).suffix(
                3)
                == ["text/html", "DATA", "<a>"])
        #expect(
            try map(event(",\"data\":{\"payload_base64\":\"aG9sYQ==\"}")).suffix(3)
                == ["application/octet-stream", "DATA", "hola"])
        #expect(
            try map(event(",\"data_base64\":\"aG9sYQ==\",\"datacontenttype\":\"image/x\"")).suffix(
                3)
                == ["image/x", "DATA", "hola"])
    }

    private static let wrong: [(String, String)] = [
        ("[1]", "no object"),
        ("{\"specversion\":\"0.3\"}", "specversion"),
        ("{\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"s\",\"type\":\"t\"}", "id is missing"),
        ("{\"specversion\":\"1.0\",\"id\":1,\"source\":\"s\",\"type\":\"t\"}", "id must be a text"),
        ("{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\"}", "source is missing"),
        ("+,\"id\":\"2\"", "one name twice"),
        ("+,\"time\":\"yesterday\"", "RFC 3339"),
        ("+,\"data\":{},\"data_base64\":\"\"", "exclude"),
        ("+,\"Extra_1\":\"x\"", "[a-z0-9]"),
        ("+,\"extra\":{}", "extension extra"),
        ("+,\"data\":[]", "data must be an object"),
        ("+,\"datacontenttype\":\"text/xml\",\"data\":{}", "must be application/json"),
        ("+,\"data\":{\"queue\":\"x\"}", "a member queue"),
        ("+,\"data\":{\"attributes\":[]}", "must be an object"),
        ("+,\"data\":{\"attributes\":{\"a\":1.5}}", "a fraction"),
        ("+,\"data\":{\"attributes\":{\"a\":[1]}}", "must be a text, an integer"),
        ("+,\"data\":{\"attributes\":{\"a\":{\"minor_units\":1}}}", "or money"),
        ("+,\"data\":{\"attributes\":{\"id\":\"x\"}}", "id is no attribute"),
        ("+,\"data\":{\"attributes\":{\"Data\":\"x\"}}", "is no attribute"),
        ("+,\"data\":{\"identifiers\":{}}", "must be an array"),
        ("+,\"data\":{\"identifiers\":[{\"kind\":\"crm\"}]}", "kind and value"),
        ("+,\"data\":{\"identifiers\":[{\"kind\":\"c\",\"value\":\"1\",\"x\":1}]}", "nothing else"),
        (
            "+,\"data\":{\"identifiers\":[{\"kind\":\"c\",\"value\":\"1\",\"role\":\"x\"}]}",
            "role or"
        ),
        ("+,\"data\":{\"payload_base64\":\"x\"}", "must be base64"),
        ("+,\"data_base64\":\"x\"", "no base64"),
    ]

    @Test("every other form is refused by name", arguments: wrong.indices)
    func refused(index: Int) {
        let (text, expected) = Self.wrong[index]
        do {
            _ = try map(text.hasPrefix("+") ? event(String(text.dropFirst())) : text)
            Issue.record("taken: \(text)")
        } catch {
            #expect("\(error)".contains(expected), "\(error)")
        }
    }

    @Test("what is no JSON says where")
    func notJSON() {
        #expect(throws: RowFault.notJSON(problem: "expected a colon", offset: 4)) {
            try map("{\"a\"}")
        }
    }

    @Test("sources are counted apart, with the latest time of each")
    func sources() throws {
        var mapper = CloudEventMapper()
        var batch = RowBatch()
        for (source, time) in [
            ("a", "2026-01-02T00:00:00Z"), ("b", ""), ("a", "2026-01-01T00:00:00Z"),
        ] {
            let text =
                "{\"specversion\":\"1.0\",\"id\":\"\(time)\(source)\",\"source\":\"\(source)\","
                + "\"type\":\"t\"" + (time.isEmpty ? "" : ",\"time\":\"\(time)\"") + "}"
            try withBytes(text) { text throws(RowFault) in
                try mapper.map(text, file: 0, line: 1, into: &batch)
            }
        }
        #expect(mapper.sources["a"]?.rows == 2)
        #expect(
            mapper.sources["a"]?.latestMoment
                == Timestamp(rfc3339: "2026-01-02T00:00:00Z")?.rawValue)
        #expect(mapper.sources["b"]?.latestMoment == nil)
    }
}

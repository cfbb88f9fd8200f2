import Testing

@testable import EventModel

@Suite("an event that is taken")
struct EventIntakeTests {
    @Test("says just what the words said")
    func words() throws {
        var intake = EventIntake()
        var record: [UInt8] = []
        let words = [
            ("priority", "2"), ("queue", "billing"), ("source", "acd-1"), ("channel", "voice"),
            ("customer", "phone:+34911234567"), ("id", "7f3a:3"), ("interaction", "c-8812"),
            ("recipient:line", "email:a:b"), ("occurred", "2026-11-27T14:32:08.120Z"),
            ("stay_kind", "callback"), ("keep_place", "false"), ("skills", "[\"es\"]"),
            ("ext_lane", ""),
        ]
        try Records.take(
            "queue.entered", words.map { ($0.0, Array($0.1.utf8)) }, by: &intake, into: &record)
        let draft = try Records.event(record).draft
        #expect(
            draft
                == EventDraft(
                    type: "queue.entered", source: "acd-1", id: "7f3a:3", occurred: Records.now,
                    identifiers: [
                        Identifier(kind: "phone", value: "+34911234567"),
                        Identifier(kind: "email", value: "a:b", role: .recipient, strength: .line),
                    ],
                    attributes: [
                        Attribute("priority", .integer(2)), Attribute("queue", .ref("billing")),
                        Attribute("channel", .text("voice")),
                        Attribute("interaction", .ref("c-8812")),
                        Attribute("stay_kind", .text("callback")),
                        Attribute("keep_place", .boolean(false)),
                        Attribute("skills", .text("[\"es\"]")), Attribute("ext_lane", .text("")),
                    ]))
    }

    @Test("of every type, with what the type requires and no more")
    func everyType() throws {
        for type in TypeRegistry.standard.types {
            let required = type.attributes.filter(\.isRequired)
            let words = required.map { ($0.name, Self.value(of: $0)) }
            let draft = try Records.event(Records.record(type.name, words)).draft
            #expect(draft.attributes.count == required.count)
            for attribute in required {
                #expect(draft[attribute.name]?.kind == attribute.kind, "\(type.name)")
            }
            for (index, left) in required.enumerated() {
                let rest = words.enumerated().filter { $0.offset != index }.map(\.element)
                #expect(
                    Records.refusal(type.name, rest)
                        == .missing(type: type.name, attribute: left.name))
            }
        }
    }

    @Test("an identifier has any role and strength", arguments: IdentifierRole.allCases)
    func roles(role: IdentifierRole) throws {
        let bare = try Records.record("ufo.seen", [("\(role.attributeName)", "crm:8812")])
        #expect(
            try Records.event(bare).draft.identifiers
                == [Identifier(kind: "crm", value: "8812", role: role, strength: .stated)])
        for strength in IdentifierStrength.allCases {
            let name = "\(role.attributeName):\(strength.word)"
            let record = try Records.record("ufo.seen", [(name, "crm:8812")])
            #expect(
                try Records.event(record).draft.identifiers
                    == [Identifier(kind: "crm", value: "8812", role: role, strength: strength)])
        }
    }

    @Test("one role may name many identifiers, and one twice")
    func severalIdentifiers() throws {
        let record = try Records.record(
            "ufo.seen", [("customer", "a:1"), ("customer", "b:2"), ("customer", "a:1")])
        let identifiers = try Records.event(record).draft.identifiers
        #expect(identifiers.map { $0.kind + $0.value } == ["a1", "b2", "a1"])
    }

    @Test("an unknown type takes any snake_case attribute as text")
    func unknownType() throws {
        let words = [("a", "1"), ("b_2", "true"), ("ext_c", "é"), ("agent", "x")]
        let draft = try Records.event(Records.record("Some-vendor.thing_1", words)).draft
        #expect(draft.type == "Some-vendor.thing_1")
        #expect(
            Set(draft.attributes)
                == [
                    Attribute("a", .text("1")), Attribute("b_2", .text("true")),
                    Attribute("ext_c", .text("é")), Attribute("agent", .ref("x")),
                ])
    }

    @Test("a payload keeps its media type, and gets one when it has none")
    func payload() throws {
        let plain = try Records.record("x", [("content_type", "text/plain")], data: [104, 105])
        #expect(try Records.event(plain).draft.contentType == "text/plain")
        #expect(try Records.event(plain).draft.data == [104, 105])
        let bare = try Records.record("x", data: [0, 255])
        #expect(try Records.event(bare).draft.contentType == "application/octet-stream")
        #expect(try Records.event(bare).draft.data == [0, 255])
        let empty = try Records.record("x", data: [])
        #expect(try Records.event(empty).draft.contentType == "application/octet-stream")
        #expect(try Records.event(empty).draft.data == [])
        let none = try Records.record("x", [("content_type", "text/plain")])
        #expect(try Records.event(none).draft.contentType == "text/plain")
        #expect(try Records.event(none).draft.data == [])
        #expect(try Records.event(Records.record("x")).draft.contentType == "")
    }

    @Test("integers, amounts and times at the edge of what they hold")
    func edges() throws {
        for text in ["-9223372036854775808", "9223372036854775807", "0", "-0", "007"] {
            let record = try Records.record("loyalty.changed", Self.loyalty + [("points", text)])
            #expect(
                try Records.event(record).draft["points"] == .integer(try #require(Int64(text))))
            let words = [("order", "o"), ("total", text + " KRW")]
            let total = try Records.event(Records.record("order.placed", words)).draft["total"]
            #expect(total == .money(minorUnits: try #require(Int64(text)), currency: "KRW"))
        }
        let early = [("order", "o"), ("shop", "s"), ("until", "9999-12-31T23:59:59.999Z")]
        let until = try Records.event(Records.record("pickup.ready", early)).draft["until"]
        #expect(until == .time(.latest))
    }

    @Test("after a refusal the next event is as if nothing had been")
    func afterRefusal() throws {
        let good = [("source", "s"), ("id", "1"), ("agent", "a")].map { ($0.0, Array($0.1.utf8)) }
        let fresh = try Records.record("agent.loggedIn", [("agent", "a")])
        var intake = EventIntake()
        for (type, words, data) in RefusalCases.all.map({ ($0.type, $0.words, $0.data) }) {
            var records: [UInt8] = [1, 2, 3]
            do throws(EventRefusal) {
                try Records.take(
                    type, words.map { ($0.0, Array($0.1.utf8)) }, data: data, by: &intake,
                    into: &records)
                Issue.record("\(type) was taken")
            } catch {
                #expect(records == [1, 2, 3], "\(error)")
            }
            try Records.take("agent.loggedIn", good, by: &intake, into: &records)
            #expect(Array(records.dropFirst(3)) == fresh)
        }
    }

    static let loyalty = [("programme", "p"), ("member", "m")]

    static func value(of attribute: AttributeDefinition) -> String {
        if let word = attribute.words.first { return word }
        return switch attribute.kind {
        case .text, .ref: "x"
        case .integer: "1"
        case .money: "1 EUR"
        case .boolean: "true"
        case .time: "2026-11-27T14:00:00Z"
        }
    }
}

import Testing

@testable import EventModel

@Suite("skeleton and personal part")
struct PartsTests {
    @Test("for every type, open attributes lie in the skeleton, all else in the personal part")
    func everyType() throws {
        for type in TypeRegistry.standard.types {
            let attributes = type.attributes + unrepeated(by: type)
            let words = attributes.map { ($0.name, value(of: $0)) }
            let record = try Records.record(type.name, words + [("customer", "crm:personal-who")])
            let view = unsafe try EventView(checking: record.span.bytes)
            let skeleton = view.skeleton.text()
            let personal = view.personalPart.text()
            for (attribute, word) in zip(attributes, words) {
                let isOpen = attribute.attributeClass == .open
                let name = "\(type.name) \(attribute.name)"
                #expect(names(view, inSkeleton: true).contains(attribute.name) == isOpen, "\(name)")
                #expect(
                    names(view, inSkeleton: false).contains(attribute.name) == !isOpen, "\(name)")
                guard attribute.kind == .text, attribute.words.isEmpty else { continue }
                #expect(skeleton.contains(word.1) == isOpen, "\(name)")
                #expect(personal.contains(word.1) == !isOpen, "\(name)")
            }
            #expect(!skeleton.contains("personal-who") && personal.contains("personal-who"))
        }
    }

    @Test("source, id, identifiers, foreign attributes and payload are personal")
    func fields() throws {
        var intake = EventIntake()
        var record: [UInt8] = []
        let words = [
            ("source", "personal-source"), ("id", "personal-id"), ("agent", "open-agent"),
            ("customer:verified", "email:personal-address"), ("payer", "phone:personal-number"),
            ("ext_note", "personal-note"), ("content_type", "text/personal-type"),
        ]
        try Records.take(
            "agent.loggedIn", words.map { ($0.0, Array($0.1.utf8)) },
            data: Array("personal-data".utf8), by: &intake, into: &record)
        let view = unsafe try EventView(checking: record.span.bytes)
        let skeleton = view.skeleton.text()
        #expect(skeleton.contains("open-agent") && skeleton.contains("agent.loggedIn"))
        #expect(!skeleton.contains("personal") && !skeleton.contains("ext_note"))
        let personal = view.personalPart.text()
        for part in ["source", "id", "address", "number", "note", "type", "data"] {
            #expect(personal.contains("personal-" + part))
        }
        #expect(!personal.contains("open-agent"))
    }

    @Test("every attribute of an unknown type is personal, but those of the envelope")
    func unknownType() throws {
        let record = try Records.record(
            "ufo.seen", [("queue", "open-queue"), ("colour", "personal-green")])
        let view = unsafe try EventView(checking: record.span.bytes)
        #expect(view.skeleton.text().contains("open-queue"))
        #expect(!view.skeleton.text().contains("personal-green"))
        #expect(view.text("colour") == "personal-green")
    }

    @Test("an erased event keeps its skeleton and nothing else")
    func erased() throws {
        let record = try Records.record(
            "callback.requested",
            [
                ("interaction", "c-1"), ("callback_id", "b-1"), ("number", "+34911234567"),
                ("customer", "phone:+34911234567"), ("reason", "long"), ("keep_place", "true"),
            ], data: [1, 2, 3])
        let before = unsafe try EventView(checking: record.span.bytes)
        let rest = try Records.erased(record)
        let after = unsafe try EventView(checking: rest.span.bytes)
        #expect(after.isErased && !before.isErased)
        #expect(after.skeleton.copied() == before.skeleton.copied())
        #expect(after.type.text() == "callback.requested")
        #expect(after.text("interaction") == "c-1" && after.text("reason") == "long")
        #expect(after.boolean("keep_place") == true)
        #expect(after.text("number") == nil)
        let event = after.copied()
        #expect(event.draft.attributes.count == 4)
        #expect(event.draft.identifiers.isEmpty && event.draft.data.isEmpty)
        #expect(event.draft.source.isEmpty && event.draft.id.isEmpty)
        #expect(event.draft.contentType.isEmpty && after.personalPart.byteCount == 0)
        #expect(Records.readAll(after) > 0)
        #expect(after.saysTheSame(as: after) && !after.saysTheSame(as: before))
    }

    @Test("a skeleton without open attributes is read too, erased and not")
    func bareSkeleton() throws {
        let record = try Records.record("ufo.seen", [("colour", "green")])
        let view = unsafe try EventView(checking: record.span.bytes)
        #expect(view.text("colour") == "green")
        let rest = try Records.erased(record)
        let after = unsafe try EventView(checking: rest.span.bytes)
        #expect(after.copied().draft.attributes.isEmpty && after.text("colour") == nil)
    }

    private func unrepeated(by type: EventTypeDefinition) -> [AttributeDefinition] {
        let own = Set(type.attributes.map(\.name))
        return TypeRegistry.standard.envelope.attributes.filter { !own.contains($0.name) }
    }

    private func value(of attribute: AttributeDefinition) -> String {
        if let word = attribute.words.last { return word }
        return switch attribute.kind {
        case .text, .ref: "value-of-\(attribute.name)!"
        case .integer: "7"
        case .money: "700 EUR"
        case .boolean: "true"
        case .time: "2026-11-27T14:00:00Z"
        }
    }

    private func names(_ view: borrowing EventView, inSkeleton: Bool) -> [String] {
        var names: [String] = []
        var walk = view.attributes()
        var index = 0
        let openCount = Int(view.skeleton.load(littleEndian: UInt16.self, at: 2))
        while let attribute = walk.next() {
            if (index < openCount) == inSkeleton { names.append(attribute.name.text()) }
            index += 1
        }
        return names
    }
}

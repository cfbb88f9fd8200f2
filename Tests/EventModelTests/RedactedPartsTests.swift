import Testing

@testable import EventModel

@Suite("Redacted parts: what goes of which events")
struct RedactedPartsTests {
    private func parts(_ random: inout SeededRandom) -> RedactedParts {
        var parts = RedactedParts()
        var position: UInt64 = 0
        for _ in 0..<40 {
            position += UInt64.random(in: 1...9, using: &random)
            let names = [
                "data", "text", "title", "ext_note", "#0", "#15", "c_1=c_2-3", "c_2=c_1",
            ].shuffled(using: &random)
            let fields = names.prefix(Int.random(in: 1...8, using: &random)).map { name in
                guard name.allSatisfy({ $0.isLetter || $0 == "_" }) else {
                    return RedactedParts.Field(name)
                }
                var start = 0
                let cuts = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    start += Int.random(in: 0...9, using: &random)
                    let count = Int.random(in: 1...9, using: &random)
                    defer { start += count }
                    return TextCut(start: start, count: count, isValue: Bool.random(using: &random))
                }
                return RedactedParts.Field(name, cuts: cuts)
            }
            parts.add(RedactedParts.Part(Position(position), fields))
        }
        return parts
    }

    @Test("the text reads back, in portions too", arguments: 0..<20)
    func grammar(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let parts = parts(&random)
        #expect(RedactedParts(parts.text) == parts)
        let portions = parts.portions(ofBytes: 200)
        #expect(portions.count > 1)
        #expect(portions.allSatisfy { $0.text.utf8.count <= 200 || $0.count == 1 })
        #expect(portions.flatMap(\.parts) == parts.parts)
        let last = parts.parts[17].position
        #expect(parts.through(last).parts == Array(parts.parts[...17]))
    }

    @Test(
        "other texts are refused",
        arguments: [
            "5", "5:", "0:text", "5:text;5:data", "6:text;5:data", "5:text&data", "5:text&text",
            "5:text@", "5:text@1", "5:text@1+0", "5:text@-1+2", "5:text@4+3,5+1", "5:text@1+2x",
            "5:text@9999999999999999999+1", "5:text@1+9999999", "5:#17", "5:#", "5:#1@1+2",
            "5:Text", "5:a b", "5:text;", ";", "99999999999999999999:text", "5:#+1", "5:text@+1+2",
            "5:c_1=", "5:c_1=c_1", "5:c_1=c_2=c_3", "5:c_1=text", "5:c_1=c_2@1+2", "5:=c_1",
            "5:c_1=c_01",
        ])
    func refused(_ text: String) { #expect(RedactedParts(text) == nil) }

    @Test("a part that is too long takes whole fields")
    func bounded() {
        let cuts = (0..<9_000).map { TextCut(start: $0 * 10, count: 5) }
        let part = RedactedParts.Part(Position(7), [.init("data", cuts: cuts), .init("text")])
        #expect(part.bounded() == RedactedParts.Part(Position(7), [.init("data"), .init("text")]))
    }

    private func redacted(
        _ record: [UInt8], _ removal: PartRemoval
    ) throws -> (text: String?, data: [UInt8], record: [UInt8]) {
        let event = try unsafe EventView(checking: record.span.bytes)
        return event.show(without: removal, cause: Position(9)) {
            ($0.text("text"), $0.data.copied(), $0.record.copied())
        }
    }

    @Test("cuts keep lengths and characters, whatever their order", arguments: 0..<50)
    func cuts(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let text = (0..<20).map { _ in ["a", "é", "한", "🙂"].randomElement(using: &random) ?? "a" }
            .joined()
        let record = try Records.record(
            "note.added", [("note_id", "n"), ("text", text)], data: Array(text.utf8))
        let cuts = (0..<4).map { _ in
            TextCut(
                start: Int.random(in: 0...50, using: &random),
                count: Int.random(in: 1...9, using: &random))
        }
        var once = PartRemoval(takesAll: false)
        once.cuts = ["text": cuts, "data": cuts]
        let first = try redacted(record, once)
        let shown = try #require(first.text)
        #expect(shown.utf8.count == text.utf8.count && !shown.contains("\u{FFFD}"))
        #expect(first.data == Array(shown.utf8))
        // What a cut names is gone, what none touches is there.
        for (index, byte) in text.utf8.enumerated() {
            let isCut = cuts.contains { ($0.start..<$0.start + $0.count).contains(index) }
            #expect(!isCut || first.data[index] == 0x2A)
            #expect(first.data[index] == 0x2A || first.data[index] == byte)
        }
        // One after the other, the other way round, they leave the same.
        var left = record
        for cut in cuts.reversed() {
            var removal = PartRemoval(takesAll: false)
            removal.cuts = ["text": [cut], "data": [cut]]
            left = try redacted(left, removal).record
        }
        let event = try unsafe EventView(checking: left.span.bytes)
        #expect(event.text("text") == shown && event.data.copied() == first.data)
        #expect(event.remnant?.cause == Position(9) && !event.isErased)
        #expect(event.text("note_id") == "n" && event.id.equals("1"))
    }

    @Test("a value of a document leaves one", arguments: [1, 2, 3, 4, 9])
    func values(_ count: Int) throws {
        let value = String(repeating: "7", count: count)
        let record = try Records.record(
            "ufo.seen", [("content_type", "application/json")],
            data: Array("{\"n\":\(value)}".utf8))
        var removal = PartRemoval(takesAll: false)
        removal.cuts = ["data": [TextCut(start: 5, count: count, isValue: true)]]
        let data = String(decoding: try redacted(record, removal).data, as: UTF8.self)
        let words = [1: "0", 2: "\"\"", 3: "\"\" ", 4: "null", 9: "null     "]
        #expect(data == "{\"n\":\(words[count] ?? "")}")
    }

    @Test("an event tells of the moves of several erasures, once each, up to a byte's count")
    func moves() throws {
        let names = (1...EventLimits.identifiersMax).map { ("customer", "crm:\($0)") }
        let record = try Records.record("parcel.noted", names)
        let texts = (0..<EventLimits.erasedMovesMax).map { number in
            SurrogateHolder(
                Surrogate(drawing: { 7 << 20 })[number],
                person: Surrogate(drawing: { 9 << 20 })[number], isMove: true
            ).text
        }
        let (first, second) = (Array(texts.prefix(100)), Array(texts.dropFirst(100)))
        var both = PartRemoval(takesAll: true, surrogates: [0: ""], moves: first)
        both.merge(PartRemoval(takesAll: true, surrogates: [1: ""], moves: second))
        both.merge(PartRemoval(takesAll: true, moves: first))
        #expect(both.moves == texts)
        let later = PartRemoval(takesAll: true, surrogates: [0: ""], moves: first)
        let left = try redacted(try redacted(record, later).record, both).record
        #expect(left == (try redacted(record, both).record))
        let event = try unsafe EventView(checking: left.span.bytes)
        #expect(event.identifierCount == 255 - 16 && event.moves(in: both).isEmpty)
        #expect(try Records.event(left).draft.identifiers.dropFirst(16).map(\.value) == texts)
        // As many unions as the event can have made still fit.
        let made = (1...UInt64(EventLimits.identifiersMax)).map { number in
            RedactedParts.Field.union(CustomerID(rawValue: 1), CustomerID(rawValue: 1 + number))
        }
        let unions = RedactedParts.Part(Position(1), made).removal
        let whole = try redacted(left, unions).record
        #expect(try redacted(whole, unions).record == whole)
        let full = try unsafe EventView(checking: whole.span.bytes)
        #expect(full.identifierCount == 255 && full.moveCount == EventLimits.erasedMovesMax)
    }

    @Test("fields go whole, identifiers leave an empty one of nobody")
    func fields() throws {
        let record = try Records.record(
            "parcel.noted",
            [("customer", "crm:1"), ("recipient", "phone:5"), ("text", "a"), ("other", "b")],
            data: [1, 2])
        let parts = try #require(RedactedParts("5:#1&data&text"))
        let left = try redacted(record, parts.parts[0].removal).record
        let event = try Records.event(left)
        #expect(event.draft.attributes == [Attribute("other", .text("b"))])
        #expect(event.draft.data.isEmpty && event.draft.contentType.isEmpty)
        #expect(event.draft.identifiers.map(\.value) == ["1", ""])
    }
}

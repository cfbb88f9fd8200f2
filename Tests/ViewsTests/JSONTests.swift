import EventModel
import FoldTesting
import Foundation
import Testing

@testable import Views

@Suite struct JSONTests {
    @Test("any text is written so that another parser reads it back")
    func texts() throws {
        let texts = [
            "", "plain", "\"quoted\" \\ back", "line\nbreak\r\ttab", "\u{0}\u{1}\u{1F}\u{7F}",
            "\u{2028}\u{2029}", "ünïcödé 日本語 🛒", "\u{2027}\u{202A}", "a\u{2028}b\u{2029}c",
        ]
        for text in texts {
            var json = JSONWriter()
            json.beginArray()
            json.value(text)
            json.endArray()
            let bytes = String(decoding: json.bytes, as: UTF8.self)
            #expect(!bytes.contains("\u{2028}") && !bytes.contains("\u{2029}"))
            #expect(bytes.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
            let read = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String]
            #expect(read == [text])
        }
    }

    @Test("commas stand between values and nowhere else")
    func structure() {
        var json = JSONWriter()
        json.beginObject()
        json.field("a", 1)
        json.field("absent", nil as Int?)
        json.key("b")
        json.beginArray()
        json.beginObject()
        json.endObject()
        json.null()
        json.value(true)
        json.value(1.5)
        json.value(Double.infinity)
        json.endArray()
        json.field("c", Timestamp(milliseconds: 0))
        json.field("d", "x")
        json.endObject()
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"a":1,"b":[{},null,true,1.5,null],"c":"1970-01-01T00:00:00.000Z","d":"x"}"#)
    }

    @Test("numbers with a fraction are written as the shortest text that reads back the same")
    func fractions() {
        var numbers: [Double] = [
            0, -0.0, 1, -1, 0.5, 99, 1e14, 999_999_999_999_999, 1e15, 1e16, 9_007_199_254_740_992,
            0.1, 1 / 3, -2.5, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        ]
        for part in 0...40 { numbers.append(Double(part) / 40 * 10) }
        for number in numbers {
            var json = JSONWriter()
            json.value(number)
            #expect(String(decoding: json.bytes, as: UTF8.self) == number.description)
        }
        for number in [Double.nan, .infinity, -.infinity] {
            var json = JSONWriter()
            json.value(number)
            #expect(String(decoding: json.bytes, as: UTF8.self) == "null")
        }
    }

    @Test("a key that was encoded once is written as one that was not")
    func encodedKeys() {
        for name in ["asa", "a \"b\"", ""] {
            var (encoded, plain) = (JSONWriter(), JSONWriter())
            let key = JSONWriter.encoded(key: name)
            for _ in 0..<2 {
                encoded.beginObject()
                plain.beginObject()
                for number in 1...2 {
                    unsafe encoded.key(encoded: key.span.bytes)
                    encoded.value(number)
                    plain.key(text: name)
                    plain.value(number)
                }
                encoded.endObject()
                plain.endObject()
            }
            #expect(encoded.bytes == plain.bytes)
        }
    }

    @Test("bytes that are no UTF-8 become a replacement character")
    func illFormed() {
        var json = JSONWriter()
        let bytes: [UInt8] = [0x61, 0xFF, 0xE2, 0x80]
        unsafe json.value(bytes.span.bytes)
        #expect(String(decoding: json.bytes, as: UTF8.self).hasPrefix("\"a\u{FFFD}"))
    }

    private func document(_ record: [UInt8]) throws -> String {
        var json = JSONWriter()
        let event = unsafe try EventView(checking: record.span.bytes)
        EventDocument.write(event, to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test("an event's document has all it says, typed")
    func event() throws {
        let record = Happening(
            "order.placed", 1_000, nil,
            [
                "order": .ref("o-1"), "items": .integer(3), "gift": .boolean(true),
                "total": .money(minorUnits: 1_999, currency: "EUR"),
                "promised_to": .time(Timestamp(milliseconds: 0)),
            ], [Identifier(kind: "email", value: "ana@example.com", strength: .verified)]
        ).record(at: Position(5), recorded: Timestamp(milliseconds: 2_000))
        #expect(
            try document(record)
                == #"{"position":5,"recorded":"1970-01-01T00:00:02.000Z","#
                + #""occurred":"1970-01-01T00:00:01.000Z","type":"order.placed","source":"test","#
                + #""id":"5","identifiers":[{"kind":"email","value":"ana@example.com","#
                + #""role":"customer","strength":"verified"}],"attributes":{"order":"o-1","#
                + #""items":3,"gift":true,"total":{"minor_units":1999,"currency":"EUR"},"#
                + #""promised_to":"1970-01-01T00:00:00.000Z"}}"#)
    }

    @Test("a payload is text where it is text, else base 64")
    func payloads() throws {
        for (type, data, expected) in [
            ("text/plain; charset=utf-8", Array("hé\n".utf8), #""data":"hé\n"}"#),
            ("application/json", Array("{}".utf8), #""data":"{}"}"#),
            ("application/cloudevents+json", Array("[]".utf8), #""data":"[]"}"#),
            ("text/plain", [0xFF, 0xFE], #""data_base64":"//4="}"#),
            ("image/png", [1, 2, 3], #""data_base64":"AQID"}"#),
        ] as [(String, [UInt8], String)] {
            var encoder = EventEncoder()
            let name = Array("note.added".utf8)
            let media = Array(type.utf8)
            unsafe encoder.begin(type: name.span.bytes)
            unsafe encoder.set(data: data.span.bytes, contentType: media.span.bytes)
            var record: [UInt8] = []
            encoder.finish(into: &record)
            #expect(try document(record).hasSuffix(expected))
            #expect(try document(record).contains(#""occurred_unsaid":true"#))
        }
    }

    @Test("of an erased event the skeleton is left")
    func erased() throws {
        var record = Happening(
            "queue.entered", 1_000, "c", ["queue": .ref("q")],
            [Identifier(kind: "email", value: "ana@example.com")]
        ).record(at: Position(5), recorded: Timestamp(milliseconds: 2_000))
        let skeleton = 8 + Int(record[4]) + Int(record[5]) << 8
        record.removeLast(record.count - skeleton)
        record.store(littleEndian: UInt32(skeleton), at: 0)
        let text = try document(record)
        #expect(text.contains(#""erased":true"#) && text.contains(#""queue":"q""#))
        #expect(!text.contains("ana") && !text.contains("source"))
    }
}

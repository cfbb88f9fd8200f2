import TestSupport
import Testing

@testable import JSON

@Suite("JSON")
struct JSONTests {
    private func read(_ text: String) throws -> JSONValue {
        try JSONValue.read(Array(text.utf8))
    }

    private func written(_ value: JSONValue) -> String {
        var bytes: [UInt8] = []
        value.write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("members keep their order, numbers their digits, and texts their characters")
    func document() throws {
        let text = """
             { "z": 1, "a": [true, false, null], "n": -0, "big": 9223372036854775807,
               "bigger": 9223372036854775808, "money": 19.90, "e": 1E+3,
               "t": "\\u00e9\\ud83d\\ude00\\n\\/\\"", "": {} }\r\n
            """
        let value = try read(text)
        #expect(
            value.members?.map(\.name) == ["z", "a", "n", "big", "bigger", "money", "e", "t", ""])
        #expect(value["big"] == .integer(.max))
        #expect(value["bigger"] == .number("9223372036854775808"))
        #expect(value["money"] == .number("19.90"))
        #expect(value["e"] == .number("1E+3"))
        #expect(value["t"] == .string("é😀\n/\""))
        #expect(value["none"] == nil)
    }

    private static let wrong = [
        "", " ", "{", "}", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "-",
        "1.", ".5", "1e", "+1", "tru", "nul", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
        "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "1 2", "'a'", "NaN", "[1", "{\"a\":1",
    ]

    @Test("what RFC 8259 does not allow is refused", arguments: wrong)
    func refused(text: String) {
        #expect(throws: JSONFault.self) { try read(text) }
    }

    @Test("bytes that are no UTF-8 are refused inside a text")
    func notUTF8() {
        #expect(throws: JSONFault.self) {
            try JSONValue.read([0x22, 0xC3, 0x28, 0x22])
        }
    }

    @Test("nesting has a bound")
    func depth() throws {
        let most = JSONLimits.depthMax
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try read(nested(most))
        #expect(throws: JSONFault.self) { try read(nested(most + 1)) }
    }

    @Test("what is written reads back the same")
    func roundTrip() throws {
        let seed: UInt64 = 1_999
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let value = Self.arbitrary(&random, depth: 4)
            #expect(try read(written(value)) == value, "seed \(seed)")
        }
    }

    @Test("no bytes bring the reader down")
    func fuzz() {
        let seed: UInt64 = 7
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("{}[]\",:\\u0123dcntrufalse-+.eE \n\u{7F}é".utf8) + [0x00, 0xFF]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...24, using: &random)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            _ = try? JSONValue.read(bytes)
        }
    }

    private static func arbitrary(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &random) {
        case 0: return .null
        case 1: return .boolean(.random(using: &random))
        case 2: return .integer(.random(in: .min ... .max, using: &random))
        case 3: return .number("-0.\(Int.random(in: 0...9_999, using: &random))e-7")
        case 4:
            let scalars: [Unicode.Scalar] = ["a", "\"", "\\", "\n", "\u{1}", "é", "😀", "\u{2028}"]
            var text = ""
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                text.unicodeScalars.append(scalars.randomElement(using: &random) ?? "x")
            }
            return .string(text)
        case 5:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    arbitrary(&random, depth: depth - 1)
                })
        default:
            return .object(
                (0..<Int.random(in: 0...4, using: &random)).map { index in
                    JSONValue.Member("m\(index)", arbitrary(&random, depth: depth - 1))
                })
        }
    }
}

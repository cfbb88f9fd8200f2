import EventModel
import JSON
import Testing

@Suite("Places of a JSON document")
struct JSONSpansTests {
    private func places(_ text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        let spans = try unsafe JSONSpans(bytes.span.bytes)
        return spans.places.map {
            "\($0.kind) \($0.pointer)=\(String(decoding: bytes[$0.range], as: UTF8.self))"
        }
    }

    @Test("names, strings, scalars and containers with what leads to them")
    func all() throws {
        #expect(
            try places(#" {"a" : [1, "x\"y", {}], "b/c":{"~":true} } "#) == [
                "name /a=a", "scalar /a/0=1", #"string /a/1=x\"y"#, "container /a/2={}",
                #"container /a=[1, "x\"y", {}]"#, "name /b~1c=b/c", "name /b~1c/~0=~",
                "scalar /b~1c/~0=true", #"container /b~1c={"~":true}"#,
                #"container ={"a" : [1, "x\"y", {}], "b/c":{"~":true} }"#,
            ])
        #expect(try places("-1.5e3") == ["scalar =-1.5e3"])
        #expect(try places(#""é""#) == ["string =é"])
    }

    @Test("what a string says, its escapes resolved")
    func escapes() throws {
        let bytes = Array(#"["\u002b34\t","+34"]"#.utf8)
        let spans = try unsafe JSONSpans(bytes.span.bytes)
        #expect(spans.places.prefix(2).map { spans.text($0.range) } == ["+34\t", "+34"])
        #expect(spans.places.prefix(2).map { spans.hasEscapes($0.range) } == [true, false])
    }

    @Test("what is no document is refused", arguments: ["", "{", "[1,]", "{\"a\" 1}", "1 2"])
    func refused(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(throws: JSONFault.self) { try unsafe JSONSpans(bytes.span.bytes) }
    }
}

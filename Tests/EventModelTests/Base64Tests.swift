import Testing

@testable import EventModel

@Suite("base64")
struct Base64Tests {
    @Test("the vectors of RFC 4648, both ways")
    func vectors() {
        let vectors = [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
        for (plain, text) in vectors {
            var bytes: [UInt8] = []
            Base64.append(unsafe Array(plain.utf8).span.bytes, to: &bytes)
            #expect(String(decoding: bytes, as: UTF8.self) == text)
            #expect(Base64.decode(text) == Array(plain.utf8))
        }
    }

    @Test(
        "what is no base64 is refused",
        arguments: ["Z", "Zg=", "Zg", "Zh==", "Z===", "====", "Zm 9", "Zg==Zg=="])
    func refused(text: String) { #expect(Base64.decode(text) == nil) }
}

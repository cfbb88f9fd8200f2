import EventModel
import Testing

@testable import Commands

@Suite("What is hidden of a document")
struct DisclosingTests {
    private func masked(_ text: String) -> String? {
        let mask = DocumentMask(register: DataRegister(), sees: .open) { _ in (0, 0) }
        return mask.masked(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("null hides nothing: it stays, and nothing is written anew for it")
    func nulls() {
        #expect(masked(#"{"name":"Ana"}"#) == #"{"name":"~aaaaaaaaaaaaaaaa"}"#)
        #expect(masked(#"{"name":null}"#) == nil)
        let both = masked(#"{"email":null,"name":"Ana"}"#)
        #expect(both == #"{"email":null,"name":"~aaaaaaaaaaaaaaaa"}"#)
    }

    @Test("an answer that is null is told as it is, in both versions of the protocol")
    func nullAnswers() {
        for (reply, isNull) in [
            ("$-1\r\n", true), ("_\r\n", true), ("$2\r\n{}\r\n", false), ("*0\r\n", false),
            ("", false),
            ("_\r\n_\r\n", false),
        ] {
            let bytes = Array(reply.utf8)
            #expect(unsafe bytes.span.bytes.isNullReply == isNull, "\(reply)")
        }
    }
}

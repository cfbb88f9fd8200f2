import Client
import RESP
import Testing

@Suite("Requests as they are written")
struct RequestEncoderTests {
    private func text(_ encoder: RequestEncoder) -> String {
        String(decoding: encoder.buffer.bytes.octetsCopied(), as: UTF8.self)
    }

    @Test("arguments of every kind")
    func golden() {
        var encoder = RequestEncoder()
        encoder.begin(argumentCount: 6)
        encoder.append("APPEND")
        encoder.append("ñ" as String)
        encoder.append([0x61, 0x62])
        encoder.append([UInt8]().span.octets)
        encoder.append(-7)
        #expect(!encoder.isComplete)
        encoder.append(UInt64.max)
        #expect(encoder.isComplete)
        #expect(
            text(encoder)
                == "*6\r\n$6\r\nAPPEND\r\n$2\r\nñ\r\n$2\r\nab\r\n$0\r\n\r\n$2\r\n-7\r\n"
                + "$20\r\n18446744073709551615\r\n")
        #expect(encoder.requestCount == 1)
    }

    @Test("sent bytes are dropped, what is left follows")
    func drop() {
        var encoder = RequestEncoder(minimumCapacity: 64)
        encoder.request(["PING"])
        encoder.request([Array("PING".utf8)])
        encoder.removeFirst(14)
        #expect(text(encoder) == "*1\r\n$4\r\nPING\r\n")
        #expect(encoder.requestCount == 2)
    }

    @Test("the server reads what the encoder wrote")
    func roundTrip() {
        var encoder = RequestEncoder()
        let arguments = (0..<300).map {
            [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: $0)
        }
        encoder.request(arguments)
        let sent = encoder.buffer.bytes.octetsCopied()
        var parser = RequestParser()
        let outcome = parser.parse(sent.span.octets)
        #expect(outcome == .request(consumedBytes: sent.count))
        let read = Self.copies(parser.arguments(in: sent.span.octets))
        #expect(read == arguments)
    }

    private static func copies(_ arguments: Arguments) -> [[UInt8]] {
        (0..<arguments.count).map { arguments.copy(at: $0) }
    }
}

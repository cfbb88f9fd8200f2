import RESP
import Testing

@Suite("Limits of requests")
struct RequestLimitsTests {
    private func bulk(_ count: Int) -> [UInt8] {
        bytes("$\(count)\r\n") + [UInt8](repeating: 0x61, count: count) + bytes("\r\n")
    }

    private func argument(_ count: Int) -> [UInt8] {
        [UInt8](repeating: 0x61, count: count)
    }

    @Test("as many arguments as allowed, and one more")
    func arguments() {
        let limits = RequestLimits(argumentsMax: 3)
        let three = bytes("*3\r\n") + bulk(1) + bulk(1) + bulk(1)
        expectRequests(three, [request("a", "a", "a")], limits: limits)
        expectRequests(
            bytes("*4\r\n"), [.failure(.invalidLength(.multibulk, got: 4, max: 3))],
            limits: limits)
        expectRequests(bytes("a a a\n"), [request("a", "a", "a")], limits: limits)
        expectRequests(
            bytes("a a a a\n"), [.failure(.tooManyArguments(max: 3))], limits: limits)
    }

    @Test("as long an argument as allowed, and one byte more")
    func bulkBytes() {
        let limits = RequestLimits(bulkBytesMax: 10)
        expectRequests(bytes("*1\r\n") + bulk(10), [.request([argument(10)])], limits: limits)
        expectRequests(
            bytes("*1\r\n$11\r\n"), [.failure(.invalidLength(.bulk, got: 11, max: 10))],
            limits: limits)
        expectRequests(argument(10) + [10], [.request([argument(10)])], limits: limits)
        expectRequests(
            argument(11) + [10], [.failure(.invalidLength(.bulk, got: 11, max: 10))],
            limits: limits)
    }

    @Test("as long a request as allowed, and one byte more")
    func requestBytes() {
        let limits = RequestLimits(requestBytesMax: 32)
        let fitting = bytes("*2\r\n") + bulk(8) + bulk(8)
        #expect(fitting.count == 32)
        expectRequests(fitting, [.request([argument(8), argument(8)])], limits: limits)
        expectRequests(
            fitting + fitting,
            [.request([argument(8), argument(8)]), .request([argument(8), argument(8)])],
            limits: limits)
        let larger = bytes("*2\r\n") + bulk(8) + bulk(9)
        expectRequests(larger, [.failure(.requestTooLarge(max: 32))], limits: limits)
        expectRequests(argument(32) + [10], [.request([argument(32)])], limits: limits)
        expectRequests(argument(33), [.failure(.inlineTooLong(max: 32))], limits: limits)
    }

    @Test("as long a line as allowed, and one byte more")
    func inlineBytes() {
        let limits = RequestLimits(inlineBytesMax: 8)
        expectRequests(argument(8) + [10], [.request([argument(8)])], limits: limits)
        expectRequests(argument(9) + [10], [.failure(.inlineTooLong(max: 8))], limits: limits)
        expectRequests(argument(9), [.failure(.inlineTooLong(max: 8))], limits: limits)
        expectRequests(argument(8), [.pending(byteCount: 8)], limits: limits)
    }

    @Test("the standard limits hold at their edges")
    func standard() {
        let limits = RequestLimits.standard
        let largest = bytes("*1\r\n") + bulk(limits.bulkBytesMax)
        #expect(requests(in: largest) == [.request([argument(limits.bulkBytesMax)])])
        let many = (0..<limits.argumentsMax).reduce(into: bytes("*\(limits.argumentsMax)\r\n")) {
            frame, _ in frame += bytes("$1\r\nx\r\n")
        }
        guard case .request(let words) = requests(in: many).first else {
            Issue.record("refused")
            return
        }
        #expect(words.count == limits.argumentsMax)
        let line = argument(limits.inlineBytesMax)
        #expect(requests(in: line + [10]) == [.request([line])])
        #expect(
            requests(in: line + [0x61]) == [.failure(.inlineTooLong(max: limits.inlineBytesMax))])
    }

    @Test("the limits fit into each other")
    func relations() {
        let limits = RequestLimits.standard
        #expect(limits.inlineBytesMax <= limits.requestBytesMax)
        #expect(limits.requestBytesMax <= Int(Int32.max))
        #expect(RequestLimits.standard.requestBytesMax > RequestLimits.standard.bulkBytesMax)
    }

    @Test("limits may widen between two requests of one connection")
    func widening() {
        let narrow = RequestLimits(
            argumentsMax: 64, bulkBytesMax: 4_096, requestBytesMax: 4_096, inlineBytesMax: 4_096)
        var parser = RequestParser(limits: narrow)
        let hello = bytes("HELLO 3\r\n")
        #expect(outcome(of: &parser, hello) == .request(consumedBytes: hello.count))
        parser.limits = .standard
        let large = bytes("*1\r\n") + bulk(5_000)
        #expect(outcome(of: &parser, large) == .request(consumedBytes: large.count))
    }
}

import Testing

@testable import RESP

@Suite("Memory of the request parser")
struct RequestMemoryTests {
    @Test("a claim reserves nothing")
    func claims() {
        var parser = RequestParser()
        let claim = bytes("*16384\r\n$1048576\r\n")
        #expect(outcome(of: &parser, claim) == .incomplete(neededBytes: 1_048_578))
        #expect(parser.table.capacity == 0)
        #expect(parser.inlineBytes.capacity == 0)
    }

    @Test("the same table is used for every request of ordinary size")
    func reuse() {
        var parser = RequestParser()
        let frame = bytes("*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n")
        #expect(outcome(of: &parser, frame) == .request(consumedBytes: frame.count))
        let capacity = parser.table.capacity
        let address = unsafe parser.table.withUnsafeBufferPointer {
            Int(bitPattern: $0.baseAddress)
        }
        for _ in 0..<100 { _ = outcome(of: &parser, frame) }
        #expect(parser.table.capacity == capacity)
        let later = unsafe parser.table.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) }
        #expect(later == address)
    }

    @Test("a very large table or line is given back with the next request")
    func release() {
        var parser = RequestParser()
        let count = RequestLimits.argumentsKeptMax * 2
        let frame = (0..<count).reduce(into: bytes("*\(count)\r\n")) { frame, _ in
            frame += bytes("$0\r\n\r\n")
        }
        #expect(outcome(of: &parser, frame) == .request(consumedBytes: frame.count))
        #expect(parser.table.capacity >= count)
        let line = [UInt8](repeating: 0x61, count: 60_000) + [10]
        #expect(outcome(of: &parser, line) == .request(consumedBytes: line.count))
        #expect(parser.table.capacity <= RequestLimits.argumentsKeptMax)
        #expect(parser.inlineBytes.capacity >= 60_000)
        let ping = bytes("PING\n")
        #expect(outcome(of: &parser, ping) == .request(consumedBytes: ping.count))
        #expect(parser.inlineBytes.capacity <= RequestLimits.inlineBytesKeptMax)
    }
}

extension RequestParser {
    /// How many bytes of an unfinished inline command need no second look.
    var searchedLineBytes: Int? {
        if case .inline(let scannedBytes) = phase { scannedBytes } else { nil }
    }
}

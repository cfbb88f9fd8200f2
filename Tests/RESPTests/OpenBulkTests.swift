import RESP
import Testing

@Suite("Bulk strings of a length not known at their beginning")
struct OpenBulkTests {
    private static let lengths = [0, 1, 9, 10, 99, 100, 999, 1_000, 9_999, 10_000, 100_000]

    @Test("whatever length was expected, the header says the true one", arguments: lengths)
    func header(_ expectedByteCount: Int) {
        for byteCount in Self.lengths {
            var writer = ReplyWriter()
            writer.integer(7)
            let open = writer.beginBulk(expectedByteCount: expectedByteCount)
            let body = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) }
            for byte in body { writer.buffer.append(byte) }
            writer.endBulk(open)
            writer.integer(8)
            var expected = ReplyWriter()
            expected.integer(7)
            expected.bulk(body)
            expected.integer(8)
            #expect(contents(writer.buffer) == contents(expected.buffer))
        }
    }

    @Test("a bulk string that cannot be ended leaves no trace")
    func abandoned() {
        var writer = ReplyWriter()
        writer.integer(7)
        let open = writer.beginBulk()
        writer.buffer.append("{\"half\":")
        writer.abandonBulk(open)
        writer.error("STALE", "later")
        #expect(text(writer.buffer) == ":7\r\n-STALE later\r\n")
    }

    @Test("after warm-up the memory stays as it is, and where it is")
    func warm() {
        var writer = ReplyWriter()
        func reply() {
            writer.buffer.removeAll()
            let open = writer.beginBulk(expectedByteCount: 10)
            for _ in 0..<100 { writer.buffer.append("0123456789") }
            writer.endBulk(open)
            writer.map(2)
            writer.bulk("position")
            writer.integer(418_223)
        }
        reply()
        let capacity = writer.buffer.capacity
        let address = addressOfBytes(writer.buffer)
        for _ in 0..<100 { reply() }
        #expect(writer.buffer.capacity == capacity)
        #expect(addressOfBytes(writer.buffer) == address)
    }

    private func addressOfBytes(_ buffer: OutputBuffer) -> Int {
        let bytes = buffer.bytes
        return unsafe bytes.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
    }
}

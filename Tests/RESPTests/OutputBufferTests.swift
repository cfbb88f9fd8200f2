import RESP
import TestSupport
import Testing

@Suite("The output buffer")
struct OutputBufferTests {
    @Test("integers are written as `description` writes them")
    func decimals() {
        var values: [Int64] = [0, .min, .max]
        var power: Int64 = 1
        for _ in 0..<19 {
            values += [power, power - 1, power + 1, -power, 1 - power, -1 - power]
            power = power &* 10
        }
        for value in values {
            var buffer = OutputBuffer()
            buffer.append(decimal: value)
            #expect(text(buffer) == value.description)
            #expect(OutputBuffer.decimalByteCount(value) == value.description.utf8.count)
        }
        var buffer = OutputBuffer()
        buffer.append(decimal: UInt64.max)
        #expect(text(buffer) == UInt64.max.description)
    }

    @Test("bytes come out as they went in, over every growth")
    func growth() {
        var generator = SeededGenerator(seed: 1)
        var buffer = OutputBuffer()
        var expected: [UInt8] = []
        for size in [1, 255, 256, 257, 0, 5_000, 3] {
            let piece = generator.bytes(size)
            buffer.append(piece)
            expected += piece
            #expect(contents(buffer) == expected)
            #expect(buffer.count == expected.count)
        }
        #expect(buffer.capacity >= buffer.count)
    }

    @Test("bytes are dropped at either end")
    func drops() {
        var buffer = OutputBuffer(minimumCapacity: 10)
        #expect(buffer.isEmpty && buffer.capacity >= 10)
        buffer.append("0123456789")
        buffer.removeFirst(3)
        #expect(text(buffer) == "3456789")
        buffer.truncate(to: 4)
        #expect(text(buffer) == "3456")
        buffer.removeFirst(0)
        buffer.removeFirst(4)
        #expect(buffer.isEmpty)
        buffer.append("x" as String)
        #expect(text(buffer) == "x")
    }

    @Test("emptying keeps the memory unless told otherwise")
    func emptying() {
        var buffer = OutputBuffer()
        buffer.append([UInt8](repeating: 1, count: 1_000))
        let capacity = buffer.capacity
        buffer.removeAll()
        #expect(buffer.isEmpty && buffer.capacity == capacity)
        buffer.removeAll(keepingCapacityUpTo: capacity)
        #expect(buffer.capacity == capacity)
        buffer.removeAll(keepingCapacityUpTo: capacity - 1)
        #expect(buffer.capacity == 0)
        buffer.append("x")
        buffer.removeAll(keepingCapacity: false)
        #expect(buffer.capacity == 0)
    }
}

import EventModel
import Testing

@Suite("bytes of views: integers, texts, and what is no such thing")
struct ByteTests {
    private static var edges: [UInt64] {
        var edges: [UInt64] = [0, 1, .max, .max - 1]
        for shift in 1..<64 {
            let power: UInt64 = 1 << UInt64(shift)
            edges += [power - 1, power, power + 1]
        }
        return edges
    }

    @Test("control characters are found wherever they stand, among any others")
    func controls() {
        var random = SeededRandom(seed: 20_261_125)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...26, using: &random)
            // Mostly bytes beside the bounds: 0x1F, 0x20, 0x7E, 0x7F, 0x80.
            let near: [UInt8] = [0x20, 0x7E, 0x80, 0xA0, 0xFF, 0x41]
            var bytes = (0..<count).map { _ in near.randomElement(using: &random)! }
            if count > 0, Bool.random(using: &random) {
                let place = Int.random(in: 0..<count, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            let expected = bytes.contains { $0 < 0x20 || $0 == 0x7F }
            let found = unsafe bytes.span.bytes.hasControls
            #expect(found == expected, "\(bytes)")
        }
    }

    @Test("a variable-length integer comes back, in the bytes its size needs")
    func varints() throws {
        for value in Self.edges {
            var bytes: [UInt8] = []
            bytes.append(varint: value)
            #expect(bytes.count == max(1, (64 - value.leadingZeroBitCount + 6) / 7))
            var reader = unsafe ByteReader(bytes.span.bytes, of: "test")
            #expect(try reader.varint() == value)
            let isAtEnd = reader.isAtEnd
            #expect(isAtEnd)
        }
    }

    @Test("a signed integer comes back, small magnitudes short")
    func zigzags() throws {
        for magnitude in Self.edges {
            for value in [Int64(bitPattern: magnitude), 0 &- Int64(bitPattern: magnitude)] {
                var bytes: [UInt8] = []
                bytes.append(zigzag: value)
                if (-64...63).contains(value) { #expect(bytes.count == 1) }
                var reader = unsafe ByteReader(bytes.span.bytes, of: "test")
                #expect(try reader.zigzag() == value)
            }
        }
    }

    @Test("a variable-length integer beyond 64 bits or without an end is malformed")
    func badVarints() {
        let bad: [[UInt8]] = [
            [], [0x80], [0xFF, 0xFF], Array(repeating: 0x80, count: 10),
            Array(repeating: 0xFF, count: 9) + [0x02], Array(repeating: 0xFF, count: 9) + [0x81],
            Array(repeating: 0xFF, count: 11),
        ]
        for bytes in bad {
            #expect(throws: MalformedBytes.self, "\(bytes)") {
                var reader = unsafe ByteReader(bytes.span.bytes, of: "test")
                _ = try reader.varint()
            }
        }
    }

    @Test("a row of everything comes back, and no part of it reads as a row")
    func rows() throws {
        var row: [UInt8] = []
        row.append(text: "héllo")
        row.append(optionalText: nil)
        row.append(optionalText: "")
        row.append(optionalText: "x")
        row.append(littleEndian: UInt32(0x0102_0304))
        row.append(bigEndian: UInt16(0x0506))
        row.append(zigzag: -3)
        try Self.read(row)
        for length in 0..<row.count {
            #expect(throws: MalformedBytes.self) { try Self.read(Array(row[..<length])) }
        }
    }

    private static func read(_ row: [UInt8]) throws {
        var reader = unsafe ByteReader(row.span.bytes, of: "row")
        #expect(try reader.text() == "héllo")
        #expect(try reader.optionalText() == nil)
        #expect(try reader.optionalText() == "")
        #expect(try reader.optionalText() == "x")
        #expect(try reader.integer(UInt32.self) == 0x0102_0304)
        #expect(try reader.byte() == 5)
        #expect(try reader.byte() == 6)
        #expect(try reader.zigzag() == -3)
        let isAtEnd = reader.isAtEnd
        #expect(isAtEnd)
    }

    @Test("a count larger than the bytes that follow is malformed, however large")
    func counts() {
        for count in [5, 6, UInt64(Int.max), .max] {
            var bytes: [UInt8] = []
            bytes.append(varint: count)
            bytes += [1, 2, 3]
            #expect(throws: MalformedBytes.self) {
                var reader = unsafe ByteReader(bytes.span.bytes, of: "test")
                _ = try reader.count()
            }
            #expect(throws: MalformedBytes.self) {
                var reader = unsafe ByteReader(bytes.span.bytes, of: "test")
                _ = try reader.optionalText()
            }
        }
    }

    @Test("integers stand in the byte order they are named after")
    func byteOrders() {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt32(0x0A0B_0C0D))
        bytes.append(bigEndian: Int64(-2))
        #expect(bytes == [0x0D, 0x0C, 0x0B, 0x0A] + Array(repeating: 0xFF, count: 7) + [0xFE])
        bytes.store(littleEndian: UInt16(0x0102), at: 1)
        #expect(bytes[..<4] == [0x0D, 0x02, 0x01, 0x0A])
        let span = unsafe bytes.span.bytes
        #expect(span.load(bigEndian: Int64.self, at: 4) == -2)
        #expect(span.load(littleEndian: UInt16.self, at: 1) == 0x0102)
    }

    @Test("decimals are written as the language writes them")
    func decimals() {
        for value in [0, 1, -1, 9, 10, -10, 12_345, Int64.max, .min] {
            var bytes: [UInt8] = []
            bytes.append(decimal: value)
            #expect(String(decoding: bytes, as: UTF8.self) == "\(value)")
        }
    }

    @Test("comparing agrees with comparing arrays, at every length and every difference")
    func equality() {
        for length in 0..<40 {
            let bytes = (0..<length).map { UInt8($0) }
            let left = unsafe bytes.span.bytes
            let same = bytes
            unsafe #expect(left.equals(same.span.bytes))
            for offset in 0..<length {
                var other = bytes
                other[offset] ^= 0x80
                unsafe #expect(!left.equals(other.span.bytes), "\(length) \(offset)")
            }
            let longer = bytes + [0]
            unsafe #expect(!left.equals(longer.span.bytes))
        }
    }

    @Test("a quotient is rounded towards negative infinity")
    func flooredQuotients() {
        for value in -20...20 {
            for divisor in 1...7 {
                let quotient = value.flooredQuotient(divisor)
                #expect(quotient * divisor <= value && (quotient + 1) * divisor > value)
            }
        }
        #expect(UInt64.max.flooredQuotient(2) == UInt64.max / 2)
    }
}

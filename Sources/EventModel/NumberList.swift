/// A list of so many numbers, most of which are 0: a mask of some bytes, least significant first, a bit
/// for each number that is not 0, then those as variable-length integers.
///
/// Written: `begin`, `append` for each number, `end`. A list has at most 8 numbers for each byte of its
/// mask, 32 in all.
@frozen
public struct NumberListWriter {
    @usableFromInline var maskPlace = 0
    @usableFromInline var mask: UInt32 = 0
    @usableFromInline var bit: UInt32 = 0

    /// Makes one that has not begun.
    @inlinable
    public init() {}

    /// Begins a list behind what is there.
    @inlinable
    public mutating func begin(maskBytes: Int, in row: inout [UInt8]) {
        maskPlace = row.count
        mask = 0
        bit = 0
        for _ in 0..<maskBytes { row.append(0) }
    }

    /// Writes the next number.
    @inlinable
    public mutating func append(_ value: UInt64, to row: inout [UInt8]) {
        if value != 0 {
            mask |= 1 << bit
            row.append(varint: value)
        }
        bit += 1
    }

    /// Writes the mask.
    @inlinable
    public func end(in row: inout [UInt8]) {
        var rest = mask
        var place = maskPlace
        while rest > 0 {
            row[place] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
            place += 1
        }
    }
}

/// Reads what `NumberListWriter` writes: `begin`, then `next` for each number.
@frozen
public struct NumberListReader {
    @usableFromInline var mask: UInt32 = 0

    /// Makes one that has not begun.
    @inlinable
    public init() {}

    /// Begins a list.
    @inlinable
    public mutating func begin(
        maskBytes: Int, _ reader: inout ByteReader
    ) throws(MalformedBytes) {
        mask = 0
        for place in 0..<maskBytes { mask |= UInt32(try reader.byte()) << UInt32(8 * place) }
    }

    /// Reads the next number.
    @inlinable
    public mutating func next(_ reader: inout ByteReader) throws(MalformedBytes) -> UInt64 {
        defer { mask >>= 1 }
        return mask & 1 == 0 ? 0 : try reader.varint()
    }
}

internal import EventModel

/// The parts keys are made of. Numbers are big-endian so that keys sort by value; a text ends with
/// 00 00 and a zero byte in it is written 00 FF, so that texts sort as they read and no text is
/// the start of another one's key.
extension [UInt8] {
    /// Appends text as a part of a key.
    mutating func append(keyText text: String) {
        unsafe append(keyText: text.utf8Span.span.bytes)
    }

    /// Appends text as a part of a key.
    mutating func append(keyText text: RawSpan) {
        if text.firstOffset(of: 0) == nil {
            append(text)
        } else {
            for offset in 0..<text.byteCount { append(keyByte: text[offset]) }
        }
        append(0)
        append(0)
    }

    private mutating func append(keyByte byte: UInt8) {
        append(byte)
        if byte == 0 { append(0xFF) }
    }

    /// Appends a signed number so that keys sort by it.
    mutating func append<Integer: FixedWidthInteger & SignedInteger>(keySigned value: Integer) {
        append(bigEndian: Integer.Magnitude(truncatingIfNeeded: value) ^ Integer.signBit)
    }

    /// Returns the least key that is greater than every key with this start; the last byte of a
    /// start is never FF here.
    var keyAfterPrefix: [UInt8] {
        var end = self
        precondition(end.last.map { $0 < 0xFF } ?? false, "a key prefix that can be followed")
        end[end.count - 1] += 1
        return end
    }
}

extension FixedWidthInteger where Self: SignedInteger {
    fileprivate static var signBit: Magnitude { Magnitude(truncatingIfNeeded: Self.min) }
}

extension RawSpan {
    /// Reads a text part of a key at an offset, and where the part ends.
    func keyText(at start: Int) throws(ViewFault) -> (text: String, end: Int) {
        let end = try keyTextEnd(at: start)
        let bytes = extracting(start..<end - 2)
        guard bytes.firstOffset(of: 0) != nil else { return (bytes.text(), end) }
        var plain: [UInt8] = []
        var offset = 0
        while offset < bytes.byteCount {
            plain.append(bytes[offset])
            offset += bytes[offset] == 0 ? 2 : 1
        }
        return (String(decoding: plain, as: UTF8.self), end)
    }

    /// Finds where a text part of a key ends, without reading it.
    func keyTextEnd(at start: Int) throws(ViewFault) -> Int {
        var offset = start
        while offset < byteCount, let zero = extracting(offset..<byteCount).firstOffset(of: 0) {
            let second = offset + zero + 1
            guard second < byteCount else { break }
            if self[second] == 0 { return second + 1 }
            offset = second + 1
        }
        throw .damaged(MalformedBytes("text in a key", at: start))
    }

    /// Reads a number part of a key at an offset.
    func keyNumber(at offset: Int) throws(ViewFault) -> UInt64 {
        guard byteCount >= offset + 8 else {
            throw .damaged(MalformedBytes("number in a key", at: offset))
        }
        return load(bigEndian: UInt64.self, at: offset)
    }
}

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
        var bytes: [UInt8] = []
        var offset = start
        while offset + 1 < byteCount {
            let byte = self[offset]
            if byte != 0 {
                bytes.append(byte)
                offset += 1
                continue
            }
            if self[offset + 1] == 0 {
                return (String(decoding: bytes, as: UTF8.self), offset + 2)
            }
            bytes.append(0)
            offset += 2
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

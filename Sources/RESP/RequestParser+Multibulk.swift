extension RequestParser {
    /// Reads `*N`, the number of arguments.
    mutating func beginMultibulk(_ bytes: RawSpan) -> Outcome {
        switch LengthHeader.read(bytes, from: 1) {
        case .incomplete:
            return .incomplete(neededBytes: 1)
        case .malformed:
            return fail(.invalidLength(.multibulk, got: nil, max: limits.argumentsMax))
        case .noLineFeed(let byte):
            return fail(.unexpectedByte(expected: "'\\n'", got: byte))
        case .length(let count, let end):
            guard count > 0 else { return .blank(consumedBytes: end) }
            guard count <= Int64(limits.argumentsMax) else {
                return fail(.invalidLength(.multibulk, got: count, max: limits.argumentsMax))
            }
            cursor = end
            bulkBytes = -1
            return continueMultibulk(bytes, argumentsLeft: Int(count))
        }
    }

    /// Reads `$len`, that many bytes and CR LF until no argument is left.
    mutating func continueMultibulk(_ bytes: RawSpan, argumentsLeft: Int) -> Outcome {
        precondition(bytes.byteCount >= cursor, "the bytes must begin where the request does")
        var left = argumentsLeft
        while left > 0 {
            if bulkBytes < 0 {
                takeShortArguments(bytes, &left)
                guard left > 0 else { break }
                if let outcome = readBulkHeader(bytes) {
                    if case .incomplete = outcome { phase = .multibulk(argumentsLeft: left) }
                    return outcome
                }
            }
            let end = cursor &+ bulkBytes
            guard end &+ 2 <= bytes.byteCount else {
                phase = .multibulk(argumentsLeft: left)
                return .incomplete(neededBytes: end + 2 - bytes.byteCount)
            }
            // The check above covers both bytes.
            let lineEnd = unsafe UInt16(
                littleEndian: bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: end, as: UInt16.self))
            guard lineEnd == 0x0A0D else { return fail(wrongEnd(UInt8(lineEnd & 0xFF), lineEnd)) }
            table.append(ArgumentRange(offset: cursor, byteCount: bulkBytes))
            cursor = end &+ 2
            bulkBytes = -1
            left &-= 1
        }
        phase = .finished(consumedBytes: cursor, isInline: false)
        return .request(consumedBytes: cursor)
    }

    /// Takes arguments of at most 99 bytes that lie there whole, which nearly all are: all that is
    /// to be known of one stands in the eight bytes at its beginning and the two behind it. Stops
    /// before any other, and before what is wrong.
    private mutating func takeShortArguments(_ bytes: RawSpan, _ left: inout Int) {
        guard limits.bulkBytesMax >= 99 else { return }
        let bound = min(bytes.byteCount, limits.requestBytesMax)
        var place = cursor
        while left > 0, place &+ 8 <= bound {
            // The check above covers the eight bytes.
            let word = unsafe UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: place, as: UInt64.self))
            let first = UInt8(truncatingIfNeeded: word >> 8) &- ASCII.zero
            guard UInt8(truncatingIfNeeded: word) == UInt8(ascii: "$"), first < 10 else { break }
            var count = Int(first)
            var start = place &+ 4
            if (word >> 16) & 0xFFFF != 0x0A0D {
                let second = UInt8(truncatingIfNeeded: word >> 16) &- ASCII.zero
                guard first > 0, second < 10, (word >> 24) & 0xFFFF == 0x0A0D else { break }
                count = count &* 10 &+ Int(second)
                start &+= 1
            }
            let end = start &+ count
            guard end &+ 2 <= bound else { break }
            let lineEnd = unsafe UInt16(
                littleEndian: bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: end, as: UInt16.self))
            guard lineEnd == 0x0A0D else { break }
            table.append(ArgumentRange(offset: start, byteCount: count))
            place = end &+ 2
            left &-= 1
        }
        cursor = place
    }

    /// What is wrong with the two bytes behind an argument.
    private func wrongEnd(_ first: UInt8, _ both: UInt16) -> ProtocolError {
        first == ASCII.carriageReturn
            ? .unexpectedByte(expected: "'\\n'", got: UInt8(both >> 8))
            : .unexpectedByte(expected: "'\\r'", got: first)
    }

    /// Reads the header of one argument into `bulkBytes`; returns what stopped it, if anything.
    @inline(__always)
    private mutating func readBulkHeader(_ bytes: RawSpan) -> Outcome? {
        guard cursor < bytes.byteCount else { return .incomplete(neededBytes: 1) }
        let type = bytes.byte(at: cursor)
        guard type == UInt8(ascii: "$") else {
            return fail(.unexpectedByte(expected: "'$'", got: type))
        }
        switch LengthHeader.read(bytes, from: cursor + 1) {
        case .incomplete:
            return .incomplete(neededBytes: 1)
        case .malformed:
            return fail(.invalidLength(.bulk, got: nil, max: limits.bulkBytesMax))
        case .noLineFeed(let byte):
            return fail(.unexpectedByte(expected: "'\\n'", got: byte))
        case .length(let count, let end):
            guard count >= 0, count <= Int64(limits.bulkBytesMax) else {
                return fail(.invalidLength(.bulk, got: count, max: limits.bulkBytesMax))
            }
            guard Int(count) <= limits.requestBytesMax - end - 2 else {
                return fail(.requestTooLarge(max: limits.requestBytesMax))
            }
            cursor = end
            bulkBytes = Int(count)
            return nil
        }
    }
}

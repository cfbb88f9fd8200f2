extension ReplyParser {
    /// What stands at one place: a whole scalar, or the header of an aggregate.
    enum Element {
        case scalar(Reply, end: Int)
        case aggregate(OpenAggregate.Kind, elementCount: Int, end: Int)
        case incomplete(neededBytes: Int)
        case failure(ProtocolError)
    }

    mutating func readElement(_ bytes: RawSpan, at start: Int) -> Element {
        guard start < bytes.byteCount else { return .incomplete(neededBytes: 1) }
        let type = bytes.byte(at: start)
        switch type {
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: ","),
            UInt8(ascii: "("), UInt8(ascii: "#"), UInt8(ascii: "_"):
            return readLine(bytes, at: start, type)
        case UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "="):
            return readBulk(bytes, at: start, type)
        case UInt8(ascii: "*"):
            return readAggregate(bytes, at: start, .array)
        case UInt8(ascii: "~"):
            return readAggregate(bytes, at: start, .set)
        case UInt8(ascii: "%"):
            return readAggregate(bytes, at: start, .map)
        case UInt8(ascii: "|"):
            return readAggregate(bytes, at: start, .attribute)
        case UInt8(ascii: ">") where open.isEmpty:
            return readAggregate(bytes, at: start, .push)
        default:
            return .failure(.unexpectedByte(expected: "a reply's type", got: type))
        }
    }

    private func readAggregate(
        _ bytes: RawSpan,
        at start: Int,
        _ kind: OpenAggregate.Kind
    ) -> Element {
        let isPaired = kind == .map || kind == .attribute
        let counted: ProtocolError.Counted = isPaired ? .map : .array
        let countMax = isPaired ? limits.elementsMax / 2 : limits.elementsMax
        switch LengthHeader.read(bytes, from: start + 1) {
        case .incomplete:
            return .incomplete(neededBytes: 1)
        case .malformed:
            return .failure(.invalidLength(counted, got: nil, max: countMax))
        case .noLineFeed(let byte):
            return .failure(.unexpectedByte(expected: "'\\n'", got: byte))
        case .length(-1, let end) where kind == .array:
            return withinLimit(.scalar(.null, end: end), end)
        case .length(let count, let end):
            guard count >= 0, count <= Int64(countMax) else {
                return .failure(.invalidLength(counted, got: count, max: countMax))
            }
            let elementCount = Int(count) * (isPaired ? 2 : 1)
            return withinLimit(.aggregate(kind, elementCount: elementCount, end: end), end)
        }
    }

    private func readBulk(_ bytes: RawSpan, at start: Int, _ type: UInt8) -> Element {
        switch LengthHeader.read(bytes, from: start + 1) {
        case .incomplete:
            return .incomplete(neededBytes: 1)
        case .malformed:
            return .failure(.invalidLength(.bulk, got: nil, max: limits.replyBytesMax))
        case .noLineFeed(let byte):
            return .failure(.unexpectedByte(expected: "'\\n'", got: byte))
        case .length(-1, let end) where type == UInt8(ascii: "$"):
            return withinLimit(.scalar(.null, end: end), end)
        case .length(let count, let body):
            guard count >= 0, count <= Int64(limits.replyBytesMax) else {
                return .failure(.invalidLength(.bulk, got: count, max: limits.replyBytesMax))
            }
            let end = body + Int(count)
            if case .failure(let error) = withinLimit(.incomplete(neededBytes: 0), end + 2) {
                return .failure(error)
            }
            guard end + 2 <= bytes.byteCount else {
                return .incomplete(neededBytes: end + 2 - bytes.byteCount)
            }
            if let error = lineEndError(bytes, at: end) { return .failure(error) }
            return bulk(bytes.extracting(body..<end), type, end: end + 2)
        }
    }

    private func bulk(_ bytes: RawSpan, _ type: UInt8, end: Int) -> Element {
        switch type {
        case UInt8(ascii: "$"):
            return .scalar(.bulk(bytes.octetsCopied()), end: end)
        case UInt8(ascii: "!"):
            return .scalar(.error(line: bytes), end: end)
        default:
            guard bytes.byteCount >= 4, bytes.byte(at: 3) == UInt8(ascii: ":") else {
                return .failure(.invalidScalar(.verbatim))
            }
            let format = bytes.extracting(0..<3).text()
            let text = bytes.extracting(4..<bytes.byteCount).octetsCopied()
            return .scalar(.verbatim(format: format, text: text), end: end)
        }
    }

    /// Reads what ends with its line, remembering how much of a long one was searched.
    private mutating func readLine(_ bytes: RawSpan, at start: Int, _ type: UInt8) -> Element {
        let body = start + 1
        let searchStart = max(body, start + scannedBytes)
        guard let end = bytes.firstOffset(of: ASCII.carriageReturn, from: searchStart) else {
            guard bytes.byteCount - body <= limits.lineBytesMax else {
                return .failure(.lineTooLong(max: limits.lineBytesMax))
            }
            scannedBytes = bytes.byteCount - start
            return .incomplete(neededBytes: 2)
        }
        guard end - body <= limits.lineBytesMax else {
            return .failure(.lineTooLong(max: limits.lineBytesMax))
        }
        scannedBytes = end - start
        guard end + 1 < bytes.byteCount else { return .incomplete(neededBytes: 1) }
        if let error = lineEndError(bytes, at: end) { return .failure(error) }
        scannedBytes = 0
        switch Reply.scalar(type, bytes.extracting(body..<end)) {
        case .success(let value): return withinLimit(.scalar(value, end: end + 2), end + 2)
        case .failure(let error): return .failure(error)
        }
    }

    private func lineEndError(_ bytes: RawSpan, at end: Int) -> ProtocolError? {
        if bytes.byte(at: end) != ASCII.carriageReturn {
            return .unexpectedByte(expected: "'\\r'", got: bytes.byte(at: end))
        }
        if bytes.byte(at: end + 1) != ASCII.lineFeed {
            return .unexpectedByte(expected: "'\\n'", got: bytes.byte(at: end + 1))
        }
        return nil
    }

    /// Returns the element, or that the reply is too large if it ends beyond the limit.
    private func withinLimit(_ element: Element, _ end: Int) -> Element {
        end <= limits.replyBytesMax - earlierBytes
            ? element : .failure(.replyTooLarge(max: limits.replyBytesMax))
    }
}

extension RequestParser {
    /// Looks for the line feed behind the bytes already searched, then takes the line apart.
    mutating func continueInline(_ bytes: RawSpan, from scannedBytes: Int) -> Outcome {
        precondition(bytes.byteCount >= scannedBytes, "the bytes must begin where the request does")
        let lineBytesMax = min(limits.inlineBytesMax, limits.requestBytesMax)
        guard let lineFeed = bytes.firstOffset(of: ASCII.lineFeed, from: scannedBytes) else {
            guard bytes.byteCount <= lineBytesMax else {
                return fail(.inlineTooLong(max: lineBytesMax))
            }
            phase = .inline(scannedBytes: bytes.byteCount)
            return .incomplete(neededBytes: 1)
        }
        guard lineFeed <= lineBytesMax else { return fail(.inlineTooLong(max: lineBytesMax)) }
        inlineBytes.removeAll(
            keepingCapacity: inlineBytes.capacity <= RequestLimits.inlineBytesKeptMax
        )
        if let error = splitWords(bytes.extracting(0..<lineFeed)) { return fail(error) }
        guard !table.isEmpty else {
            phase = .start
            return .blank(consumedBytes: lineFeed + 1)
        }
        phase = .finished(consumedBytes: lineFeed + 1, isInline: true)
        return .request(consumedBytes: lineFeed + 1)
    }

    /// Puts the words of a line into the table, as `redis-cli` and Redis split them.
    ///
    /// Words are separated by white space. `"…"` knows `\n \r \t \b \a \xNN` and `\` before any
    /// other byte for that byte; `'…'` knows `\'` alone. A quote may begin inside a word and ends
    /// it: white space or the end of the line must follow.
    private mutating func splitWords(_ line: RawSpan) -> ProtocolError? {
        var index = 0
        while true {
            while index < line.byteCount, ASCII.isSpace(line.byte(at: index)) { index += 1 }
            guard index < line.byteCount else { return nil }
            guard table.count < limits.argumentsMax else {
                return .tooManyArguments(max: limits.argumentsMax)
            }
            let start = inlineBytes.count
            if let error = readWord(line, &index) { return error }
            let byteCount = inlineBytes.count - start
            guard byteCount <= limits.bulkBytesMax else {
                return .invalidLength(.bulk, got: Int64(byteCount), max: limits.bulkBytesMax)
            }
            table.append(ArgumentRange(offset: start, byteCount: byteCount))
        }
    }

    /// Appends one word to `inlineBytes` and moves `index` behind it.
    private mutating func readWord(_ line: RawSpan, _ index: inout Int) -> ProtocolError? {
        while index < line.byteCount {
            let byte = line.byte(at: index)
            switch byte {
            case 0:
                return .nulInInline
            case ASCII.doubleQuote, ASCII.singleQuote:
                index += 1
                let isClosed =
                    byte == ASCII.doubleQuote
                    ? readDoubleQuoted(line, &index) : readSingleQuoted(line, &index)
                let isEnd = index == line.byteCount || ASCII.isSpace(line.byte(at: index))
                return isClosed && isEnd ? nil : .unbalancedQuotes
            case _ where ASCII.endsWord(byte):
                return nil
            default:
                inlineBytes.append(byte)
                index += 1
            }
        }
        return nil
    }

    /// Reads up to and over the closing `"`; returns false if there is none.
    private mutating func readDoubleQuoted(_ line: RawSpan, _ index: inout Int) -> Bool {
        while index < line.byteCount {
            let byte = line.byte(at: index)
            index += 1
            if byte == ASCII.doubleQuote { return true }
            guard byte == ASCII.backslash, index < line.byteCount else {
                inlineBytes.append(byte)
                continue
            }
            let escaped = line.byte(at: index)
            index += 1
            if escaped == UInt8(ascii: "x"), index + 2 <= line.byteCount,
                let high = ASCII.hexValue(line.byte(at: index)),
                let low = ASCII.hexValue(line.byte(at: index + 1))
            {
                inlineBytes.append(high << 4 | low)
                index += 2
            } else {
                inlineBytes.append(Self.meaning(ofEscaped: escaped))
            }
        }
        return false
    }

    /// Reads up to and over the closing `'`; returns false if there is none.
    private mutating func readSingleQuoted(_ line: RawSpan, _ index: inout Int) -> Bool {
        while index < line.byteCount {
            let byte = line.byte(at: index)
            index += 1
            if byte == ASCII.singleQuote { return true }
            if byte == ASCII.backslash, index < line.byteCount,
                line.byte(at: index) == ASCII.singleQuote
            {
                inlineBytes.append(ASCII.singleQuote)
                index += 1
            } else {
                inlineBytes.append(byte)
            }
        }
        return false
    }

    private static func meaning(ofEscaped byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "n"): ASCII.lineFeed
        case UInt8(ascii: "r"): ASCII.carriageReturn
        case UInt8(ascii: "t"): ASCII.tab
        case UInt8(ascii: "b"): ASCII.backspace
        case UInt8(ascii: "a"): ASCII.bell
        default: byte
        }
    }
}

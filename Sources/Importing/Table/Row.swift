internal import EventModel

/// One row of a table, split into fields. It keeps its memory from row to row.
struct Row {
    /// The fields' bytes, with quotes undone.
    private(set) var bytes: [UInt8] = []
    /// Where each field lies in `bytes`.
    private(set) var fields: [Range<Int>] = []

    /// The bytes of a field.
    @_lifetime(borrow self)
    func field(_ index: Int) -> RawSpan {
        unsafe bytes.span.bytes.extracting(fields[index])
    }

    /// Splits a line.
    ///
    /// - Throws: `fieldCount` or `badQuotes`; the row's fields then mean nothing.
    mutating func load(_ line: RawSpan, _ format: BoundFormat) throws(RowFault) {
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        if let quote = format.quote {
            try split(line, format.delimiter, quote)
        } else {
            bytes.append(line)
            split(format.delimiter)
        }
        if format.trims { trim() }
        if let count = format.columnCount, fields.count != count { try repair(format, to: count) }
    }

    private mutating func split(_ delimiter: UInt8) {
        var start = 0
        for index in bytes.indices where bytes[index] == delimiter {
            fields.append(start..<index)
            start = index + 1
        }
        fields.append(start..<bytes.count)
    }

    private mutating func split(
        _ line: RawSpan, _ delimiter: UInt8, _ quote: UInt8
    ) throws(RowFault) {
        var offset = 0
        repeat {
            let start = bytes.count
            if offset < line.byteCount, line[offset] == quote {
                offset = try unquote(line, from: offset + 1, quote)
                guard offset == line.byteCount || line[offset] == delimiter else {
                    throw .badQuotes(field: fields.count + 1)
                }
            } else {
                while offset < line.byteCount, line[offset] != delimiter {
                    bytes.append(line[offset])
                    offset += 1
                }
            }
            fields.append(start..<bytes.count)
            offset += 1
        } while offset <= line.byteCount
    }

    /// Copies a quoted field; returns the offset behind its closing quote.
    private mutating func unquote(
        _ line: RawSpan, from start: Int, _ quote: UInt8
    ) throws(RowFault) -> Int {
        var offset = start
        while offset < line.byteCount {
            if line[offset] == quote {
                guard offset + 1 < line.byteCount, line[offset + 1] == quote else {
                    return offset + 1
                }
                offset += 1
            }
            bytes.append(line[offset])
            offset += 1
        }
        throw .badQuotes(field: fields.count + 1)
    }

    private mutating func trim() {
        for index in fields.indices {
            var range = fields[index]
            while let first = range.first, Self.isBlank(bytes[first]) {
                range = first + 1..<range.upperBound
            }
            while let last = range.last, Self.isBlank(bytes[last]) {
                range = range.lowerBound..<last
            }
            fields[index] = range
        }
    }

    private mutating func repair(
        _ format: BoundFormat, to columnCount: Int
    ) throws(RowFault) {
        let fault = RowFault.fieldCount(expected: columnCount, actual: fields.count)
        let count = fields.count
        guard let rule = format.repairs.first(where: { $0.fieldCount == count }) else {
            throw fault
        }
        let parts = words(of: fields[rule.index])
        guard parts.count == rule.parts else { throw fault }
        fields.replaceSubrange(rule.index...rule.index, with: parts)
    }

    /// The runs between blanks.
    private func words(of range: Range<Int>) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        for index in range {
            if Self.isBlank(bytes[index]) {
                if let begun = start { words.append(begun..<index) }
                start = nil
            } else if start == nil {
                start = index
            }
        }
        if let begun = start { words.append(begun..<range.upperBound) }
        return words
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

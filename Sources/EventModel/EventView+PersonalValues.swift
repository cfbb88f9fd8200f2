/// The values of an event's personal part, as places in its record.
extension EventView {
    /// What lies at a place.
    enum PersonalValue {
        case text
        case number
    }

    /// Calls a closure with where each value lies; names and lengths are left out.
    func forEachPersonalValue(_ body: (Range<Int>, PersonalValue) -> Void) {
        guard hasPersonalPart else { return }
        var offset = skeletonEnd + 4
        // Source and id.
        for _ in 0..<2 { passText(&offset, body) }
        for _ in 0..<Int(record[skeletonEnd + 1]) {
            // Role, strength, kind.
            offset += 3 + Int(record[offset + 2])
            passText(&offset, body)
        }
        let attributes = record.load(littleEndian: UInt16.self, at: skeletonEnd + 2)
        for _ in 0..<attributes { passAttribute(&offset, body) }
        let typeBytes = Int(record[offset])
        body(offset + 1..<offset + 1 + typeBytes, .text)
        if typeBytes > 0 { body(offset + 1 + typeBytes + 4..<partEnd, .text) }
        if hasRemnant { body(partEnd..<record.byteCount, .number) }
    }

    private func passText(_ offset: inout Int, _ body: (Range<Int>, PersonalValue) -> Void) {
        let start = offset + 2
        offset = start + Int(record.load(littleEndian: UInt16.self, at: offset))
        body(start..<offset, .text)
    }

    private func passAttribute(
        _ offset: inout Int, _ body: (Range<Int>, PersonalValue) -> Void
    ) {
        offset += 1 + Int(record[offset])
        let kind = AttributeKind(rawValue: record[offset])
        offset += 1
        let bytes: Int
        switch kind {
        case .integer, .time: bytes = 8
        case .money: bytes = 11
        case .boolean: bytes = 1
        case .text, .ref, nil: return passText(&offset, body)
        }
        body(offset..<offset + bytes, .number)
        offset += bytes
    }
}

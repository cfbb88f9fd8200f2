/// What is to be removed of an event's personal part.
public struct PartRemoval: Sendable, Hashable {
    /// Whether id, payload and all personal attributes go: a person is erased.
    public var takesAll: Bool
    /// The identifiers that go, by their number from 0, and what stands in the place of each: see
    /// `EventRemnant`.
    public var surrogates: [Int: String]
    /// The personal attributes that go, by name; `data` is the payload.
    public var fields: Set<String>

    /// Names what is to be removed.
    public init(takesAll: Bool, surrogates: [Int: String] = [:], fields: Set<String> = []) {
        self.takesAll = takesAll
        self.surrogates = surrogates
        self.fields = fields
    }

    /// The field name of the payload.
    public static let payload = "data"
}

extension EventView {
    /// Appends the record as a removal leaves it, but for the trailer of `EventRemnant`, which its
    /// length counts already.
    ///
    /// Identifiers keep their numbers: where a person is erased, what others had of the event
    /// (recipients, payers) is left with an empty value.
    public func writeRest(removing removal: PartRemoval, to record: inout [UInt8]) {
        let start = record.count
        record.append(self.record.extracting(0..<skeletonEnd))
        guard hasPersonalPart else { return }
        record.append(EventRemnant.version)
        record.append(self.record[skeletonEnd + 1])
        let count = record.count
        record.append(littleEndian: UInt16(0))
        let id = removal.takesAll ? 0 : self.id.byteCount
        record.append(littleEndian: UInt16(source.byteCount))
        record.append(source)
        record.append(littleEndian: UInt16(id))
        record.append(self.id.extracting(0..<id))
        writeIdentifiers(removal, to: &record)
        let kept = writeAttributes(removal, to: &record)
        record.store(littleEndian: kept, at: count)
        if removal.takesAll || removal.fields.contains(PartRemoval.payload) {
            record.append(0)
        } else {
            record.append(self.record.extracting(contentStart..<partEnd))
        }
        record.store(
            littleEndian: UInt32(record.count - start + EventRemnant.byteCount), at: start)
    }

    private func writeIdentifiers(_ removal: PartRemoval, to record: inout [UInt8]) {
        var number = 0
        var walk = identifiers()
        while let identifier = walk.next() {
            record.append(identifier.role.rawValue)
            record.append(identifier.strength.rawValue)
            let surrogate =
                removal.surrogates[number]
                ?? (removal.takesAll && identifier.role != .own ? "" : nil)
            if let surrogate, !isSurrogate(identifier) {
                let kind = Array("\(EventRemnant.identifierKind)".utf8)
                record.append(UInt8(kind.count))
                record.append(contentsOf: kind)
                record.append(littleEndian: UInt16(surrogate.utf8.count))
                record.append(contentsOf: surrogate.utf8)
            } else {
                record.append(UInt8(identifier.kind.byteCount))
                record.append(identifier.kind)
                record.append(littleEndian: UInt16(identifier.value.byteCount))
                record.append(identifier.value)
            }
            number += 1
        }
    }

    /// Returns how many attributes are left.
    private func writeAttributes(_ removal: PartRemoval, to record: inout [UInt8]) -> UInt16 {
        guard !removal.takesAll else { return 0 }
        var kept: UInt16 = 0
        forEachPersonalAttribute { name, bytes in
            guard !removal.fields.contains(name.text()) else { return }
            record.append(bytes)
            kept += 1
        }
        return kept
    }

    /// Calls a closure with each personal attribute: its name, and its stored bytes.
    public func forEachPersonalAttribute(_ body: (_ name: RawSpan, _ bytes: RawSpan) -> Void) {
        guard hasPersonalPart else { return }
        var walk = attributes()
        while let attribute = walk.next() {
            guard attribute.start > skeletonEnd else { continue }
            // Name and kind stand before the value, and of texts their length.
            let isText = attribute.kind == .text || attribute.kind == .ref
            let start = attribute.start - (isText ? 2 : 0) - 2 - attribute.name.byteCount
            body(attribute.name, record.extracting(start..<attribute.end))
        }
    }
}

extension EventView {
    /// Appends the record as a removal leaves it, but for the trailer of `EventRemnant`, which its
    /// length counts already.
    ///
    /// Identifiers keep their numbers: where a person is erased, what others had of the event
    /// (recipients, payers) is left with an empty value.
    ///
    /// - Precondition: The event has room for the moves that the removal says: an erasure that would
    ///   say more than `EventLimits.erasedMovesMax` of it is refused. An event makes fewer unions than
    ///   it shows identifiers, which is what that leaves room for.
    public func writeRest(removing removal: PartRemoval, to record: inout [UInt8]) {
        let start = record.count
        record.append(self.record.extracting(0..<skeletonEnd))
        guard hasPersonalPart else { return }
        record.append(EventRemnant.version)
        let moves = moves(in: removal)
        record.append(self.record[skeletonEnd + 1] + UInt8(moves.count))
        let count = record.count
        record.append(littleEndian: UInt16(0))
        let id = removal.takesAll ? 0 : self.id.byteCount
        record.append(littleEndian: UInt16(source.byteCount))
        record.append(source)
        record.append(littleEndian: UInt16(id))
        record.append(self.id.extracting(0..<id))
        writeIdentifiers(removal, to: &record)
        for move in moves { writeMove(move, to: &record) }
        let kept = writeAttributes(removal, to: &record)
        record.store(littleEndian: kept, at: count)
        if removal.takesAll || removal.fields.contains(PartRemoval.payload) {
            record.append(0)
        } else {
            record.append(self.record.extracting(contentStart..<partEnd))
            fill(removal.cuts[PartRemoval.payload], data.byteCount, &record)
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
                Self.write(surrogate, to: &record)
            } else {
                record.append(UInt8(identifier.kind.byteCount))
                record.append(identifier.kind)
                record.append(littleEndian: UInt16(identifier.value.byteCount))
                record.append(identifier.value)
            }
            number += 1
        }
    }

    /// What a removal says of the event's moves and unions of customers and the event does not yet:
    /// taken once more, it leaves the same.
    public func moves(in removal: PartRemoval) -> [String] {
        let said = removal.moves + removal.unions
        guard !said.isEmpty else { return [] }
        var known: Set<String> = []
        var walk = identifiers()
        while let identifier = walk.next() {
            if isSurrogate(identifier) { known.insert(identifier.value.text()) }
        }
        let room = EventLimits.identifiersStoredMax - identifierCount
        return Array(said.filter { !known.contains($0) }.prefix(room))
    }

    /// How many moves of erased customers the event tells of.
    public var moveCount: Int {
        guard hasRemnant else { return 0 }
        var count = 0
        var walk = identifiers()
        while let identifier = walk.next() {
            if isSurrogate(identifier), identifier.surrogates?.isMove == true { count += 1 }
        }
        return count
    }

    /// Behind the identifiers stands what is none: as that of a thing, which says nothing of anybody.
    private func writeMove(_ surrogate: String, to record: inout [UInt8]) {
        record.append(IdentifierRole.device.rawValue)
        record.append(IdentifierStrength.stated.rawValue)
        Self.write(surrogate, to: &record)
    }

    private static func write(_ surrogate: String, to record: inout [UInt8]) {
        let kind = Array("\(EventRemnant.identifierKind)".utf8)
        record.append(UInt8(kind.count))
        record.append(contentsOf: kind)
        record.append(littleEndian: UInt16(surrogate.utf8.count))
        record.append(contentsOf: surrogate.utf8)
    }

    /// Returns how many attributes are left.
    private func writeAttributes(_ removal: PartRemoval, to record: inout [UInt8]) -> UInt16 {
        guard !removal.takesAll else { return 0 }
        var kept: UInt16 = 0
        forEachPersonalAttribute { attribute, bytes in
            let name = attribute.name.text()
            guard !removal.fields.contains(name) else { return }
            record.append(bytes)
            if attribute.isText { fill(removal.cuts[name], attribute.bytes.byteCount, &record) }
            kept += 1
        }
        return kept
    }

    /// Makes cuts in the text that ends the record.
    private func fill(_ cuts: [TextCut]?, _ bytes: Int, _ record: inout [UInt8]) {
        let start = record.count - bytes
        for cut in cuts ?? [] { cut.fill(&record, from: start, bytes: bytes) }
    }

    /// Calls a closure with each personal attribute, and its stored bytes.
    public func forEachPersonalAttribute(
        _ body: (_ attribute: borrowing AttributeView, _ bytes: RawSpan) -> Void
    ) {
        guard hasPersonalPart else { return }
        var walk = attributes()
        while let attribute = walk.next() {
            guard !isOpen(attribute) else { continue }
            // Name and kind stand before the value, and of texts their length.
            let start =
                attribute.start - (attribute.isText ? 2 : 0) - 2 - attribute.name.byteCount
            body(attribute, record.extracting(start..<attribute.end))
        }
    }

    /// Shows the event as a removal leaves it; of its remnant only reason and cause are right.
    public func show<Failure: Error, Answer>(
        without removal: PartRemoval, cause: Position,
        _ body: (borrowing EventView) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        guard hasPersonalPart else { return try body(self) }
        var record: [UInt8] = []
        writeRest(removing: removal, to: &record)
        let reason = removal.takesAll || isErased ? EventRemnant.Reason.erasure : .redaction
        record.append(reason.rawValue)
        record.append(littleEndian: cause.rawValue)
        record.append(contentsOf: repeatElement(0, count: EventRemnant.byteCount - 9))
        let bytes = record
        let shown: EventView
        do throws(MalformedBytes) {
            shown = try unsafe EventView(checking: bytes.span.bytes)
        } catch {
            preconditionFailure("a removal left a malformed \(error.what)")
        }
        return try body(shown)
    }
}

extension EventView {
    /// Whether an attribute of this event is of class open, and so part of its skeleton.
    public func isOpen(_ attribute: borrowing AttributeView) -> Bool {
        attribute.start < skeletonEnd
    }
}

extension AttributeView {
    /// Whether its value is a text, and so can be cut.
    public var isText: Bool { kind == .text || kind == .ref }
}

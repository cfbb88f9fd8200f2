extension EventView {
    /// Tells whether two records say the same but for position and recorded time: the order of
    /// attributes and identifiers does not matter, nor which part holds an attribute.
    public func saysTheSame(as other: borrowing EventView) -> Bool {
        saysTheSameInTheSameBytes(as: other) || saysTheSameInOtherBytes(as: other)
    }

    private func saysTheSameInTheSameBytes(as other: borrowing EventView) -> Bool {
        let stamped = EventCodec.Offset.position..<EventCodec.Offset.occurred
        guard record.byteCount == other.record.byteCount,
            record.extracting(0..<stamped.lowerBound)
                .equals(other.record.extracting(0..<stamped.lowerBound)),
            !saysWhen || saidOccurred == other.saidOccurred
        else { return false }
        let rest = EventCodec.Offset.type..<record.byteCount
        return record.extracting(rest).equals(other.record.extracting(rest))
    }

    private func saysTheSameInOtherBytes(as other: borrowing EventView) -> Bool {
        let mine = copied().draft
        let others = other.copied().draft
        return mine.type == others.type && mine.source == others.source && mine.id == others.id
            && mine.occurred == others.occurred && mine.contentType == others.contentType
            && mine.data == others.data
            && mine.attributes.count == others.attributes.count
            && Set(mine.attributes) == Set(others.attributes)
            && mine.identifiers.count == others.identifiers.count
            && Set(mine.identifiers) == Set(others.identifiers)
    }
}

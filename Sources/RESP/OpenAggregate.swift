/// An aggregate of a reply, some of whose values are still to come.
struct OpenAggregate: Sendable {
    enum Kind: Sendable {
        case array
        case set
        case push
        case map
        case attribute
    }

    let kind: Kind
    /// How many values are to come; of a map, keys and values both count.
    var left: Int
    var values: [Reply] = []

    init(kind: Kind, elementCount: Int) {
        self.kind = kind
        self.left = elementCount
        values.reserveCapacity(min(elementCount, ReplyLimits.elementsReservedMax))
    }

    /// Returns the value that the values make together; nil for an attribute.
    func finished() -> Reply? {
        switch kind {
        case .array: return .array(values)
        case .set: return .set(values)
        case .push: return .push(values)
        case .attribute: return nil
        case .map:
            return .map(
                stride(from: 0, to: values.count, by: 2).map { index in
                    Reply.Entry(key: values[index], value: values[index + 1])
                }
            )
        }
    }
}

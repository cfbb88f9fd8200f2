/// Events of an erasure in portions, each of which one event of the log can name. They grow as events
/// are found, so that nobody has to go over all of them to say what they are.
public struct ErasedPortions: Sendable, Equatable {
    /// The portions; each holds events behind those of the one before.
    public private(set) var all: [ErasedPositions] = []
    /// How many events they name.
    public private(set) var count = 0
    /// Bytes of the last one's text, at most.
    private var bytes = 0
    private let bytesMax: Int

    /// Names no event.
    ///
    /// - Parameter bytesMax: Bytes of a portion's text.
    public init(ofBytes bytesMax: Int = EventLimits.textBytesMax) { self.bytesMax = bytesMax }

    /// Whether no event is named.
    public var isEmpty: Bool { all.isEmpty }

    /// Adds an event; they come in rising order.
    public mutating func add(_ position: Position, _ pattern: ErasedPositions.Pattern) {
        var more = all.last?.bytes(adding: position, pattern) ?? 0
        if all.isEmpty || bytes + more > bytesMax {
            all.append(ErasedPositions())
            bytes = 0
            more = all[all.count - 1].bytes(adding: position, pattern)
        }
        all[all.count - 1].add(position, pattern)
        bytes += more
        count += 1
    }
}

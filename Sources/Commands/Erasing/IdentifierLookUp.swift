internal import EventLog
internal import EventModel

/// Which identifiers of a person the log's indexes are still to be asked for. They belong to the loop,
/// and an identifier may stand in any number of events: so it is asked for a portion at a time.
struct IdentifierLookUp: Sendable {
    private var names: [[UInt8]] = []
    /// Up to where the last of them has been looked up.
    private var through = Position.zero

    init() {}

    init(_ names: Set<[UInt8]>) { self.names = Array(names) }

    /// Has more of them asked for.
    mutating func add(_ more: Set<[UInt8]>) { names.insert(contentsOf: more, at: 0) }

    /// Whether all have been asked for.
    var isOver: Bool { names.isEmpty }

    /// Looks up the next portion.
    ///
    /// - Returns: The positions of events that may name one of the identifiers, in no order, at most
    ///   `CommandLimits.erasurePortionMax`.
    mutating func next(_ writer: LogWriter) throws(EventLogError) -> [Position] {
        var found: [Position] = []
        while let name = names.last, found.count < CommandLimits.erasurePortionMax {
            let count = found.count
            let limit = CommandLimits.erasurePortionMax - count
            try writer.positions(
                of: StreamName(.identifier, name), from: through.next, limit: limit, into: &found)
            if found.count - count < limit {
                names.removeLast()
                through = .zero
            } else {
                through = found[found.count - 1]
            }
        }
        return found
    }
}

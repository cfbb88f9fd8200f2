internal import EventModel

/// The kinds of definitions that the live state reads.
///
///     key  'd', text kind, text key
///     row  see `DefinitionVersions`
///
/// Calendars stand in the metrics view too: each view is told by itself what was in force at any
/// moment of its own past.
enum QueuesDefinitionKind: String, CaseIterable {
    /// How long something may be silent: `SilenceRules`.
    case silence
    /// When somebody is there to answer: `BusinessCalendar`.
    case calendar
    /// What a queue is to keep to: `QueueRules`.
    case queue

    static let prefix = UInt8(ascii: "d")
    /// The key of what holds for all queues that have none of their own.
    static let byDefault = BusinessCalendar.byDefault

    /// Writes the key of the definition that an event sets; tells whether there is one.
    static func writeKey(_ event: borrowing EventView, to key: inout [UInt8]) -> Bool {
        guard let word = event.bytes("kind"), let name = event.bytes("key"),
            let kind = allCases.first(where: { word.equals($0.rawValue) })
        else { return false }
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: kind.rawValue)
        key.append(keyText: name)
        return true
    }

    /// Where the keys of the kind begin.
    var start: [UInt8] {
        var start = [Self.prefix]
        start.append(keyText: rawValue)
        return start
    }

    /// Returns the versions of a queue's definition; without any, those that hold by default.
    func versions<Reader: ViewReader & ~Copyable>(
        of queue: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> DefinitionVersions? {
        for name in [queue, Self.byDefault] {
            var key = start
            key.append(keyText: name)
            if let versions = try DefinitionVersions.decoded(try reader.row(key)) {
                return versions
            }
        }
        return nil
    }
}

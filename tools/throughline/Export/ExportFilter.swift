import EventLog
import EventModel

/// Which events an export takes.
struct ExportFilter {
    private let types: [(text: [UInt8], isPrefix: Bool)]
    private let kind: [UInt8]
    private let value: [UInt8]
    private let hasIdentifier: Bool
    private var interactions: Set<[UInt8]> = []

    init(types: [String], identifier: String?) {
        self.types = types.map { pattern in
            let isPrefix = pattern.hasSuffix("*")
            return (Array((isPrefix ? String(pattern.dropLast()) : pattern).utf8), isPrefix)
        }
        let parts = (identifier ?? ":").split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        kind = Array(parts[0].utf8)
        value = Array(parts[1].utf8)
        hasIdentifier = identifier != nil
    }

    /// Finds the interactions of the events that carry the identifier.
    mutating func findInteractions(_ log: LogSource, from start: Position) throws {
        guard hasIdentifier else { return }
        var reader = try log.makeReader()
        var found: Set<[UInt8]> = []
        try reader.events(from: start) { event in
            if carriesIdentifier(event), let name = event.text("interaction") {
                found.insert(Array(name.utf8))
            }
            return true
        }
        interactions = found
    }

    /// Whether an event is wanted.
    func wants(_ event: borrowing EventView) -> Bool {
        let name = event.type.text()
        // Only a daemon says these.
        guard !Reserved.types.contains(name) else { return false }
        let type = Array(name.utf8)
        let isOfType = types.contains { pattern in
            pattern.isPrefix ? type.starts(with: pattern.text) : type == pattern.text
        }
        guard types.isEmpty || isOfType else { return false }
        guard hasIdentifier, !carriesIdentifier(event) else { return true }
        guard let name = event.text("interaction") else { return false }
        return interactions.contains(Array(name.utf8))
    }

    private func carriesIdentifier(_ event: borrowing EventView) -> Bool {
        var walk = event.identifiers()
        while let identifier = walk.next() {
            if Array(identifier.kind.text().utf8) == kind,
                Array(identifier.value.text().utf8) == value
            {
                return true
            }
        }
        return false
    }
}

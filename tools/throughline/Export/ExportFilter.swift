import EventLog
import EventModel

/// Which events an export takes.
struct ExportFilter {
    /// Whose events.
    enum Subject {
        case everybody
        /// Those that carry an identifier, `kind:value`.
        case identifier(kind: [UInt8], value: [UInt8])
        /// Those at some positions.
        case positions(Set<Position>)
    }

    private let types: [(text: [UInt8], isPrefix: Bool)]
    private let subject: Subject
    private var interactions: Set<[UInt8]> = []

    init(types: [String], subject: Subject) {
        self.types = types.map { pattern in
            let isPrefix = pattern.hasSuffix("*")
            return (Array((isPrefix ? String(pattern.dropLast()) : pattern).utf8), isPrefix)
        }
        self.subject = subject
    }

    /// Finds the interactions of the subject's events, all of whose events are then wanted.
    mutating func findInteractions(_ log: LogSource, from start: Position) throws {
        if case .everybody = subject { return }
        var reader = try log.makeReader()
        var found: Set<[UInt8]> = []
        try reader.events(from: start) { (event) throws(Never) in
            if concernsSubject(event), let name = event.text("interaction") {
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
        guard !concernsSubject(event) else { return true }
        guard let name = event.text("interaction") else { return false }
        return interactions.contains(Array(name.utf8))
    }

    private func concernsSubject(_ event: borrowing EventView) -> Bool {
        switch subject {
        case .everybody: return true
        case .positions(let positions): return positions.contains(event.position)
        case .identifier(let kind, let value):
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
}

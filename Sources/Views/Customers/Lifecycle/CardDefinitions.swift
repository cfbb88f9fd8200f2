internal import EventModel
internal import Synchronization

/// What definitions say of cards: read with each document, parsed once for each state of them.
final class CardDefinitions: Sendable {
    /// What it was parsed from.
    let rows: [UInt8]
    let thresholds: LifecycleThresholds
    let signals: SignalSettings
    let levels: PopLevels
    let needs: NeedRules
    let population: PopulationSettings
    /// The version of the definition by which households are suggested; nil where none is.
    let households: String?

    private init(_ definitions: Definitions, from rows: [UInt8]) {
        self.rows = rows
        thresholds = LifecycleThresholds(
            stages: definitions.first("stages"), published: definitions.first("thresholds"))
        signals = SignalSettings(
            signals: definitions["signal"], seasons: definitions["season"], thresholds)
        levels = PopLevels(definitions["card"])
        needs = NeedRules(definitions.first("need"))
        households = definitions.first("household")?.name
        population = PopulationSettings(
            stages: definitions.first("stages"), published: definitions.first("thresholds"))
    }

    /// Returns what is defined as of the reader's position.
    ///
    /// Complexity: one look-up, and as many rows as there are definitions, once for each state of a view.
    static func read<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> CardDefinitions {
        let state = reader.sharedState
        if let state, let known = parsed.withLock({ $0.flatMap { $0.state == state ? $0 : nil } }) {
            return known.definitions
        }
        let definitions = try find(reader)
        parsed.withLock { $0 = (state, definitions) }
        return definitions
    }

    private static func find<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> CardDefinitions {
        var rows: [UInt8] = []
        let start = [DefinitionRecord.prefix]
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            rows.append(varint: UInt64(key.byteCount))
            rows.append(key)
            rows.append(varint: UInt64(row.byteCount))
            rows.append(row)
            return true
        }
        let known = parsed.withLock { $0?.definitions }
        if let known, known.rows == rows { return known }
        return CardDefinitions(try Definitions(reader), from: rows)
    }

    /// What was read last, and of which state. A function of the rows alone, so that it does not matter
    /// whose they are.
    private static let parsed = Mutex<(state: ViewState?, definitions: CardDefinitions)?>(nil)
}

/// All definitions, by kind and key.
struct Definitions {
    typealias Named = (key: String, record: DefinitionRecord)

    private var kinds: [(kind: String, named: [Named])] = []

    init<Reader: ViewReader & ~Copyable>(_ reader: borrowing Reader) throws(ViewFault) {
        var kinds: [(kind: String, named: [Named])] = []
        let start = [DefinitionRecord.prefix]
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            let (kind, end) = try key.keyText(at: start.count)
            let named = Named(try key.keyText(at: end).text, try DefinitionRecord.decoded(row))
            if kinds.last?.kind == kind {
                kinds[kinds.count - 1].named.append(named)
            } else {
                kinds.append((kind, [named]))
            }
            return true
        }
        self.kinds = kinds
    }

    /// Those of a kind, by key.
    subscript(_ kind: String) -> [Named] { kinds.first { $0.kind == kind }?.named ?? [] }

    /// The one of a kind that has only one, under the key `default`.
    func first(_ kind: String) -> DefinitionRecord? {
        self[kind].first { $0.key == "default" }?.record
    }
}

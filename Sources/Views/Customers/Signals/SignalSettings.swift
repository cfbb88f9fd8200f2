internal import EventModel

/// When signals begin and end, as defined.
///
/// `definition.set` of kind `signal`, key the signal's word, has a JSON body with `after_ms` (how
/// long after its moment it begins) and `within_ms` (how old it can get). Kind `season`, key the
/// season's name: `from` and `to`, RFC 3339.
struct SignalSettings {
    struct Season {
        let from: Timestamp
        let to: Timestamp
        let position: Position

        func contains(_ moment: Timestamp) -> Bool { moment >= from && moment < to }
    }

    private var defined: [(word: String, after: Int64?, within: Int64?)] = []
    private(set) var seasons: [Season] = []
    let thresholds: LifecycleThresholds

    init<Reader: ViewReader & ~Copyable>(_ reader: borrowing Reader) throws(ViewFault) {
        thresholds = try LifecycleThresholds(reader)
        var defined: [(word: String, after: Int64?, within: Int64?)] = []
        try Self.forEach("signal", reader) { word, definition in
            defined.append((word, definition.number("after_ms"), definition.number("within_ms")))
        }
        self.defined = defined
        var seasons: [Season] = []
        try Self.forEach("season", reader) { _, definition in
            guard let from = definition.text("from").flatMap(Self.moment),
                let to = definition.text("to").flatMap(Self.moment)
            else { return }
            seasons.append(Season(from: from, to: to, position: definition.position))
        }
        self.seasons = seasons
    }

    private static func moment(_ text: String) -> Timestamp? {
        unsafe Timestamp(rfc3339: text.utf8Span.span.bytes)
    }

    private static func forEach<Reader: ViewReader & ~Copyable>(
        _ kind: StaticString, _ reader: borrowing Reader,
        _ body: (String, DefinitionRecord) -> Void
    ) throws(ViewFault) {
        var start = [DefinitionRecord.prefix]
        start.append(keyText: "\(kind)")
        var end = start
        end[end.count - 1] = 1
        try reader.rows(from: start, below: end) { key, row throws(ViewFault) in
            body(try key.keyText(at: start.count).text, try DefinitionRecord.decoded(row))
            return true
        }
    }

    /// How long after its moment a signal begins.
    func grace(_ kind: SignalKind) -> Int64 {
        defined.first { $0.word == "\(kind.word)" }?.after ?? kind.graceMilliseconds
    }

    /// How old a signal can get.
    func lifetime(_ kind: SignalKind) -> Int64 {
        defined.first { $0.word == "\(kind.word)" }?.within ?? kind.lifetimeMilliseconds
    }
}

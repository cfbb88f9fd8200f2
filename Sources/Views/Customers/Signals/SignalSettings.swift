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
        try DefinitionRecord.forEach("signal", reader) { word, definition in
            defined.append((word, definition.number("after_ms"), definition.number("within_ms")))
        }
        self.defined = defined
        var seasons: [Season] = []
        try DefinitionRecord.forEach("season", reader) { _, definition in
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

    /// How long after its moment a signal begins.
    func grace(_ kind: SignalKind) -> Int64 {
        defined.first { $0.word == "\(kind.word)" }?.after ?? kind.graceMilliseconds
    }

    /// How old a signal can get.
    func lifetime(_ kind: SignalKind) -> Int64 {
        defined.first { $0.word == "\(kind.word)" }?.within ?? kind.lifetimeMilliseconds
    }
}

internal import EventModel

/// When signals begin and end, as defined.
///
/// `definition.set` of kind `signal`, key the signal's word, has a JSON body with `after_ms` (how
/// long after its moment it begins) and `within_ms` (how old it can get). Kind `season`, key the
/// season's name: `from` and `to`, RFC 3339.
struct SignalSettings {
    struct Season {
        let name: String
        let from: Timestamp
        let to: Timestamp
        let position: Position

        func contains(_ moment: Timestamp) -> Bool { moment >= from && moment < to }
    }

    /// How long after its moment each begins, and how old it can get, by the signal's raw value.
    private var graces = SignalKind.allCases.map(\.graceMilliseconds)
    private var lifetimes = SignalKind.allCases.map(\.lifetimeMilliseconds)
    private(set) var seasons: [Season] = []
    let thresholds: LifecycleThresholds

    init(
        signals: [Definitions.Named], seasons: [Definitions.Named],
        _ thresholds: LifecycleThresholds
    ) {
        self.thresholds = thresholds
        for (word, definition) in signals {
            guard let kind = SignalKind.allCases.first(where: { "\($0.word)" == word }) else {
                continue
            }
            let place = Int(kind.rawValue)
            if let after = definition.number("after_ms") { graces[place] = after }
            if let within = definition.number("within_ms") { lifetimes[place] = within }
        }
        for (name, definition) in seasons {
            guard let from = definition.text("from").flatMap(Self.moment),
                let to = definition.text("to").flatMap(Self.moment)
            else { continue }
            self.seasons.append(
                Season(name: name, from: from, to: to, position: definition.position))
        }
    }

    private static func moment(_ text: String) -> Timestamp? {
        unsafe Timestamp(rfc3339: text.utf8Span.span.bytes)
    }

    /// How long after its moment a signal begins.
    func grace(_ kind: SignalKind) -> Int64 { graces[Int(kind.rawValue)] }

    /// How old a signal can get.
    func lifetime(_ kind: SignalKind) -> Int64 { lifetimes[Int(kind.rawValue)] }
}

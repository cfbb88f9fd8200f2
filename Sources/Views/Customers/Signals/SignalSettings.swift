internal import ContactCentre
internal import EventModel

/// When signals begin and end, as defined.
///
/// `definition.set` of kind `signal`, key the signal's word, has a JSON body with `after_ms` (how
/// long after its moment it begins) and `within_ms` (how old it can get); under the word, a point and
/// a channel, as `messageUnanswered.email`, `after_ms` of that channel alone. Kind `season`, key the
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
    /// What is said of single channels.
    private var channelGraces: [(kind: SignalKind, channel: Channel, milliseconds: Int64)] = []
    private(set) var seasons: [Season] = []
    let thresholds: LifecycleThresholds

    init(
        signals: [Definitions.Named], seasons: [Definitions.Named],
        _ thresholds: LifecycleThresholds
    ) {
        self.thresholds = thresholds
        for (word, definition) in signals {
            let parts = word.split(separator: ".", maxSplits: 1)
            guard let kind = SignalKind.allCases.first(where: { "\($0.word)" == parts[0] }) else {
                continue
            }
            guard parts.count == 1 else {
                let channel = Channel.allCases.first { "\($0.word)" == parts[1] }
                if let channel, let after = definition.number("after_ms") {
                    channelGraces.append((kind, channel, after))
                }
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

    /// How long after its moment a signal begins, of a contact on a channel.
    func grace(_ kind: SignalKind, _ channel: Channel? = nil) -> Int64 {
        let own = channelGraces.first { $0.kind == kind && $0.channel == channel }
        return own?.milliseconds ?? graces[Int(kind.rawValue)]
    }

    /// The least and the most that a signal of a kind can begin after the moment in its row.
    func graces(_ kind: SignalKind) -> ClosedRange<Int64> {
        var all = channelGraces.filter { $0.kind == kind }.map(\.milliseconds)
        all.append(graces[Int(kind.rawValue)])
        // How long somebody may be away depends on their own orders.
        let patience = kind == .highValueAtRisk ? thresholds.activeMilliseconds : 0
        return (all.min() ?? 0)...((all.max() ?? 0) + patience)
    }

    /// How old a signal can get.
    func lifetime(_ kind: SignalKind) -> Int64 { lifetimes[Int(kind.rawValue)] }
}

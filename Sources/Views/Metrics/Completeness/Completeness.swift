internal import ContactCentre
internal import EventModel

/// How far figures can be trusted: which feeds there are, until when all of them have told
/// everything, and where they were silent.
struct Completeness {
    struct Source {
        var name: String
        var coveredUntil: Timestamp?
        var isSilent: Bool
        var isOver: Bool
    }

    let sources: [Source]
    /// The least that any source covers of which more is expected, or of all where of none is; nil
    /// where no source says how far it reaches.
    let completeUntil: Timestamp?
    private let gaps: [SourceRow.Gap]
    /// Until when contacts are old enough that nothing within a repeat's window is to come: the quarter
    /// of an hour in which they are not yet is left out whole.
    let settledUntil: Timestamp
    /// Until when everything was told.
    private let known: Timestamp
    /// What the log has come to.
    let now: Timestamp
    private let windowDays: Int64

    init<Reader: ViewReader & ~Copyable>(
        windowDays: Int64, from reader: borrowing Reader
    ) throws(ViewFault) {
        var sources: [Source] = []
        var gaps: [SourceRow.Gap] = []
        try reader.rows(from: [SourceRow.prefix], below: [SourceRow.prefix + 1]) {
            key, row throws(ViewFault) in
            let source = try SourceRow.decoded(row)
            sources.append(
                Source(
                    name: try key.keyText(at: 1).text, coveredUntil: source.coveredUntil,
                    isSilent: source.isSilent, isOver: source.isOver))
            gaps += source.gaps
            if source.isSilent, let from = source.coveredUntil {
                gaps.append(SourceRow.Gap(from: from, to: .latest))
            }
            return true
        }
        self.sources = sources
        self.gaps = gaps
        let going = sources.filter { !$0.isOver }
        completeUntil = (going.isEmpty ? sources : going).compactMap(\.coveredUntil).min()
        let watermark = try WatermarkRow.decoded(try reader.row(WatermarkRow.key))
        now = watermark?.recorded ?? .earliest
        known = completeUntil ?? now
        self.windowDays = windowDays
        let settled = known.advanced(byMilliseconds: -windowDays * MetricInterval.dayMilliseconds)
        settledUntil = MetricInterval.start(ofQuarter: MetricInterval.quarter(of: settled))
    }

    /// Whether what comes after the end of a line can yet change a metric of it, by its own window.
    func isProvisional(_ definition: MetricDefinition, until end: Timestamp) -> Bool {
        guard definition.window != .none else { return false }
        guard let window = definition.window.milliseconds(asked: windowDays) else { return true }
        return end.advanced(byMilliseconds: window) > known
    }

    /// Whether events of a line may be still to come.
    func isIncomplete(_ line: MetricsLines.Line) -> Bool {
        completeUntil.map { line.to > $0 } ?? false
    }

    /// Whether a source was silent within a line.
    func hasGap(_ line: MetricsLines.Line) -> Bool {
        gaps.contains { $0.from < line.to && $0.to > line.from }
    }

    /// Writes `complete_until` and `sources`, where there is a source that says how far it reaches.
    func write(to json: inout JSONWriter) {
        guard !sources.isEmpty else { return }
        json.field("complete_until", completeUntil)
        json.key("sources")
        json.beginArray()
        for source in sources {
            json.beginObject()
            json.field("source", source.name)
            json.field("covered_until", source.coveredUntil)
            json.field("state", word: source.isSilent ? "silent" : "live")
            json.endObject()
        }
        json.endArray()
    }

    /// Writes what is to be known of a line.
    func write(_ line: MetricsLines.Line, to json: inout JSONWriter) {
        if isIncomplete(line) { json.field("incomplete", true) }
        if hasGap(line) { json.field("gap", true) }
    }
}

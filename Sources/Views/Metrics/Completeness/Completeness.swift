internal import ContactCentre
internal import EventModel

/// How far figures can be trusted: which feeds tell of them, until when all of these have told
/// everything, and where they were silent.
struct Completeness {
    struct Source {
        var name: String
        var coveredUntil: Timestamp?
        var isSilent: Bool
        var isOver: Bool
        fileprivate var gaps: [SourceRow.Gap]
    }

    /// How far some feeds reach together.
    private struct Reach {
        /// The least that any of them covers of which more is expected, or of all where of none is; nil
        /// where none says how far it reaches.
        let completeUntil: Timestamp?
        let gaps: [SourceRow.Gap]

        init(_ sources: [Source]) {
            let going = sources.filter { !$0.isOver }
            completeUntil = (going.isEmpty ? sources : going).compactMap(\.coveredUntil).min()
            gaps = sources.flatMap(\.gaps)
        }

        func isIncomplete(_ line: MetricsLines.Line) -> Bool {
            completeUntil.map { line.to > $0 } ?? false
        }

        func hasGap(_ line: MetricsLines.Line) -> Bool {
            gaps.contains { $0.from < line.to && $0.to > line.from }
        }
    }

    /// Those that tell of what is asked.
    let sources: [Source]
    private let all: Reach
    /// Where rows are told apart by queue.
    private let byQueue: [String: Reach]
    /// Until when contacts are old enough that nothing within a repeat's window is to come: the quarter
    /// of an hour in which they are not yet is left out whole.
    let settledUntil: Timestamp
    /// Until when everything was told.
    private let known: Timestamp
    /// What the log has come to.
    let now: Timestamp
    private let windowDays: Int64

    /// The least that any source of what is asked covers, as `Reach` has it.
    var completeUntil: Timestamp? { all.completeUntil }

    /// Reads what there is of the feeds that tell of the queues that are asked for, or of any.
    ///
    /// - Parameters:
    ///   - queues: nil for all.
    ///   - isByQueue: Whether rows are told apart by queue.
    init<Reader: ViewReader & ~Copyable>(
        windowDays: Int64, queues: [String]? = nil, isByQueue: Bool = false,
        from reader: borrowing Reader
    ) throws(ViewFault) {
        let every = try Self.sources(reader)
        var byQueue: [String: Reach] = [:]
        var telling: Set<String> = []
        // Who has no feed at all needs none to be looked for.
        if !every.isEmpty {
            var notes = isByQueue && queues == nil ? try FeedNotes.all(in: reader) : [:]
            var isUnheard = false
            for queue in queues ?? [""] {
                let own = try FeedNotes.feeds(of: queue, in: reader)
                isUnheard = isUnheard || own.isEmpty
                telling.formUnion(own)
                if isByQueue, queues != nil { notes[queue] = own }
            }
            if isUnheard { telling = [] }
            for (queue, own) in notes where !queue.isEmpty {
                let reached = every.filter { own.contains($0.name) }
                if !reached.isEmpty { byQueue[queue] = Reach(reached) }
            }
        }
        // Of a queue that nobody has told of yet any feed may; so may any where those that tell say
        // under other names how far they reach.
        let told = every.filter { telling.contains($0.name) }
        sources = told.isEmpty ? every : told
        all = Reach(sources)
        self.byQueue = byQueue
        let watermark = try WatermarkRow.decoded(try reader.row(WatermarkRow.key))
        now = watermark?.recorded ?? .earliest
        known = all.completeUntil ?? now
        self.windowDays = windowDays
        let settled = known.advanced(byMilliseconds: -windowDays * MetricInterval.dayMilliseconds)
        settledUntil = MetricInterval.start(ofQuarter: MetricInterval.quarter(of: settled))
    }

    private static func sources<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [Source] {
        var sources: [Source] = []
        try reader.rows(from: [SourceRow.prefix], below: [SourceRow.prefix + 1]) {
            key, row throws(ViewFault) in
            let source = try SourceRow.decoded(row)
            var gaps = source.gaps
            if source.isSilent, let from = source.coveredUntil {
                gaps.append(SourceRow.Gap(from: from, to: .latest))
            }
            sources.append(
                Source(
                    name: try key.keyText(at: 1).text, coveredUntil: source.coveredUntil,
                    isSilent: source.isSilent, isOver: source.isOver, gaps: gaps))
            return true
        }
        return sources
    }

    /// Whether what comes after the end of a line can yet change a metric of it, by its own window.
    ///
    /// - Parameter anchor: By which it is asked. What counts from an end is filed by a beginning for as long
    ///   as it may take.
    func isProvisional(
        _ definition: MetricDefinition, by anchor: MetricAnchor, until end: Timestamp
    ) -> Bool {
        guard definition.window != .none else { return false }
        if definition.anchor == .ended, anchor != .ended { return true }
        guard let window = definition.window.milliseconds(asked: windowDays) else { return true }
        return end.advanced(byMilliseconds: window) > known
    }

    /// Whether events of a line may be still to come.
    func isIncomplete(_ line: MetricsLines.Line) -> Bool { all.isIncomplete(line) }

    /// Whether a source was silent within a line.
    func hasGap(_ line: MetricsLines.Line) -> Bool { all.hasGap(line) }

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

    /// Writes what is to be known of a line, of a queue's feeds where lines are told apart so.
    func write(_ line: MetricsLines.Line, group: String = "", to json: inout JSONWriter) {
        let reach = byQueue[group] ?? all
        if reach.isIncomplete(line) { json.field("incomplete", true) }
        if reach.hasGap(line) { json.field("gap", true) }
    }
}

extension Completeness {
    /// Of what a query asks.
    init<Reader: ViewReader & ~Copyable>(
        of query: MetricsQuery, from reader: borrowing Reader
    ) throws(ViewFault) {
        try self.init(
            windowDays: query.windowDays, queues: query.askedQueues,
            isByQueue: query.grouping == .queue, from: reader)
    }
}

extension MetricsQuery {
    /// The queues that are asked for, by QUEUE or WHERE; nil for all.
    var askedQueues: [String]? {
        queues ?? filters.first { $0.dimension == .queue }?.names
    }
}

import EventLog
import EventModel
import Importing
import JSON
import Projecting
import Views

/// What a replay gave.
struct ReplayReport {
    struct View {
        let name: String
        let version: Int
        let rows: UInt64
        let digest: String
        let bytes: UInt64
    }

    struct Comparison {
        let name: String
        /// Version and position of the other view.
        let version: Int
        let position: Position
        let found: ViewComparison
        /// Whether they reflect the same part of the log.
        let isSamePosition: Bool

        var isEqual: Bool { isSamePosition && found.isEqual }
    }

    let storeID: String
    let events: UInt64
    let elapsed: Duration
    private(set) var views: [View] = []
    private(set) var comparisons: [Comparison] = []

    init(storeID: String, events: UInt64, elapsed: Duration) {
        self.storeID = storeID
        self.events = events
        self.elapsed = elapsed
    }

    /// Events folded in a second by all views.
    var rate: Int { Int(Double(events) / max(0.001, elapsed.seconds)) }

    mutating func add<Fold: ~Copyable>(_ projector: Projector<Fold>) throws {
        let content = try projector.snapshot().contentDigest()
        views.append(
            View(
                name: Fold.name, version: Fold.version, rows: content.rows,
                digest: content.digest.hexadecimal, bytes: projector.status.fileBytes))
    }

    /// Holds the views against those in a folder, the other ones first.
    mutating func compare(_ views: ViewSet, with folder: String, _ examples: Int) throws {
        try compare(views.identity, folder, examples)
        try compare(views.queues, folder, examples)
        try compare(views.metrics, folder, examples)
        try compare(views.customers, folder, examples)
    }

    private mutating func compare<Fold: ~Copyable>(
        _ projector: Projector<Fold>, _ folder: String, _ examples: Int
    ) throws {
        let files = FolderListing.files(folder).filter {
            StoredView.parts(ofFile: $0)?.name == Fold.name
        }
        guard let file = files.last else {
            throw ToolFailure("\(folder) has no \(Fold.name) view")
        }
        let other = try StoredView.open(folder: folder, file: file)
        let own = try projector.snapshot()
        let position = other.rows.position
        comparisons.append(
            Comparison(
                name: Fold.name, version: other.version, position: position,
                found: try ViewComparison(other.rows, own, examplesMax: examples),
                isSamePosition: position == own.position))
    }
}

/// A replay in words or as a document.
struct ReplayPrinter {
    let report: ReplayReport

    var text: String {
        let tenths = Int(report.elapsed.seconds * 10)
        var text =
            "store      \(report.storeID)\nevents     \(Int(report.events).grouped)\n"
            + "folded     in \(tenths / 10).\(tenths % 10) s, \(report.rate.grouped) events/s\n\n"
        var table = TextTable(
            titles: ["view", "version", "rows", "bytes", "digest"],
            isNumeric: [false, true, true, true, false])
        for view in report.views {
            table.add([
                view.name, "\(view.version)", Int(view.rows).grouped, Int(view.bytes).grouped,
                view.digest,
            ])
        }
        text += table.lines().map { $0 + "\n" }.joined()
        for comparison in report.comparisons { text += "\n" + Self.text(comparison) }
        return text
    }

    private static func text(_ comparison: ReplayReport.Comparison) -> String {
        let found = comparison.found
        let other = "\(comparison.name) v\(comparison.version)"
        guard comparison.isSamePosition else {
            return
                "\(other) there reflects position \(comparison.position), not the same part of the log\n"
        }
        guard !found.isEqual else { return "\(other) there has the same rows\n" }
        var text =
            "\(other) there: \(Int(found.same).grouped) rows are the same, "
            + "\(Int(found.changed).grouped) changed, \(Int(found.onlyInFirst).grouped) only there, "
            + "\(Int(found.onlyInSecond).grouped) only here\n"
        for example in found.examples {
            text += "  key    \(HexText.line(example.key))\n"
            text += "  there  \(example.first.map(HexText.line) ?? "–")\n"
            text += "  here   \(example.second.map(HexText.line) ?? "–")\n"
        }
        return text
    }

    var json: String {
        var members = [
            JSONValue.Member("store", .string(report.storeID)), Self.count("events", report.events),
            JSONValue.Member("elapsed_ms", .integer(Int64(report.elapsed.seconds * 1_000))),
            JSONValue.Member("events_per_second", .integer(Int64(report.rate))),
            JSONValue.Member("views", .array(report.views.map { Self.json($0) })),
        ]
        if !report.comparisons.isEmpty {
            let compared = report.comparisons.map { Self.json($0) }
            members.append(JSONValue.Member("compared", .array(compared)))
        }
        var bytes: [UInt8] = []
        JSONValue.object(members).write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    private static func count(_ name: String, _ number: UInt64) -> JSONValue.Member {
        JSONValue.Member(name, .integer(Int64(clamping: number)))
    }

    private static func json(_ view: ReplayReport.View) -> JSONValue {
        .object([
            JSONValue.Member("name", .string(view.name)), count("version", UInt64(view.version)),
            count("rows", view.rows), count("bytes", view.bytes),
            JSONValue.Member("digest", .string(view.digest)),
        ])
    }

    private static func json(_ comparison: ReplayReport.Comparison) -> JSONValue {
        let found = comparison.found
        return .object([
            JSONValue.Member("name", .string(comparison.name)),
            count("version", UInt64(comparison.version)),
            count("position", comparison.position.rawValue),
            JSONValue.Member("equal", .boolean(comparison.isEqual)), count("same", found.same),
            count("changed", found.changed), count("only_there", found.onlyInFirst),
            count("only_here", found.onlyInSecond),
            JSONValue.Member("examples", .array(found.examples.map { json($0) })),
        ])
    }

    private static func json(_ example: ViewComparison.Difference) -> JSONValue {
        func hex(_ bytes: [UInt8]?) -> JSONValue {
            guard let bytes else { return .null }
            return .string(HexText.digits(bytes))
        }
        return .object([
            JSONValue.Member("key", hex(example.key)),
            JSONValue.Member("there", hex(example.first)),
            JSONValue.Member("here", hex(example.second)),
        ])
    }
}

import EventLog
import EventModel
import Importing
import JSON
import Projecting

/// A replay in words or as a document.
struct ReplayPrinter {
    let report: ReplayReport

    var text: String {
        var text = report.folded.map(Self.text) ?? ""
        if !report.views.isEmpty {
            var table = TextTable(
                titles: ["view", "version", "rows", "bytes", "digest"],
                isNumeric: [false, true, true, true, false])
            for view in report.views {
                table.add([
                    view.name, "\(view.version)", Int(view.rows).grouped, Int(view.bytes).grouped,
                    view.digest,
                ])
            }
            text += "\n" + table.lines().map { $0 + "\n" }.joined()
        }
        if let prepared = report.prepared {
            text +=
                prepared.isEmpty
                ? "prepared   nothing: the store's views are of this version, or prepared\n"
                : "\nprepared   \(prepared.joined(separator: ", ")): the daemon of this version "
                    + "begins with \(prepared.count == 1 ? "it" : "them")\n"
        }
        let compared = report.comparisons.map(Self.text).joined(separator: "\n")
        return text.isEmpty || compared.isEmpty ? text + compared : text + "\n" + compared
    }

    private static func text(_ folded: ReplayReport.Folded) -> String {
        let tenths = Int(folded.elapsed.seconds * 10)
        return "store      \(folded.storeID)\nevents     \(Int(folded.events).grouped)\n"
            + "folded     in \(tenths / 10).\(tenths % 10) s, \(folded.rate.grouped) events/s\n"
    }

    private static func text(_ comparison: ReplayReport.Comparison) -> String {
        let there = "\(comparison.name) v\(comparison.versionThere)"
        guard comparison.isSamePosition else {
            return "\(there) there reflects position \(comparison.positionThere), here "
                + "\(comparison.positionHere): not the same part of the log\n"
        }
        guard !comparison.found.isEqual else { return "\(there) there has the same rows\n" }
        var table = TextTable(
            titles: ["", "same", "changed", "only there", "only here"],
            isNumeric: [false, true, true, true, true])
        for kind in comparison.found.kinds {
            table.add(
                [kind.name]
                    + [kind.same, kind.changed, kind.onlyInFirst, kind.onlyInSecond]
                    .map { Int($0).grouped })
        }
        var text = "\(there) there, v\(comparison.versionHere) here\n"
        text += table.lines(indentation: "  ").map { $0 + "\n" }.joined()
        for kind in comparison.found.kinds {
            for example in kind.examples {
                text += "  \(kind.name)\n    key    \(HexText.line(example.key))\n"
                text += "    there  \(example.first.map(HexText.line) ?? "–")\n"
                text += "    here   \(example.second.map(HexText.line) ?? "–")\n"
            }
        }
        return text
    }

    var json: String {
        var members: [JSONValue.Member] = []
        if let folded = report.folded {
            members = [
                JSONValue.Member("store", .string(folded.storeID)),
                Self.count("events", folded.events),
                JSONValue.Member("elapsed_ms", .integer(Int64(folded.elapsed.seconds * 1_000))),
                JSONValue.Member("events_per_second", .integer(Int64(folded.rate))),
                JSONValue.Member("views", .array(report.views.map { Self.json($0) })),
            ]
        }
        if !report.comparisons.isEmpty {
            let compared = report.comparisons.map { Self.json($0) }
            members.append(JSONValue.Member("compared", .array(compared)))
        }
        if let prepared = report.prepared {
            members.append(
                JSONValue.Member("prepared", .array(prepared.map { .string($0) })))
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
        .object([
            JSONValue.Member("name", .string(comparison.name)),
            count("version_there", UInt64(comparison.versionThere)),
            count("version_here", UInt64(comparison.versionHere)),
            count("position_there", comparison.positionThere.rawValue),
            count("position_here", comparison.positionHere.rawValue),
            JSONValue.Member("equal", .boolean(comparison.isEqual)),
            JSONValue.Member("kinds", .array(comparison.found.kinds.map { json($0) })),
        ])
    }

    private static func json(_ kind: ViewComparison.Kind) -> JSONValue {
        .object([
            JSONValue.Member("kind", .string(kind.name)), count("same", kind.same),
            count("changed", kind.changed), count("only_there", kind.onlyInFirst),
            count("only_here", kind.onlyInSecond),
            JSONValue.Member("examples", .array(kind.examples.map { json($0) })),
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

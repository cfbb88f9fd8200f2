import Importing
import JSON

/// Figures of several intervals or groups, a line each: what a person compares first. `--all` and
/// `--json` have the rest.
struct MetricsTable {
    /// A column: its title, whether it is a number, and what a row has in it.
    private struct Column {
        let title: String
        let isNumeric: Bool
        let text: (JSONValue) -> String
    }

    /// Returns the table's lines, or nil when the document is none of several rows.
    static func text(_ document: JSONValue) -> String? {
        guard let rows = document["rows"]?.elements, rows.count > 1 else { return nil }
        let grouping = document["window"]?["per"]?.text ?? "none"
        if rows[0]["metrics"] != nil { return named(rows, grouping) }
        let columns = self.columns(of: rows, grouping)
        var table = TextTable(
            titles: columns.map(\.title) + [""], isNumeric: columns.map(\.isNumeric) + [false])
        let most = rows.map { Cell.integer($0["offered"]) }.max() ?? 0
        for row in rows {
            let bar = Bar.text(Cell.integer(row["offered"]), of: most, width: 12)
            table.add(columns.map { $0.text(row) } + [bar])
        }
        return (table.lines() + courses(of: rows, grouping)).map { $0 + "\n" }.joined()
    }

    /// How contacts and waits went from interval to interval, where that is all that tells the
    /// rows apart.
    private static func courses(of rows: [JSONValue], _ grouping: String) -> [String] {
        guard grouping == "none", rows.count >= 4 else { return [] }
        let courses: [(String, [Int64])] = [
            ("offered", rows.map { Cell.integer($0["offered"]) }),
            ("abandoned", rows.map { Cell.integer($0["abandoned"]) }),
            ("waiting", rows.map { Cell.integer($0["max_waiting"]) }),
        ]
        return [""]
            + courses.map { name, values in
                DisplayWidth.pad(name, to: 9) + "  \(Sparkline.text(values))  to "
                    + Int(values.max() ?? 0).grouped
            }
    }

    /// Metrics by name: a column for each.
    private static func named(_ rows: [JSONValue], _ grouping: String) -> String {
        let names = (rows[0]["metrics"]?.members ?? []).map(\.name)
        // What agents name has a field of its own, so that it is hidden from who may not see it.
        let grouping = rows[0]["agent_driver"] == nil ? grouping : "agent_driver"
        let columns = places(of: rows, grouping) + names.map(metric)
        var table = TextTable(
            titles: columns.map(\.title), isNumeric: columns.map(\.isNumeric))
        for row in rows { table.add(columns.map { $0.text(row) }) }
        return table.lines().map { $0 + "\n" }.joined()
    }

    private static func metric(_ name: String) -> Column {
        Column(title: name.replacing("_", with: " "), isNumeric: true) { row in
            Figure(row["metrics"]?[name]).text
        }
    }

    /// The columns that say what a row is about.
    private static func places(of rows: [JSONValue], _ grouping: String) -> [Column] {
        let isDivided = Set(rows.map { $0["from"]?.text ?? "" }).count > 1
        return (isDivided ? [plain("from")] : []) + (grouping == "none" ? [] : [plain(grouping)])
    }

    private static func columns(of rows: [JSONValue], _ grouping: String) -> [Column] {
        var columns = places(of: rows, grouping)
        columns += ["contacts", "offered", "answered", "abandoned"].map(count)
        columns.append(
            Column(title: "abandon rate", isNumeric: true) {
                Cell.percentage($0["abandonment_rate"])
            })
        columns.append(figure("wait", "wait_answered", "mean_ms"))
        columns.append(figure("p90", "wait_answered", "p90_ms"))
        columns.append(figure("service", "service", "mean_ms"))
        for (index, target) in (rows[0]["targets"]?.elements ?? []).enumerated() {
            let title = "in \(Cell.text(target["target_ms"] ?? .null, name: "target_ms"))"
            columns.append(
                Column(title: title, isNumeric: true) { row in
                    let targets = row["targets"]?.elements ?? []
                    guard index < targets.count else { return "–" }
                    return Cell.percentage(targets[index]["service_level"]?["offered"])
                })
        }
        return columns
    }

    private static func plain(_ name: String) -> Column {
        Column(title: Cell.label(name), isNumeric: false) {
            Cell.text($0[name] ?? .null, name: name)
        }
    }

    private static func count(_ name: String) -> Column {
        Column(title: name, isNumeric: true) { Cell.text($0[name] ?? .null, name: name) }
    }

    private static func figure(_ title: String, _ name: String, _ part: String) -> Column {
        Column(title: title, isNumeric: true) {
            Cell.text($0[name]?[part] ?? .null, name: part)
        }
    }
}

import Importing
import JSON

/// SEASON's document as a person reads it: a line for each day, the course of each metric above
/// that of the other season, and the sums so far.
struct SeasonTable {
    /// The lines of `--csv`.
    static let shape = DocumentShape(list: "days")

    private let document: JSONValue
    private var days: [JSONValue] { document["days"]?.elements ?? [] }
    private var isCompared: Bool { document["against"] != nil }
    /// Metrics whose days are told beside those of the other season.
    private static let comparedMax = 4
    private static let weekdays = ["", "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]

    init(_ document: JSONValue) { self.document = document }

    private var metrics: [String] {
        let first = days.first ?? document["to_date"]
        return (first?["metrics"]?.members ?? []).map(\.name)
    }

    var text: String {
        var lines = [heading(document["season"])]
        if isCompared {
            let align = Cell.text(document["align"] ?? .null, name: "align")
            lines.append("against \(heading(document["against"])), by \(align)")
        }
        if let like = document["like"] {
            let dimension = Cell.text(like["dimension"] ?? .null, name: "dimension")
            let names = Cell.text(like["names"] ?? .null, name: "names")
            lines.append("only \(dimension) of both: \(names)")
        }
        lines += [""] + daily + [""] + courses + [""] + sums
        return lines.map { $0 + "\n" }.joined()
    }

    private func heading(_ season: JSONValue?) -> String {
        func part(_ name: String) -> String { Cell.text(season?[name] ?? .null, name: name) }
        return "\(part("name")): \(part("days")) days, \(part("trading_days")) of them trading, "
            + "from \(part("from"))"
    }

    private var daily: [String] {
        // More of them are no table any more; the courses and the sums have both.
        let showsBefore = isCompared && metrics.count <= Self.comparedMax
        let titles = metrics.flatMap { [Cell.label($0)] + (showsBefore ? ["before"] : []) }
        let first = metrics.first
        var table = TextTable(
            titles: ["day", "date", "", ""] + (isCompared ? ["beside"] : []) + titles + [""],
            isNumeric: [true, false, false, false] + (isCompared ? [false] : [])
                + titles.map { _ in true } + [false])
        let heights = days.map { day in
            first.flatMap { name in figure(name, day).height } ?? 0
        }
        for (day, height) in zip(days, heights) {
            func cell(_ name: String) -> String { Cell.text(day[name] ?? .null, name: name) }
            let weekday = Int(clamping: Cell.integer(day["weekday"]))
            var cells = [
                cell("day"), cell("date"),
                Self.weekdays.indices.contains(weekday) ? Self.weekdays[weekday] : "",
                day["trading"] == JSONValue.boolean(false) ? "closed" : "",
            ]
            if isCompared { cells.append(cell("against")) }
            for name in metrics {
                let figure = figure(name, day)
                cells += [figure.text] + (showsBefore ? [figure.before.text] : [])
            }
            table.add(cells + [Bar.text(height, of: heights.max() ?? 0, width: 12)])
        }
        return table.lines()
    }

    /// How each metric went, and below it how it went in the other season, to the same scale.
    private var courses: [String] {
        let width = (metrics.map { DisplayWidth.of(Cell.label($0)) } + [6]).max() ?? 6
        return metrics.flatMap { name -> [String] in
            let now = days.map { figure(name, $0).height ?? 0 }
            let before = days.map { figure(name, $0).before.height ?? 0 }
            let most = (now + (isCompared ? before : [])).max() ?? 0
            func line(_ title: String, _ values: [Int64]) -> String {
                "\(DisplayWidth.pad(title, to: width))  \(Sparkline.text(values, of: most))"
            }
            return [line(Cell.label(name), now)] + (isCompared ? [line("before", before)] : [])
        }
    }

    private var sums: [String] {
        let sums = document["to_date"]
        func cell(_ name: String) -> String { Cell.text(sums?[name] ?? .null, name: name) }
        var title = "to date: \(cell("days")) days, \(cell("trading_days")) of them trading"
        if isCompared { title += "; before, \(cell("before_trading_days")) trading" }
        let perDay = sums?["per_trading_day"]
        var table = TextTable(
            titles: ["", ""] + (isCompared ? ["before", "change"] : []) + ["a trading day"]
                + (isCompared ? ["before"] : []),
            isNumeric: [false, true] + (isCompared ? [true, true] : []) + [true]
                + (isCompared ? [true] : []))
        for name in metrics {
            let figure = Figure(sums?["metrics"]?[name])
            let average = perDay?[name]
            var cells = [Cell.label(name), figure.text]
            if isCompared { cells += [figure.before.text, figure.change] }
            cells.append(average.map { Figure($0).text } ?? "")
            if isCompared {
                cells.append(average?["before"].map { Cell.text($0, name: "before") } ?? "")
            }
            table.add(cells)
        }
        return [Terminal.bold(title)] + table.lines()
    }

    private func figure(_ name: String, _ day: JSONValue) -> Figure {
        Figure(day["metrics"]?[name])
    }
}

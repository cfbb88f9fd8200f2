import Importing
import JSON

/// SCORECARD's document as a person reads it: what was measured, what it should be, how it
/// changed, and what to improve first.
struct ScorecardTable {
    private let document: JSONValue
    private let grouping: String?
    private var rows: [JSONValue] { document["rows"]?.elements ?? [] }

    init(_ document: JSONValue) {
        self.document = document
        let word = document["window"]?["per"]?.text
        grouping = word == "none" ? nil : word
    }

    /// A line for each metric of each row, with what the row is about in front.
    var lines: [JSONValue] {
        rows.flatMap { row -> [JSONValue] in
            let about = (row.members ?? []).filter {
                ["from", "to", grouping].contains($0.name)
            }
            return (row["metrics"]?.elements ?? []).map {
                .object(about + (Self.opened($0).members ?? []))
            }
        }
    }

    var text: String {
        var lines = [heading, ""]
        if rows.isEmpty { lines.append("nothing was measured then") }
        for row in rows {
            if let grouping, let name = row[grouping] {
                let text = "\(Cell.label(grouping)) \(Cell.text(name, name: grouping))"
                lines.append(Terminal.bold(text))
            }
            lines += table(of: row) + [""]
        }
        lines += improvements
        if document["truncated"] != nil {
            lines.append("there are more rows; narrow what is asked for")
        }
        while lines.last == "" { lines.removeLast() }
        return lines.map { $0 + "\n" }.joined()
    }

    /// A line whose sensitive figures, which stand one step deeper, are beside the others.
    private static func opened(_ line: JSONValue) -> JSONValue {
        guard let deeper = line["sensitive"]?.members else { return line }
        return .object((line.members ?? []).filter { $0.name != "sensitive" } + deeper)
    }

    private var heading: String {
        func times(_ value: JSONValue?) -> String {
            func part(_ name: String) -> String { Cell.text(value?[name] ?? .null, name: name) }
            return "\(part("from")) to \(part("to"))"
        }
        var text = times(document["window"])
        if let season = document["season"] {
            text = "\(Cell.text(season, name: "season")), \(text)"
        }
        guard let against = document["against"] else { return text }
        let name = Cell.text(against["name"] ?? .null, name: "name")
        return "\(text)\nagainst \(name), \(times(against))"
    }

    private func table(of row: JSONValue) -> [String] {
        let isCompared = document["against"] != nil
        var table = TextTable(
            titles: ["metric", "", "n", "95 %", "target", "lacking"]
                + (isCompared ? ["before", "change", ""] : []),
            isNumeric: [false, true, true, false, true, false]
                + (isCompared ? [true, true, false] : []))
        for line in row["metrics"]?.elements ?? [] {
            let metric = Self.opened(line)
            let figure = Figure(metric)
            let isUp = metric["direction"]?.text == "up"
            let name = Cell.text(metric["metric"] ?? .null, name: "metric")
            let target = figure.target.map { "\(isUp ? "≥" : "≤") \($0)" } ?? ""
            var cells = [
                metric["provisional"] == nil ? name : "\(name), provisional", figure.text,
                Cell.text(metric["n"] ?? .null, name: "n"), figure.interval, target,
                Self.lacking(figure),
            ]
            if isCompared {
                cells += [figure.before.text, figure.change, Self.judgement(figure, isUp: isUp)]
            }
            table.add(cells)
        }
        return table.lines()
    }

    /// How far a value falls short of its target, as a bar over the metric's scale.
    private static func lacking(_ figure: Figure) -> String {
        guard let gap = figure.number("gap") else { return "" }
        guard gap > 0 else { return "met" }
        let bar = Bar.text(Int64(min(1, gap) * 1_000), of: 1_000, width: 10)
        return "\(Cell.percentage(.number("\(gap)"))) \(bar)"
    }

    private static func judgement(_ figure: Figure, isUp: Bool) -> String {
        guard let change = figure.number("change") ?? figure.number("change_ms"), change != 0
        else { return "" }
        return (change > 0) == isUp ? "better" : "worse"
    }

    private var improvements: [String] {
        let gaps = (document["improve_first"]?.elements ?? []).map(Self.opened)
        guard !gaps.isEmpty else { return ["no target is missed"] }
        var table = TextTable(
            titles: ["", "", "lacking", "concerns", "weight", "score", ""],
            isNumeric: [false, false, true, true, true, true, false])
        let scores = gaps.map { Int64((Figure($0).number("score") ?? 0) * 1_000) }
        for (gap, score) in zip(gaps, scores) {
            func cell(_ name: String) -> String { Cell.text(gap[name] ?? .null, name: name) }
            table.add([
                grouping.map(cell) ?? "", cell("metric"), Cell.percentage(gap["gap"]),
                cell("volume"), Figure.trimmed(cell("weight")), Figure.trimmed(cell("score")),
                Bar.text(score, of: scores.max() ?? 0),
            ])
        }
        return [Terminal.bold("improve first")] + table.lines()
    }
}

/// A table of texts with aligned columns.
struct TextTable {
    /// What stands above the columns.
    let titles: [String]
    /// Which columns are numbers, aligned to the right.
    let isNumeric: [Bool]
    private var rows: [[String]] = []

    init(titles: [String], isNumeric: [Bool]) {
        precondition(titles.count == isNumeric.count)
        self.titles = titles
        self.isNumeric = isNumeric
    }

    mutating func add(_ cells: [String]) {
        precondition(cells.count == titles.count)
        rows.append(cells)
    }

    /// Returns the lines, each after an indentation.
    func lines(indentation: String = "") -> [String] {
        var widths = titles.map(DisplayWidth.of)
        for row in rows {
            for (index, cell) in row.enumerated() {
                widths[index] = max(widths[index], DisplayWidth.of(cell))
            }
        }
        let header = line(titles, widths)
        return ([Terminal.bold(header)] + rows.map { line($0, widths) }).map { indentation + $0 }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { index in
            DisplayWidth.pad(cells[index], to: widths[index], right: isNumeric[index])
        }
        var text = padded.joined(separator: "  ")
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}

/// A bar of blocks.
enum Bar {
    private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// Returns a bar as long as the value is of the greatest one, in columns and eighths of them.
    static func text(_ value: Int64, of most: Int64, width: Int = 20) -> String {
        guard value > 0, most > 0 else { return "" }
        let units = max(1, Int(Double(min(value, most)) / Double(most) * Double(width * 8)))
        return String(repeating: "█", count: units / 8) + eighths[units % 8]
    }
}

import Importing

/// Shows a document of the daemon's as a person reads it: names beside values, lists as tables.
///
/// It knows no document by name, so it shows whatever a daemon of any version answers, in the
/// order in which it answers.
struct DocumentPrinter {
    /// Members whose values get a bar in tables.
    var bars: Set<String> = []
    private(set) var lines: [String] = []

    init(bars: Set<String> = []) { self.bars = bars }

    /// Returns the lines of a document.
    static func text(_ document: JSONValue, bars: Set<String> = []) -> String {
        var printer = DocumentPrinter(bars: bars)
        printer.add(document, indentation: "")
        return printer.lines.map { $0 + "\n" }.joined()
    }

    /// Adds the lines of a value.
    mutating func add(_ value: JSONValue, indentation: String) {
        switch value {
        case .object(let members): add(members, indentation)
        case .array(let elements): add(elements, indentation)
        default: lines.append(indentation + Cell.text(value, name: ""))
        }
    }

    private mutating func add(_ members: [JSONValue.Member], _ indentation: String) {
        let simple = members.filter { Cell.isSimple($0.value) }
        let width = simple.map { DisplayWidth.of(Cell.label($0.name)) }.max() ?? 0
        for member in simple {
            let label = DisplayWidth.pad(Cell.label(member.name), to: width)
            lines.append("\(indentation)\(label)  \(Cell.text(member.value, name: member.name))")
        }
        for member in members where !Cell.isSimple(member.value) {
            if !lines.isEmpty, indentation.isEmpty { lines.append("") }
            lines.append(indentation + Terminal.bold(Cell.label(member.name)))
            add(member.value, indentation: indentation + "  ")
        }
    }

    private mutating func add(_ elements: [JSONValue], _ indentation: String) {
        guard elements.allSatisfy({ $0.members != nil }) else {
            for element in elements { add(element, indentation: indentation) }
            return
        }
        let names = Self.names(of: elements)
        let isTable = elements.allSatisfy { element in
            (element.members ?? []).allSatisfy { Cell.isShort($0.value) }
        }
        guard isTable, !names.isEmpty else {
            for (index, element) in elements.enumerated() {
                if index > 0 { lines.append("") }
                add(element, indentation: indentation)
            }
            return
        }
        addTable(names, elements, indentation)
    }

    private mutating func addTable(
        _ names: [String], _ elements: [JSONValue], _ indentation: String
    ) {
        let barred = names.filter(bars.contains)
        let numeric = names.map { name in
            elements.allSatisfy { Cell.isNumeric($0[name] ?? .null, name: name) }
        }
        var table = TextTable(
            titles: names.map(Cell.label) + barred.map { _ in "" },
            isNumeric: numeric + barred.map { _ in false })
        for element in elements {
            let bars = barred.map { name in
                Bar.text(
                    Cell.integer(element[name]),
                    of: elements.map { Cell.integer($0[name]) }.max() ?? 0)
            }
            table.add(names.map { Cell.text(element[$0] ?? .null, name: $0) } + bars)
        }
        lines.append(contentsOf: table.lines(indentation: indentation))
    }

    /// All names of the elements, in the order in which they first stand.
    private static func names(of elements: [JSONValue]) -> [String] {
        var seen: Set<String> = []
        return elements.flatMap { $0.members ?? [] }.map(\.name).filter {
            seen.insert($0).inserted
        }
    }
}

import Importing
import JSON

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
        let groups = Self.groups(of: members.filter { !Cell.isSimple($0.value) })
        for group in groups {
            if !lines.isEmpty, indentation.isEmpty { lines.append("") }
            if group.count > 1 {
                addAlike(group, indentation)
            } else {
                lines.append(indentation + Terminal.bold(Cell.label(group[0].name)))
                add(group[0].value, indentation: indentation + "  ")
            }
        }
    }

    /// Puts neighbours together that are objects of the same kind: those begin with the same name
    /// and hold single values only.
    private static func groups(of members: [JSONValue.Member]) -> [[JSONValue.Member]] {
        var groups: [[JSONValue.Member]] = []
        for member in members {
            if let last = groups.last?.last, isAlike(last.value, member.value) {
                groups[groups.count - 1].append(member)
            } else {
                groups.append([member])
            }
        }
        return groups
    }

    private static func isAlike(_ left: JSONValue, _ right: JSONValue) -> Bool {
        guard let left = left.members, let right = right.members else { return false }
        return left.first?.name == right.first?.name
            && (left + right).allSatisfy { Cell.isScalar($0.value) }
    }

    /// Shows objects of the same kind as rows, their names in front.
    private mutating func addAlike(_ members: [JSONValue.Member], _ indentation: String) {
        let rows = members.map(\.value)
        let names = Self.names(of: rows)
        let numeric = names.map { name in
            rows.allSatisfy { Cell.isNumeric($0[name] ?? .null, name: name) }
        }
        var table = TextTable(
            titles: [""] + names.map(Cell.label), isNumeric: [false] + numeric)
        for member in members {
            table.add(
                [Cell.label(member.name)]
                    + names.map { Cell.text(member.value[$0] ?? .null, name: $0) })
        }
        lines.append(contentsOf: table.lines(indentation: indentation))
    }

    private mutating func add(_ elements: [JSONValue], _ indentation: String) {
        guard elements.allSatisfy({ $0.members != nil }) else {
            for element in elements { add(element, indentation: indentation) }
            return
        }
        let rows = elements.map { JSONValue.object(Self.flattened($0.members ?? [])) }
        let names = Self.names(of: rows)
        let isTable = rows.allSatisfy { row in
            (row.members ?? []).allSatisfy { Cell.isShort($0.value) }
        }
        guard isTable, !names.isEmpty else {
            for (index, element) in elements.enumerated() {
                if index > 0 { lines.append("") }
                add(element, indentation: indentation)
            }
            return
        }
        addTable(names, rows, indentation)
    }

    /// Puts the members of inner objects beside the others: a table has one level. A name that
    /// stands there already is told apart by the object's name.
    private static func flattened(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
        let own = Set(members.map(\.name))
        return members.flatMap { member -> [JSONValue.Member] in
            guard let inner = member.value.members, !inner.isEmpty,
                inner.allSatisfy({ Cell.isScalar($0.value) })
            else { return [member] }
            return inner.map { part in
                let name = own.contains(part.name) ? "\(member.name)_\(part.name)" : part.name
                return JSONValue.Member(name, part.value)
            }
        }
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

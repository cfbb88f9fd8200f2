internal import EventModel

extension RowProgram {
    /// Compiles a condition; returns its root node.
    mutating func compile(
        _ condition: Condition, _ mapping: Mapping, _ place: String, _ open: inout [String]
    ) throws(ImportError) -> Int32 {
        switch condition {
        case .or(let left, let right):
            let left = try compile(left, mapping, place, &open)
            let right = try compile(right, mapping, place, &open)
            return append(ConditionNode(kind: .or, left: left, right: right))
        case .and(let left, let right):
            let left = try compile(left, mapping, place, &open)
            let right = try compile(right, mapping, place, &open)
            return append(ConditionNode(kind: .and, left: left, right: right))
        case .not(let inner):
            let inner = try compile(inner, mapping, place, &open)
            return append(ConditionNode(kind: .not, left: inner))
        case .named(let name):
            guard let number = try conditionNumber(name, mapping, &open) else {
                throw .mapping(
                    place: place,
                    problem: columns.contains(name)
                        ? "column \(name) stands without a comparison"
                        : "there is no condition `\(name)`")
            }
            return append(ConditionNode(kind: .named, left: number))
        case .isEmpty(let name):
            return append(ConditionNode(kind: .isEmpty, left: try column(name, place: place)))
        case .compare(let name, let comparison, let operand):
            return append(try test(name, comparison, operand, place))
        }
    }

    private mutating func test(
        _ name: String, _ comparison: Comparison, _ operand: Condition.Operand, _ place: String
    ) throws(ImportError) -> ConditionNode {
        let left = try column(name, place: place)
        let isOrder = comparison != .equal && comparison != .notEqual
        switch operand {
        case .integer(let number):
            return ConditionNode(
                kind: .integer, comparison: comparison, left: left, number: number)
        case .text(let text):
            if times.isClock(name), let time = times.index(of: name), let clock = times.clock(text)
            {
                return ConditionNode(
                    kind: .clock, comparison: comparison, left: Int32(time), number: clock)
            }
            guard !times.isClock(name), !isOrder else {
                throw .mapping(
                    place: place,
                    problem: "'\(text)' is no clock and no integer to compare \(name) with")
            }
            let range = literal(text.utf8)
            return ConditionNode(
                kind: .text, comparison: comparison, left: left, right: range.lowerBound,
                number: Int64(range.count))
        case .column(let other):
            let right = try column(other, place: place)
            if let first = times.index(of: name), let second = times.index(of: other) {
                return ConditionNode(
                    kind: .moments, comparison: comparison, left: Int32(first),
                    right: Int32(second))
            }
            guard !isOrder else {
                throw .mapping(
                    place: place, problem: "only clocks and stamps have an order: \(name)")
            }
            return ConditionNode(
                kind: .columns, comparison: comparison, left: left, right: right)
        }
    }
}

/// A condition of a mapping as it was written; `ConditionCompiler` gives its names a meaning.
indirect enum Condition: Equatable {
    case or(Condition, Condition)
    case and(Condition, Condition)
    case not(Condition)
    /// A condition that has a name.
    case named(String)
    case isEmpty(String)
    case compare(String, Comparison, Operand)

    enum Operand: Equatable {
        case text(String)
        case integer(Int64)
        case column(String)
    }
}

enum Comparison: String, CaseIterable {
    case equal = "="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"

    func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .equal: left == right
        case .notEqual: left != right
        case .lessOrEqual: left <= right
        case .greaterOrEqual: left >= right
        case .less: left < right
        case .greater: left > right
        }
    }
}

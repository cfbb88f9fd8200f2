/// Why one row or one document cannot become events. It names columns, never what stands in them:
/// values may be personal. The raw line stands beside it in the dead letters.
public enum RowFault: Error, Equatable, Sendable {
    /// The row has another number of fields than the table has columns.
    case fieldCount(expected: Int, actual: Int)
    /// A quoted field is not closed, or something follows its closing quote.
    case badQuotes(field: Int)
    /// A date, clock or stamp is not written as the mapping says.
    case badTime(column: String, pattern: String)
    /// The column that an event takes its time from is blank.
    case noTime(step: String, columns: String)
    /// A value is not in the map that should translate it.
    case notInMap(column: String, map: String)
    /// The row's events are over a bound.
    case tooLarge(what: String, actual: Int, most: Int)
    /// The line is no JSON.
    case notJSON(problem: String, offset: Int)
    /// The JSON is no event in the form that is documented.
    case notAnEvent(problem: String)
    /// The daemon refused the row or one of its events.
    case refused(code: String, message: String)

    /// The reason in one word, by which dead letters are counted.
    public var reason: String {
        switch self {
        case .fieldCount: "fieldCount"
        case .badQuotes: "badQuotes"
        case .badTime: "badTime"
        case .noTime: "noTime"
        case .notInMap: "notInMap"
        case .tooLarge: "tooLarge"
        case .notJSON: "notJSON"
        case .notAnEvent: "notAnEvent"
        case .refused(let code, _): code
        }
    }
}

extension RowFault: CustomStringConvertible {
    /// What was expected and what was found.
    public var description: String {
        switch self {
        case .fieldCount(let expected, let actual):
            "the row has \(actual) fields, expected \(expected)"
        case .badQuotes(let field):
            "field \(field) has a quote that is not closed, or text after the closing one"
        case .badTime(let column, let pattern):
            "column \(column) is not written as \(pattern)"
        case .noTime(let step, let columns):
            "event \(step) has no time: \(columns) is blank"
        case .notInMap(let column, let map):
            "the value of column \(column) is not in map \(map)"
        case .tooLarge(let what, let actual, let most):
            "\(what) is \(actual), at most \(most) allowed"
        case .notJSON(let problem, let offset):
            "not JSON: \(problem) at byte \(offset)"
        case .notAnEvent(let problem):
            problem
        case .refused(let code, let message):
            "refused by the daemon: \(code) \(message)"
        }
    }
}

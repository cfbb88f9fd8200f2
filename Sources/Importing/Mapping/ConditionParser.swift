/// Reads conditions:
///
///     or      := and { "or" and }
///     and     := unary { "and" unary }
///     unary   := "not" unary | "(" or ")" | test
///     test    := name                                       a named condition
///              | column "is" ["not"] "empty"
///              | column ["not"] "in" "(" value { "," value } ")"
///              | column ("=" | "!=" | "<" | "<=" | ">" | ">=") (value | column)
///     value   := 'text' | integer
///     column  := letters, digits, "_"; anything else in backticks: `vru+line`
struct ConditionParser {
    private enum Token: Equatable {
        case name(String)
        case quotedName(String)
        case text(String)
        case integer(Int64)
        case symbol(String)
    }

    private var tokens: [Token] = []
    private var next = 0
    private var depth = 0
    private let place: String

    private init(place: String) { self.place = place }

    /// Reads one condition.
    static func parse(_ text: String, place: String) throws(ImportError) -> Condition {
        var parser = ConditionParser(place: place)
        try parser.tokenize(text)
        let condition = try parser.or()
        guard parser.next == parser.tokens.count else {
            throw parser.error("cannot be read from word \(parser.next + 1) on: \(text)")
        }
        return condition
    }

    private func error(_ problem: String) -> ImportError {
        .mapping(place: place, problem: problem)
    }

    private mutating func tokenize(_ text: String) throws(ImportError) {
        var rest = Substring(text)
        while let character = rest.first {
            if character.isWhitespace {
                rest.removeFirst()
            } else if character == "'" || character == "`" {
                rest.removeFirst()
                guard let end = rest.firstIndex(of: character) else {
                    throw error("has an opening \(character) without a closing one")
                }
                let inner = String(rest[..<end])
                tokens.append(character == "'" ? .text(inner) : .quotedName(inner))
                rest = rest[rest.index(after: end)...]
            } else if character.isNumber || character == "-" {
                let digits = rest.prefix { $0.isNumber || $0 == "-" }
                guard let number = Int64(digits) else { throw error("\(digits) is no integer") }
                tokens.append(.integer(number))
                rest.removeFirst(digits.count)
            } else if character.isLetter || character == "_" {
                let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                tokens.append(.name(String(name)))
                rest.removeFirst(name.count)
            } else {
                let symbols = ["!=", "<=", ">=", "=", "<", ">", "(", ")", ","]
                guard let symbol = symbols.first(where: { rest.hasPrefix($0) }) else {
                    throw error("\(character) means nothing here; texts stand in single quotes")
                }
                tokens.append(.symbol(symbol))
                rest.removeFirst(symbol.count)
            }
        }
    }

    private mutating func take(_ token: Token) -> Bool {
        guard next < tokens.count, tokens[next] == token else { return false }
        next += 1
        return true
    }

    private mutating func or() throws(ImportError) -> Condition {
        var left = try and()
        while take(.name("or")) { left = .or(left, try and()) }
        return left
    }

    private mutating func and() throws(ImportError) -> Condition {
        var left = try unary()
        while take(.name("and")) { left = .and(left, try unary()) }
        return left
    }

    private mutating func unary() throws(ImportError) -> Condition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ImportLimits.conditionDepthMax else { throw error("nests too deep") }
        if take(.name("not")) { return .not(try unary()) }
        if take(.symbol("(")) {
            let inner = try or()
            guard take(.symbol(")")) else { throw error("lacks a closing parenthesis") }
            return inner
        }
        return try test()
    }

    private mutating func test() throws(ImportError) -> Condition {
        guard next < tokens.count else { throw error("ends where a column is expected") }
        let name: String
        let isPlain: Bool
        switch tokens[next] {
        case .name(let text): (name, isPlain) = (text, true)
        case .quotedName(let text): (name, isPlain) = (text, false)
        default: throw error("has a value where a column is expected; columns come first")
        }
        next += 1
        if take(.name("is")) {
            let isNegated = take(.name("not"))
            guard take(.name("empty")) else { throw error("expected `empty` after `is`") }
            return isNegated ? .not(.isEmpty(name)) : .isEmpty(name)
        }
        if take(.name("in")) { return try list(name) }
        if next + 1 < tokens.count, tokens[next] == .name("not"), tokens[next + 1] == .name("in") {
            next += 2
            return .not(try list(name))
        }
        if let comparison = Comparison.allCases.first(where: { take(.symbol($0.rawValue)) }) {
            return .compare(name, comparison, try operand())
        }
        guard isPlain else { throw error("`\(name)` stands without a comparison") }
        return .named(name)
    }

    private mutating func operand() throws(ImportError) -> Condition.Operand {
        guard next < tokens.count else { throw error("ends after a comparison") }
        defer { next += 1 }
        switch tokens[next] {
        case .text(let text): return .text(text)
        case .integer(let number): return .integer(number)
        case .name(let name), .quotedName(let name): return .column(name)
        case .symbol(let symbol): throw error("has \(symbol) where a value is expected")
        }
    }

    private mutating func list(_ name: String) throws(ImportError) -> Condition {
        guard take(.symbol("(")) else { throw error("expected ( after `in`") }
        var condition: Condition?
        repeat {
            let value = try operand()
            if case .column = value { throw error("a list holds 'texts' and integers") }
            let test = Condition.compare(name, .equal, value)
            condition = condition.map { .or($0, test) } ?? test
        } while take(.symbol(","))
        guard take(.symbol(")")), let condition else { throw error("a list lacks its )") }
        return condition
    }
}

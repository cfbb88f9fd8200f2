/// Reads a `TextPattern` into its program.
struct PatternParser {
    private indirect enum Node {
        case nothing
        case character(CharacterSet)
        case edge(TextPattern.Edge)
        case sequence([Node])
        case either([Node])
        case repeated(Node, least: Int, most: Int?)
    }

    private let text: [Unicode.Scalar]
    private var next = 0
    private var depth = 0
    private var ignoresCase = false

    /// The most bytes of a pattern.
    static let bytesMax = 512
    private static let timesMax = 1_000
    private static let depthMax = 32
    /// The most instructions for each byte that a pattern may have.
    private static let instructionsPerByte = 8

    private let programMax: Int

    private init(_ text: String, _ bytesMax: Int) {
        self.text = Array(text.unicodeScalars)
        programMax = bytesMax * Self.instructionsPerByte
    }

    static func read(
        _ text: String, _ bytesMax: Int
    ) throws(PatternFault) -> [TextPattern.Instruction] {
        guard (1...bytesMax).contains(text.utf8.count) else {
            throw PatternFault(expected: "1 to \(bytesMax) bytes", place: 1)
        }
        var parser = PatternParser(text, bytesMax)
        if parser.take("(?i)") { parser.ignoresCase = true }
        let node = try parser.alternatives()
        guard parser.next == parser.text.count else { throw parser.fault("a ( before )") }
        var program: [TextPattern.Instruction] = []
        try parser.write(node, to: &program)
        return program + [.match]
    }

    private func fault(_ expected: String) -> PatternFault {
        PatternFault(expected: expected, place: next + 1)
    }

    private mutating func take(_ word: String) -> Bool {
        let wanted = Array(word.unicodeScalars)
        guard text[next...].starts(with: wanted) else { return false }
        next += wanted.count
        return true
    }

    private mutating func alternatives() throws(PatternFault) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { throw fault("no more than \(Self.depthMax) groups") }
        var ways = [try sequence()]
        while take("|") { ways.append(try sequence()) }
        return ways.count == 1 ? ways[0] : .either(ways)
    }

    private mutating func sequence() throws(PatternFault) -> Node {
        var nodes: [Node] = []
        while next < text.count, text[next] != "|", text[next] != ")" {
            let node = try single()
            nodes.append(try repeated(node))
        }
        return nodes.isEmpty ? .nothing : .sequence(nodes)
    }

    private mutating func repeated(_ node: Node) throws(PatternFault) -> Node {
        if take("*") { return .repeated(node, least: 0, most: nil) }
        if take("+") { return .repeated(node, least: 1, most: nil) }
        if take("?") { return .repeated(node, least: 0, most: 1) }
        guard take("{") else { return node }
        let least = try number()
        var most: Int? = least
        if take(",") { most = next < text.count && text[next] != "}" ? try number() : nil }
        guard take("}"), most ?? least >= least else { throw fault("{n}, {n,} or {n,m}") }
        return .repeated(node, least: least, most: most)
    }

    private mutating func number() throws(PatternFault) -> Int {
        var digits = ""
        while next < text.count, ("0"..."9").contains(text[next]), digits.count < 5 {
            digits.unicodeScalars.append(text[next])
            next += 1
        }
        guard let number = Int(digits), number <= Self.timesMax else {
            throw fault("a number up to \(Self.timesMax)")
        }
        return number
    }

    private mutating func single() throws(PatternFault) -> Node {
        let scalar = text[next]
        switch scalar {
        case "(":
            next += 1
            if take("?"), !take(":") { throw fault("(?: or a group without ?") }
            let node = try alternatives()
            guard take(")") else { throw fault("a )") }
            return node
        case "[":
            next += 1
            return .character(try characters())
        case "*", "+", "?", "{": throw fault("something before \(scalar)")
        case ".":
            next += 1
            return .character(.any)
        case "^":
            next += 1
            return .edge(.start)
        case "$":
            next += 1
            return .edge(.end)
        case "\\":
            if take("\\b") { return .edge(.word) }
            return .character(CharacterSet(cased(try escaped())))
        default:
            next += 1
            return .character(CharacterSet(cased([scalar.value...scalar.value])))
        }
    }

    private func cased(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        ignoresCase ? CharacterSet.bothCases(ranges) : ranges
    }

    private mutating func escaped() throws(PatternFault) -> [ClosedRange<UInt32>] {
        next += 1
        guard next < text.count else { throw fault("a character behind \\") }
        let scalar = text[next]
        next += 1
        switch scalar {
        case "d": return CharacterSet.digits
        case "D": return CharacterSet.others(CharacterSet.digits)
        case "w": return CharacterSet.words
        case "W": return CharacterSet.others(CharacterSet.words)
        case "s": return CharacterSet.blanks
        case "S": return CharacterSet.others(CharacterSet.blanks)
        case "t": return [0x09...0x09]
        case "n": return [0x0A...0x0A]
        case "r": return [0x0D...0x0D]
        default:
            guard scalar.isASCII, !CharacterSet.isWord(scalar.value) else {
                next -= 1
                throw fault("one of d D w W s S b t n r or a mark behind \\")
            }
            return [scalar.value...scalar.value]
        }
    }

    private mutating func characters() throws(PatternFault) -> CharacterSet {
        let isInverted = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while true {
            guard next < text.count else { throw fault("a ]") }
            if take("]") { break }
            let first = try character()
            guard first.count == 1, first[0].count == 1, next + 1 < text.count, text[next] == "-",
                text[next + 1] != "]"
            else {
                ranges += first
                continue
            }
            next += 1
            let last = try character()
            guard last.count == 1, last[0].count == 1, last[0].lowerBound >= first[0].lowerBound
            else { throw fault("a range like a-z") }
            ranges.append(first[0].lowerBound...last[0].lowerBound)
        }
        guard !ranges.isEmpty else { throw fault("a character between [ and ]") }
        return CharacterSet(cased(ranges), isInverted: isInverted)
    }

    private mutating func character() throws(PatternFault) -> [ClosedRange<UInt32>] {
        guard text[next] != "\\" else { return try escaped() }
        next += 1
        return [text[next - 1].value...text[next - 1].value]
    }

    private func write(
        _ node: Node, to program: inout [TextPattern.Instruction]
    ) throws(PatternFault) {
        guard program.count < programMax else {
            throw PatternFault(expected: "shorter: it repeats too much", place: 1)
        }
        switch node {
        case .nothing: break
        case .character(let set): program.append(.character(set))
        case .edge(let edge): program.append(.edge(edge))
        case .sequence(let nodes): for node in nodes { try write(node, to: &program) }
        case .either(let nodes):
            var ends: [Int] = []
            for (index, node) in nodes.enumerated() {
                let isLast = index == nodes.count - 1
                let split = program.count
                if !isLast { program.append(.split(split + 1, 0)) }
                try write(node, to: &program)
                guard !isLast else { break }
                ends.append(program.count)
                program.append(.jump(0))
                program[split] = .split(split + 1, program.count)
            }
            for end in ends { program[end] = .jump(program.count) }
        case .repeated(let node, let least, let most):
            for _ in 0..<least { try write(node, to: &program) }
            guard let most else {
                let split = program.count
                program.append(.split(split + 1, 0))
                try write(node, to: &program)
                program.append(.jump(split))
                program[split] = .split(split + 1, program.count)
                return
            }
            var splits: [Int] = []
            for _ in least..<most {
                splits.append(program.count)
                program.append(.split(program.count + 1, 0))
                try write(node, to: &program)
            }
            for split in splits { program[split] = .split(split + 1, program.count) }
        }
    }
}

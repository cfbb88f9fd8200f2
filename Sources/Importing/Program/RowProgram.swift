internal import EventModel

/// A mapping, compiled for one order of columns: arrays of small steps over column numbers.
///
/// Running it per row uses no dictionary, no `String` and no allocation once buffers have grown.
public struct RowProgram: Sendable {
    /// The columns by number.
    let columns: [String]
    let format: BoundFormat
    let times: TimeProgram
    let order: EventOrder
    /// The texts that templates and conditions refer to by range.
    private(set) var literals: [UInt8] = []
    private(set) var nodes: [ConditionNode] = []
    /// The root node of each named condition.
    private(set) var namedConditions: [Int32] = []
    private(set) var maps: [SpanTable<[UInt8]>] = []
    private(set) var mapFallbacks: [[UInt8]?] = []
    private(set) var mapNames: [String] = []
    private(set) var pieces: [TemplatePiece] = []
    private(set) var words: [WordPair] = []
    private(set) var choices: [MomentChoice] = []
    private(set) var events: [EventStep] = []

    /// The node of each named condition that is compiled, by name, while compiling.
    private var conditionNumbers: [String: Int32] = [:]

    /// Compiles a mapping for a table with these columns.
    ///
    /// - Throws: `mapping` when it names a column, a condition, a text or a map that is not there.
    public init(_ mapping: Mapping, columns: [String]) throws(ImportError) {
        self.columns = columns
        format = try BoundFormat(mapping.table, columns: columns)
        times = try TimeProgram(mapping.times, columns: columns)
        order = mapping.order
        for name in mapping.maps.keys.sorted() { addMap(name, mapping.maps[name] ?? [:]) }
        for name in mapping.conditions.keys.sorted() {
            guard !columns.contains(name) else {
                throw .mapping(
                    place: "[conditions] \(name)", problem: "is also a column; rename it")
            }
            var open: [String] = []
            _ = try conditionNumber(name, mapping, &open)
        }
        for rule in mapping.events { try add(rule, mapping) }
    }

    private mutating func addMap(_ name: String, _ map: [String: String]) {
        let entries = map.filter { $0.key != "*" }.sorted { $0.key < $1.key }
        maps.append(SpanTable(entries.map { ($0.key, Array($0.value.utf8)) }))
        mapFallbacks.append(map["*"].map { Array($0.utf8) })
        mapNames.append(name)
    }

    mutating func literal(_ text: some Sequence<UInt8>) -> Range<Int32> {
        let start = Int32(literals.count)
        literals.append(contentsOf: text)
        return start..<Int32(literals.count)
    }

    func column(_ name: String, place: String) throws(ImportError) -> Int32 {
        if let index = columns.firstIndex(of: name) { return Int32(index) }
        let near = columns.map { ($0, Spelling.distance($0, name)) }
            .filter { $0.1 <= 2 }.min { $0.1 < $1.1 }?.0
        throw .mapping(
            place: place,
            problem: "there is no column `\(name)`" + (near.map { "; did you mean \($0)?" } ?? ""))
    }
}

extension RowProgram {
    mutating func append(_ node: ConditionNode) -> Int32 {
        nodes.append(node)
        return Int32(nodes.count - 1)
    }

    /// Returns the number of a named condition, compiling it first if need be.
    mutating func conditionNumber(
        _ name: String, _ mapping: Mapping, _ open: inout [String]
    ) throws(ImportError) -> Int32? {
        if let number = conditionNumbers[name] { return number }
        guard let text = mapping.conditions[name] else { return nil }
        let place = "[conditions] \(name)"
        guard !open.contains(name) else {
            throw .mapping(place: place, problem: "refers to itself")
        }
        open.append(name)
        let condition = try ConditionParser.parse(text, place: place)
        let root = try compile(condition, mapping, place, &open)
        open.removeLast()
        guard namedConditions.count < ImportLimits.conditionsMax else {
            throw .mapping(
                place: "[conditions]", problem: "are more than \(ImportLimits.conditionsMax)")
        }
        namedConditions.append(root)
        let number = Int32(namedConditions.count - 1)
        conditionNumbers[name] = number
        return number
    }

    /// Compiles a rule's condition; nil: always.
    mutating func condition(
        _ text: String?, _ mapping: Mapping, _ place: String
    ) throws(ImportError) -> Int32 {
        guard let text else { return -1 }
        var open: [String] = []
        let condition = try ConditionParser.parse(text, place: place)
        return try compile(condition, mapping, place, &open)
    }

    private mutating func add(_ rule: EventRule, _ mapping: Mapping) throws(ImportError) {
        let place = "[[event]] \(rule.step)"
        let compiler = TemplateCompiler(mapping: mapping, step: rule.step, place: place)
        let when = try condition(rule.when, mapping, "\(place) when")
        let firstChoice = choices.count
        var open: [String] = []
        try add(rule.at, outer: -1, mapping, "\(place) at", &open)
        let id = try compiler.pieces(mapping.id, key: "id", &self)
        let firstWord = words.count
        try add(Self.merged(mapping.attributes, rule.attributes), mapping, compiler)
        for identifier in mapping.identifiers + rule.identifiers {
            let when = try condition(identifier.when, mapping, "\(place) identifiers when")
            try add(identifier.role, identifier.value, when, compiler)
        }
        let wordRange = firstWord..<words.count
        let data = try rule.data.map { text throws(ImportError) in
            try compiler.pieces(text, key: "data", &self)
        }
        let dataHead = (rule.contentType.map { ["content_type", $0] } ?? []) + ["DATA"]
        events.append(
            EventStep(
                name: rule.step,
                head: encoded([rule.type, "source", mapping.source, "id"]), when: when,
                choices: firstChoice..<choices.count, id: id, words: wordRange, data: data,
                dataHead: encoded(dataHead), dataHeadWords: dataHead.count))
    }

    /// Adds where a time comes from, named moments written out.
    private mutating func add(
        _ at: [TimeChoice], outer: Int32, _ mapping: Mapping, _ place: String,
        _ open: inout [String]
    ) throws(ImportError) {
        for choice in at {
            let own = try condition(choice.when, mapping, "\(place) when")
            let when = both(outer, own)
            if let time = times.index(of: choice.name) {
                choices.append(MomentChoice(when: when, time: Int32(time)))
            } else if let moment = mapping.moments[choice.name] {
                guard !open.contains(choice.name), choices.count < ImportLimits.choicesMax else {
                    throw .mapping(
                        place: "[moments] \(choice.name)", problem: "refers to itself")
                }
                open.append(choice.name)
                try add(moment, outer: when, mapping, "[moments] \(choice.name)", &open)
                open.removeLast()
            } else {
                _ = try column(choice.name, place: place)
                throw .mapping(
                    place: place,
                    problem: "\(choice.name) is none of the [time] clocks and stamps")
            }
        }
    }

    /// Adds attributes; of those with one name only the first that applies may be written.
    private mutating func add(
        _ attributes: [AttributeRule], _ mapping: Mapping, _ compiler: TemplateCompiler
    ) throws(ImportError) {
        var name = ""
        /// The node of "none of the choices before applies"; -1: there are none.
        var othersFail: Int32 = -1
        var isDecided = false
        for attribute in attributes {
            let place = "\(compiler.place) \(attribute.name)"
            if attribute.name == name {
                guard !isDecided else {
                    throw .mapping(
                        place: place, problem: "has a choice after one without a condition")
                }
            } else {
                othersFail = -1
            }
            name = attribute.name
            isDecided = attribute.when == nil
            let when = try condition(attribute.when, mapping, "\(place) when")
            try add(name, attribute.value, both(othersFail, when), compiler)
            if when >= 0 {
                othersFail = both(othersFail, append(ConditionNode(kind: .not, left: when)))
            }
        }
    }

    private mutating func both(_ left: Int32, _ right: Int32) -> Int32 {
        if left < 0 { return right }
        if right < 0 { return left }
        return append(ConditionNode(kind: .and, left: left, right: right))
    }

    private mutating func add(
        _ name: String, _ value: String, _ when: Int32, _ compiler: TemplateCompiler
    ) throws(ImportError) {
        if let constant = try compiler.constant(value, key: name) {
            guard !constant.isEmpty else { return }
            words.append(WordPair(when: when, name: encoded([name, constant]), value: nil))
        } else {
            words.append(
                WordPair(
                    when: when, name: encoded([name]),
                    value: try compiler.pieces(value, key: name, &self)))
        }
    }

    private mutating func encoded(_ words: [String]) -> Range<Int32> {
        literal(EncodedWords.encode(words))
    }

    mutating func append(_ piece: TemplatePiece) { pieces.append(piece) }

    /// A rule's own attribute replaces the common one of the same name.
    private static func merged(
        _ common: [AttributeRule], _ own: [AttributeRule]
    ) -> [AttributeRule] {
        common.filter { rule in !own.contains { $0.name == rule.name } } + own
    }
}

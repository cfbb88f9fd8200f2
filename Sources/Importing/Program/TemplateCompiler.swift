/// Compiles templates of one event rule.
///
///     {column}        the column's value
///     {column|name}   the value translated by map `name`
///     {column|time}   the moment of a clock or stamp, as RFC 3339
///     {text}          another text of the mapping's [texts]
///     {step}          the rule's step
///     {line}          the number of the row's line
///     {{ and }}       braces
struct TemplateCompiler {
    let mapping: Mapping
    let step: String
    let place: String

    /// Appends a template's pieces to the program.
    func pieces(
        _ text: String, key: String, _ program: inout RowProgram
    ) throws(ImportError) -> Range<Int32> {
        var open: [String] = []
        var pieces: [TemplatePiece] = []
        try expand(text, key, &program, &open, &pieces)
        let start = Int32(program.pieces.count)
        for piece in pieces { program.append(piece) }
        return start..<Int32(program.pieces.count)
    }

    /// Returns the text of a template without references; nil where it has some.
    func constant(_ text: String, key: String) throws(ImportError) -> String? {
        guard !text.replacing("{{", with: "").replacing("{step}", with: "").contains("{") else {
            return nil
        }
        return text.replacing("{step}", with: step).replacing("{{", with: "{")
            .replacing("}}", with: "}")
    }

    private func error(_ key: String, _ problem: String) -> ImportError {
        .mapping(place: "\(place) \(key)", problem: problem)
    }

    private func expand(
        _ text: String, _ key: String, _ program: inout RowProgram, _ open: inout [String],
        _ pieces: inout [TemplatePiece]
    ) throws(ImportError) {
        var literal = ""
        var rest = Substring(text)
        func flush(_ program: inout RowProgram, _ pieces: inout [TemplatePiece]) {
            guard !literal.isEmpty else { return }
            let range = program.literal(literal.utf8)
            pieces.append(
                TemplatePiece(kind: .literal, first: range.lowerBound, second: range.upperBound))
            literal = ""
        }
        while let character = rest.first {
            if rest.hasPrefix("{{") || rest.hasPrefix("}}") {
                literal.append(character)
                rest.removeFirst(2)
            } else if character == "{" {
                guard let end = rest.firstIndex(of: "}") else {
                    throw error(key, "has a { without its }; a brace itself is {{")
                }
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[rest.index(after: end)...]
                if name == "step" {
                    literal += step
                    continue
                }
                flush(&program, &pieces)
                try reference(name, key, &program, &open, &pieces)
            } else {
                guard character != "}" else {
                    throw error(key, "has a } without its {; a brace itself is }}")
                }
                literal.append(character)
                rest.removeFirst()
            }
        }
        flush(&program, &pieces)
    }

    private func reference(
        _ name: String, _ key: String, _ program: inout RowProgram, _ open: inout [String],
        _ pieces: inout [TemplatePiece]
    ) throws(ImportError) {
        if name == "line" {
            pieces.append(TemplatePiece(kind: .line))
            return
        }
        if let text = mapping.texts[name] {
            guard !open.contains(name) else { throw error(key, "text \(name) refers to itself") }
            open.append(name)
            try expand(text, key, &program, &open, &pieces)
            open.removeLast()
            return
        }
        let parts = name.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let columnName = String(parts[0])
        let column = try program.column(columnName, place: "\(place) \(key)")
        guard parts.count == 2 else {
            pieces.append(TemplatePiece(kind: .column, first: column))
            return
        }
        if parts[1] == "time" {
            guard let time = program.times.index(of: columnName) else {
                throw error(key, "\(columnName) is none of the [time] clocks and stamps")
            }
            pieces.append(TemplatePiece(kind: .moment, first: Int32(time)))
            return
        }
        guard let map = program.mapNames.firstIndex(of: String(parts[1])) else {
            throw error(key, "there is no map `\(parts[1])`")
        }
        pieces.append(TemplatePiece(kind: .mapped, first: column, second: Int32(map)))
    }
}

/// Reads one line of the catalogue. The lines are part of the program: a mistake in one traps at
/// the first use of the registry, which every test makes.
enum CatalogueLine {
    static func definitions(
        of line: String, envelope: EventTypeDefinition? = nil
    ) -> [EventTypeDefinition] {
        let words = line.split(separator: " ").map(String.init)
        guard let names = words.first else { preconditionFailure("an empty line in the catalogue") }
        let attributes = words.dropFirst().map { attribute($0, of: names, envelope: envelope) }
        let required = attributes.filter(\.isRequired)
        let inOrder = required + attributes.filter { !$0.isRequired }
        return names.split(separator: ",").map {
            EventTypeDefinition(name: String($0), attributes: inOrder)
        }
    }

    private static func attribute(
        _ text: String, of type: String, envelope: EventTypeDefinition?
    ) -> AttributeDefinition {
        var rest = Substring(text)
        let name = String(rest.prefix { $0.isLowercase || $0.isNumber || $0 == "_" })
        rest.removeFirst(name.count)
        precondition(!name.isEmpty, "\(type): an attribute without a name in `\(text)`")
        let isRequired = take("!", from: &rest)
        let stars = rest.prefix { $0 == "*" }.count
        rest.removeFirst(stars)
        let inherited = envelope?.attributes.first { $0.name == name }
        var kind = inherited?.kind ?? .text
        if take(":", from: &rest) {
            let word = String(rest.prefix { $0.isLowercase })
            guard let named = AttributeKind.allCases.first(where: { "\($0)" == word }) else {
                preconditionFailure("\(type): no kind `\(word)`")
            }
            kind = named
            rest.removeFirst(word.count)
        }
        var words = inherited?.words ?? []
        if take("=", from: &rest) {
            words = rest.split(separator: "|").map(String.init)
            rest = ""
        }
        precondition(rest.isEmpty && stars <= 2, "\(type): cannot read `\(text)`")
        let classes: [AttributeClass] = [.open, .personal, .sensitive]
        return AttributeDefinition(
            name: name, kind: kind, attributeClass: classes[stars], isRequired: isRequired,
            words: words)
    }

    private static func take(_ mark: Character, from rest: inout Substring) -> Bool {
        guard rest.first == mark else { return false }
        rest.removeFirst()
        return true
    }
}

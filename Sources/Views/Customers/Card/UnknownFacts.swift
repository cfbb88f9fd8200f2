internal import EventModel

/// What is not known of a person that whoever talks to them would want to know.
enum UnknownFacts {
    private static let names = ["name", "first_name", "full_name"]
    private static let languages = ["language"]

    static func of(_ person: Person, _ facts: [Subject]) -> [StaticString] {
        var unknown: [StaticString] = []
        unknown.reserveCapacity(6)
        if !has(facts, .trait, names) { unknown.append("name") }
        let speaks = has(facts, .preference, languages) || has(facts, .trait, languages)
        if !speaks { unknown.append("language") }
        if !person.hasIdentifier("phone") { unknown.append("phone") }
        if !person.hasIdentifier("email") { unknown.append("email") }
        if !person.isProved { unknown.append("verification") }
        if !facts.contains(where: { $0.kind == .consent }) { unknown.append("consent") }
        return unknown
    }

    private static func has(
        _ facts: [Subject], _ kind: SubjectKind, _ names: [String]
    ) -> Bool {
        facts.contains { fact in
            fact.kind == kind && fact.record.state()?.isOpen ?? false
                && names.contains(fact.record.trails[0].text("name") ?? "")
        }
    }
}

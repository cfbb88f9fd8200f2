/// Refusals: made only when there is one, for texts cost more than all checks together.
extension EventIntake {
    /// The name of the event's type, whether the registry knows it or not.
    var typeName: String { encoder.type.text() }

    private var definition: EventTypeDefinition? {
        type == IntakeTable.anyType ? nil : registry.types[Int(type) - 1]
    }

    func missingRefusal(_ bit: Int) -> EventRefusal {
        let attributes = definition?.attributes ?? []
        return .missing(type: typeName, attribute: attributes[bit].name)
    }

    func illTypedRefusal(_ name: RawSpan, _ kind: AttributeKind) -> EventRefusal {
        .illTyped(type: typeName, attribute: name.text(), expected: kind.expectation)
    }

    func notAWordRefusal(_ rule: AttributeRule) -> EventRefusal {
        let owner = rule.isOwn ? definition ?? registry.envelope : registry.envelope
        let attribute = owner.attributes[Int(rule.bit)]
        return .notAWord(type: typeName, attribute: attribute.name, words: attribute.words)
    }

    func unknownRefusal(_ name: RawSpan) -> EventRefusal {
        .unknownAttribute(type: typeName, attribute: name.printableName(), near: near(name))
    }

    /// Finds the one known name that a mistyped one resembles.
    private func near(_ name: RawSpan) -> String? {
        let known = (definition?.attributes ?? []) + registry.envelope.attributes
        let candidates = known.map { ($0.name, Spelling.distance($0.name, name.text())) }
        return candidates.filter { $0.1 <= 2 }.min { $0.1 < $1.1 }?.0
    }
}

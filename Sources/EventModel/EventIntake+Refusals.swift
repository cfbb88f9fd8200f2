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

    func negativeRefusal(_ name: RawSpan) -> EventRefusal {
        .illTyped(
            type: typeName, attribute: name.text(),
            expected: "a number of milliseconds, 0 or more: nothing ends before it begins")
    }

    func notAWordRefusal(_ rule: AttributeRule) -> EventRefusal {
        let owner = rule.isOwn ? definition ?? registry.envelope : registry.envelope
        let attribute = owner.attributes[Int(rule.bit)]
        return .notAWord(type: typeName, attribute: attribute.name, words: attribute.words)
    }

    func unknownRefusal(_ name: RawSpan) -> EventRefusal {
        .unknownAttribute(type: typeName, attribute: name.printableName(), near: near(name))
    }

    /// Finds the one known name that a mistyped one resembles, be it in another style of writing.
    private func near(_ name: RawSpan) -> String? {
        guard let written = name.shownName else { return nil }
        let known =
            (definition?.attributes ?? []).map(\.name) + registry.envelope.attributes.map(\.name)
            + IdentifierRole.allCases.map { "\($0.attributeName)" }
            + ["source", "occurred", "content_type"]
        let plain = Self.plain(written)
        let candidates = known.map { ($0, Spelling.distance(Self.plain($0), plain)) }
        return candidates.filter { $0.1 <= 2 && $0.1 * 2 < plain.utf8.count }
            .min { $0.1 < $1.1 }?.0
    }

    /// Takes away what `ringMs`, `RING_MS` and `ring-ms` differ in, and a strength.
    private static func plain(_ name: String) -> String {
        name.prefix { $0 != ":" }.lowercased().filter { $0 != "_" && $0 != "-" && $0 != "." }
    }
}

extension RawSpan {
    /// Whether an attribute of that name says how long something takes: all `…_ms` do, but for what
    /// a clock is ahead or behind.
    var isOfDuration: Bool {
        guard byteCount > 3, extracting(byteCount - 3..<byteCount).equals("_ms") else {
            return false
        }
        return !equals("lag_ms")
    }
}

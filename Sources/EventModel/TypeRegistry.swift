/// One attribute that a type knows.
public struct AttributeDefinition: Sendable {
    /// The name in snake_case.
    public let name: String
    /// What its value is.
    public let kind: AttributeKind
    /// Which part of the record holds it.
    public let attributeClass: AttributeClass
    /// Whether an event without it is refused.
    public let isRequired: Bool
    /// The words it may be, where the list is closed; empty otherwise.
    public let words: [String]
}

/// What an event of one type must and may say.
public struct EventTypeDefinition: Sendable {
    /// The type's name.
    public let name: String
    /// Its own attributes, required ones first; envelope ones that it does not require are not
    /// repeated here.
    public let attributes: [AttributeDefinition]
    let byName: SpanTable<Int>

    init(name: String, attributes: [AttributeDefinition]) {
        self.name = name
        self.attributes = attributes
        byName = SpanTable(attributes.enumerated().map { ($0.element.name, $0.offset) })
    }

    /// Returns the definition of an attribute, with its index, or nil.
    public func attribute(_ name: RawSpan) -> (index: Int, definition: AttributeDefinition)? {
        guard let index = byName[name] else { return nil }
        return (index, attributes[index])
    }
}

/// Knows every event type that folds read. Types it does not know are welcome in the log.
public struct TypeRegistry: Sendable {
    /// The known types, in the order of the catalogue.
    public let types: [EventTypeDefinition]
    /// The attributes that every event may have.
    public let envelope: EventTypeDefinition
    let byName: SpanTable<Int>
    let intake: IntakeTable

    /// The catalogue of this version.
    public static let standard = TypeRegistry(catalogue: Catalogue.all)

    /// Builds the registry from lines of the catalogue; see `Catalogue` for their form.
    init(catalogue: [String]) {
        envelope = CatalogueLine.definitions(of: Catalogue.envelope)[0]
        let envelope = envelope
        types = catalogue.flatMap { section in
            section.split(separator: "\n").flatMap { line in
                CatalogueLine.definitions(of: String(line), envelope: envelope)
            }
        }
        byName = SpanTable(types.enumerated().map { ($0.element.name, $0.offset) })
        intake = IntakeTable(types: types, envelope: envelope)
    }

    /// Returns the definition of a type, or nil when it is not known.
    public func type(_ name: RawSpan) -> EventTypeDefinition? { byName[name].map { types[$0] } }

    /// Returns a type's number in this process, or nil. It is not stored anywhere: it lets folds
    /// switch on a small integer.
    public func index(_ name: RawSpan) -> Int? { byName[name] }
}

/// Which class each value is of: attributes of events by the catalogue, identifiers by their kind,
/// and what documents name besides. What nobody has registered is personal where it is a text, so that
/// what is new is hidden until somebody says that it need not be.
public struct DataRegister: Sendable {
    /// What the configuration says of a name, before everything else.
    public struct Override: Sendable, Equatable {
        /// What is named.
        public enum Subject: String, Sendable {
            /// An attribute of any type, and the field of that name in documents.
            case attribute
            /// A kind of identifier.
            case identifier
        }

        let subject: Subject
        let name: String
        let dataClass: DataClass

        /// Reads `attribute:name=class` or `identifier:kind=class`; nil for any other text.
        public init?(_ text: String) {
            let sides = text.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let dataClass = DataClass(String(sides[1])) else { return nil }
            let words = sides[0].split(separator: ":", omittingEmptySubsequences: false)
            guard words.count == 2, let subject = Subject(rawValue: String(words[0])) else {
                return nil
            }
            let name = String(words[1])
            guard unsafe name.utf8Span.span.bytes.isSnakeCase,
                name.utf8.count <= EventLimits.attributeNameBytesMax
            else { return nil }
            self.subject = subject
            self.name = name
            self.dataClass = dataClass
        }
    }

    private let types: TypeRegistry
    private let attributes: SpanTable<DataClass>
    private let identifiers: SpanTable<DataClass>
    private let fields: SpanTable<DataClass>

    /// What is shipped, and what is said otherwise; of two words on one name the later holds.
    public init(_ overrides: [Override] = [], types: TypeRegistry = .standard) {
        self.types = types
        var attributes: [String: DataClass] = [:]
        var identifiers = Dictionary(
            uniqueKeysWithValues: Self.secretKinds.map { ($0, DataClass.secret) })
        for override in overrides {
            switch override.subject {
            case .attribute: attributes[override.name] = override.dataClass
            case .identifier: identifiers[override.name] = override.dataClass
            }
        }
        let fields = Self.fields(types).merging(attributes) { $1 }
        self.attributes = Self.table(attributes)
        self.identifiers = Self.table(identifiers)
        self.fields = Self.table(fields)
    }

    private static func table(_ classes: [String: DataClass]) -> SpanTable<DataClass> {
        SpanTable(classes.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) })
    }

    /// Documents take most of their fields from attributes: open where they are so in every type,
    /// else personal. In which of them a sensitive one stands is said by `sensitiveFields`.
    private static func fields(_ types: TypeRegistry) -> [String: DataClass] {
        var fields: [String: DataClass] = [:]
        for type in types.types + [types.envelope] {
            for attribute in type.attributes {
                let dataClass = min(DataClass(attribute.attributeClass), .personal)
                fields[attribute.name] = max(fields[attribute.name] ?? .open, dataClass)
            }
        }
        for field in openFields { fields[field] = .open }
        for field in personalFields { fields[field] = .personal }
        return fields
    }

    /// The class of an event's attribute.
    public func attribute(_ name: RawSpan, ofType type: RawSpan) -> DataClass {
        if let said = attributes[name] { return said }
        let definition =
            types.type(type)?.attribute(name)?.definition
            ?? types.envelope.attribute(name)?.definition
        return definition.map { DataClass($0.attributeClass) } ?? .personal
    }

    /// The class of an identifier.
    public func identifier(_ kind: RawSpan) -> DataClass { identifiers[kind] ?? .personal }

    /// The class of a document's field; nil for one that is not registered.
    ///
    /// - Parameter section: The field in which the object stands; empty at the top.
    public func field(_ name: RawSpan, in section: RawSpan) -> DataClass? {
        if let said = attributes[name] { return said }
        if Self.sensitiveFields.contains(where: {
            section.equals($0.section) && name.equals($0.field)
        }) {
            return .sensitive
        }
        return fields[name]
    }
}

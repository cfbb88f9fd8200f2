import Testing

@testable import EventModel

@Suite("the registry of event types")
struct TypeRegistryTests {
    let registry = TypeRegistry.standard

    @Test("the catalogue has every expected type, and no other")
    func names() {
        let names = Set(registry.types.map(\.name))
        let expected = Set(ExpectedTypes.names)
        #expect(expected.subtracting(names).sorted() == [])
        #expect(names.subtracting(expected).sorted() == [])
        #expect(registry.types.count == ExpectedTypes.names.count)
        #expect(ExpectedTypes.names.count == 255)
    }

    @Test("a type is found by its name and by nothing else")
    func lookUp() throws {
        for (index, type) in registry.types.enumerated() {
            #expect(lookUp(type.name)?.name == type.name)
            #expect(try #require(lookUpIndex(type.name)) == index)
        }
        for name in ["", "queue", "queue.enter", "queue.entered ", "Queue.entered", "envelope"] {
            #expect(lookUp(name) == nil)
            #expect(lookUpIndex(name) == nil)
        }
    }

    @Test("names fit their limits, attributes are snake_case and stand once")
    func spelling() {
        for type in registry.types {
            #expect(type.name.utf8.count <= EventLimits.typeBytesMax)
            #expect(Set(type.attributes.map(\.name)).count == type.attributes.count)
            for attribute in type.attributes + registry.envelope.attributes {
                #expect(unsafe attribute.name.utf8Span.span.bytes.isSnakeCase, "\(type.name)")
                #expect(attribute.name.utf8.count <= EventLimits.attributeNameBytesMax)
            }
        }
    }

    @Test("one bit per attribute is enough to remember which were seen")
    func attributeCounts() {
        #expect(registry.envelope.attributes.count <= 64)
        for type in registry.types {
            #expect(type.attributes.count <= 64, "\(type.name)")
            #expect(
                type.attributes.count + registry.envelope.attributes.count
                    <= EventLimits.attributesMax, "\(type.name)")
        }
    }

    @Test("required attributes stand before the optional ones")
    func requiredFirst() {
        for type in registry.types {
            let required = type.attributes.map(\.isRequired)
            #expect(required == required.sorted { $0 && !$1 }, "\(type.name)")
        }
    }

    @Test("no attribute is named like an event field, a role or a foreign attribute")
    func reservedNames() {
        let reserved =
            ["source", "id", "occurred", "content_type", "data"]
            + IdentifierRole.allCases.map { "\($0.attributeName)" }
        for type in registry.types + [registry.envelope] {
            for attribute in type.attributes {
                #expect(!reserved.contains(attribute.name), "\(type.name)")
                #expect(!attribute.name.hasPrefix("ext_"), "\(type.name)")
            }
        }
    }

    @Test("closed lists are lists of different words, and only text has them")
    func words() {
        for type in registry.types + [registry.envelope] {
            for attribute in type.attributes where !attribute.words.isEmpty {
                #expect(attribute.kind == .text, "\(type.name) \(attribute.name)")
                #expect(attribute.words.count > 1, "\(type.name) \(attribute.name)")
                #expect(Set(attribute.words).count == attribute.words.count)
                for word in attribute.words {
                    #expect(word.utf8.allSatisfy { $0.isLetter }, "\(type.name): \(word)")
                }
            }
        }
    }

    @Test("an envelope attribute in a type keeps the kind that the envelope gives it")
    func envelopeKinds() {
        let kinds = Dictionary(
            uniqueKeysWithValues: registry.envelope.attributes.map { ($0.name, $0.kind) })
        for type in registry.types {
            for attribute in type.attributes {
                guard let kind = kinds[attribute.name] else { continue }
                #expect(attribute.kind == kind, "\(type.name) \(attribute.name)")
                #expect(attribute.attributeClass == .open, "\(type.name) \(attribute.name)")
            }
        }
    }

    @Test("the grammar's marks are read: required, class, kind, words")
    func marks() throws {
        let number = try attribute("number", of: "callback.requested")
        #expect(number.isRequired && number.kind == .text && number.attributeClass == .personal)
        let total = try attribute("total", of: "order.placed")
        #expect(total.isRequired && total.kind == .money && total.attributeClass == .open)
        let score = try attribute("score", of: "evaluation.completed")
        #expect(!score.isRequired && score.kind == .integer)
        #expect(score.attributeClass == .sensitive)
        let state = try attribute("state", of: "case.stepped")
        #expect(state.isRequired && state.words == ["started", "done", "waiting"])
        let method = try attribute("method", of: "interaction.created")
        #expect(method.words.count == 10 && method.words.contains("consult"))
        let channel = try attribute("channel", of: "session.started")
        #expect(channel.isRequired && channel.words.contains("post"))
    }

    @Test("each place that holds personal data is listed once")
    func personalDataPlaces() {
        let places = PersonalDataPlace.allCases
        #expect(Set(places.map(\.rawValue)).count == places.count)
        #expect(places.filter { $0.holds == .plain }.map(\.rawValue).contains("log/*.segment"))
    }

    private func lookUp(_ name: String) -> EventTypeDefinition? {
        unsafe registry.type(name.utf8Span.span.bytes)
    }

    private func lookUpIndex(_ name: String) -> Int? {
        unsafe registry.index(name.utf8Span.span.bytes)
    }

    private func attribute(_ name: String, of type: String) throws -> AttributeDefinition {
        let definition = try #require(lookUp(type))
        return try #require(unsafe definition.attribute(name.utf8Span.span.bytes)?.definition)
    }
}

extension UInt8 {
    /// Tells whether the byte is an ASCII letter.
    fileprivate var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
}

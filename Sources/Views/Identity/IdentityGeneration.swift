internal import ContactCentre
public import EventModel

/// The definition of rules by which all events are read, those before it too: what an identity view is
/// begun with. All views that are folded behind it say which it was, as another has other customers.
public struct IdentityGeneration: Sendable, Equatable {
    /// Where the definition stands in the log; zero where none is for all of it.
    public let position: Position
    /// Its version.
    public let version: String
    /// Its body.
    public let body: String

    /// No definition is for all events: each holds for those behind it.
    public static let none = IdentityGeneration(position: .zero, version: "", body: "")

    private init(position: Position, version: String, body: String) {
        self.position = position
        self.version = version
        self.body = body
    }

    /// Takes rules that nobody has defined yet, as if they were defined at a position.
    ///
    /// - Returns: nil for a body that cannot be read.
    public init?(trying body: String, at position: Position) {
        guard Self.rules(body, "tried") != nil else { return nil }
        self.init(position: position, version: "tried", body: body)
    }

    /// Takes a definition that is for all events; nil for any other event, and where the body cannot be
    /// read.
    public init?(_ event: borrowing EventView) {
        guard event.type.equals("definition.set"),
            event.bytes("kind")?.equals("identityRules") == true
        else { return nil }
        self.init(event.text("version") ?? "", event.text("body") ?? "", at: event.position)
    }

    private init?(_ version: String, _ body: String, at position: Position) {
        guard let rules = Self.rules(body, version), rules.content.isForAllHistory else {
            return nil
        }
        self.init(position: position, version: version, body: body)
    }

    static func rules(_ body: String, _ version: String) -> IdentityRules? {
        do throws(IdentityRulesFault) {
            return try unsafe IdentityRules.read(body.utf8Span.span.bytes, version: version)
        } catch {
            return nil
        }
    }

    /// The row that an identity view is begun with; none where nothing is for all events.
    public var firstRow: (key: [UInt8], row: [UInt8])? {
        guard self != .none else { return nil }
        var row: [UInt8] = []
        IdentityDefinitions(self).encode(into: &row)
        return (IdentityDefinitions.key, row)
    }
}

extension IdentityView {
    /// The last definition for all events that a view knows of, whether it was begun with it or not.
    public static func wantedGeneration<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> IdentityGeneration {
        let definitions = try IdentityDefinitions.decoded(try reader.row(IdentityDefinitions.key))
        let last = definitions?.all.filter {
            IdentityGeneration.rules($0.body, $0.version)?.content.isForAllHistory ?? false
        }.max { $0.position < $1.position }
        guard let last, let found = IdentityGeneration(last) else { return .none }
        return found
    }

    /// Where the definition stands that a view was begun with; zero where it was with none.
    public static func generation<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> Position {
        let definitions = try IdentityDefinitions.decoded(try reader.row(IdentityDefinitions.key))
        return definitions?.all.first { $0.state == .overAll }?.position ?? .zero
    }
}

extension IdentityGeneration {
    fileprivate init?(_ definition: IdentityDefinitions.Definition) {
        self.init(definition.version, definition.body, at: definition.position)
    }
}

internal import ContactCentre
internal import EventModel

/// The rules that the log set, by position.
///
///     key  'r'
///     row  u8 version = 1; num count, then each: num position; u8 State; text version; text body
struct IdentityDefinitions: RowRecord {
    static let version: UInt8 = 1
    static let key = [UInt8(ascii: "r")]

    /// What a definition comes to. The raw value is stored: never renumber.
    enum State: UInt8 {
        /// Its body cannot be read: it changes nothing.
        case refused = 0
        /// It holds for the events behind it.
        case behind = 1
        /// The view was begun with it: it holds for the events before it too.
        case overAll = 2
        /// It names our own numbers, for the events behind it.
        case ownNumbers = 3
    }

    struct Definition: Equatable {
        var position: Position
        var state: State
        var version: String
        var body: String

        var isValid: Bool { state != .refused }
    }

    private(set) var all: [Definition] = []

    init() {}

    /// What a view begins with that reads all events by a definition.
    init(_ generation: IdentityGeneration) {
        all = [
            Definition(
                position: generation.position, state: .overAll, version: generation.version,
                body: generation.body)
        ]
    }

    var isEmpty: Bool { all.isEmpty }

    /// Adds a definition; one whose body cannot be read is noted and changes nothing, and one that the
    /// view was begun with is there.
    mutating func add(_ version: String, _ body: String, at position: Position) {
        guard !all.contains(where: { $0.position == position }) else { return }
        let isValid = IdentityGeneration.rules(body, version) != nil
        all.append(
            Definition(
                position: position, state: isValid ? .behind : .refused, version: version,
                body: body))
    }

    /// Adds a definition of our own numbers.
    mutating func add(ownNumbers body: String, _ version: String, at position: Position) {
        all.append(
            Definition(
                position: position, state: Self.ownNumbers(body) == nil ? .refused : .ownNumbers,
                version: version, body: body))
    }

    static func ownNumbers(_ body: String) -> [String]? {
        do throws(IdentityRulesFault) {
            return try unsafe OwnNumbers.read(body.utf8Span.span.bytes)
        } catch {
            return nil
        }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "definitions row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("definitions row version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            let position = Position(try reader.varint())
            guard let state = State(rawValue: try reader.byte()) else {
                throw MalformedBytes("state of a definition", at: reader.offset)
            }
            all.append(
                Definition(
                    position: position, state: state, version: try reader.text(),
                    body: try reader.text()))
        }
        guard reader.isAtEnd else { throw MalformedBytes("definitions row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(all.count))
        for definition in all {
            row.append(varint: definition.position.rawValue)
            row.append(definition.state.rawValue)
            row.append(text: definition.version)
            row.append(text: definition.body)
        }
    }
}

/// Which rules held at which position.
public struct IdentityRulesHistory: Sendable {
    private var entries: [(since: Position, rules: IdentityRules)] = []
    /// Those that hold for all events up to their definition.
    private var overAll: (since: Position, rules: IdentityRules)?

    /// What is shipped, always.
    public init() {}

    init(_ definitions: IdentityDefinitions) throws(ViewFault) {
        if let over = definitions.all.first(where: { $0.state == .overAll }) {
            overAll = (over.position, try Self.rules(over))
        }
        var rules = overAll?.rules ?? .shipped
        var ownNumbers: [String] = []
        for definition in definitions.all.sorted(by: { $0.position < $1.position })
        where definition.isValid {
            if definition.state == .ownNumbers {
                guard let numbers = IdentityDefinitions.ownNumbers(definition.body) else {
                    throw .damaged(MalformedBytes("a definition of own numbers", at: 0))
                }
                ownNumbers = numbers
            } else {
                // What was defined before is replaced by what is for all events as well.
                guard definition.position > overAll?.since ?? .zero else { continue }
                rules = try Self.rules(definition)
            }
            var content = rules.content
            content.ownNumbers = ownNumbers
            entries.append(
                (definition.position, ownNumbers.isEmpty ? rules : IdentityRules(content)))
        }
    }

    private static func rules(
        _ definition: IdentityDefinitions.Definition
    ) throws(ViewFault) -> IdentityRules {
        guard let rules = IdentityGeneration.rules(definition.body, definition.version) else {
            throw .damaged(MalformedBytes("a definition of identity rules", at: 0))
        }
        return rules
    }

    /// The rules by which the event at a position is read: those set before it.
    func rules(forEventAt position: Position) -> IdentityRules {
        entries.last { $0.since < position }?.rules ?? overAll?.rules ?? .shipped
    }

    /// Since when they hold that hold for the event at a position.
    func since(forEventAt position: Position) -> Position {
        entries.last { $0.since < position }?.since ?? .zero
    }
}

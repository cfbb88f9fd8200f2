internal import ContactCentre
internal import EventModel

/// The rules that the log set, by position.
///
///     key  'r'
///     row  u8 version = 1; num count, then each: num position; u8 1 = in force, 0 = refused;
///          text version; text body
struct IdentityDefinitions: RowRecord {
    static let version: UInt8 = 1
    static let key = [UInt8(ascii: "r")]

    struct Definition: Equatable {
        var position: Position
        var isValid: Bool
        var version: String
        var body: String
    }

    private(set) var all: [Definition] = []

    init() {}

    var isEmpty: Bool { all.isEmpty }

    /// Adds a definition; one whose body cannot be read is noted and changes nothing.
    mutating func add(_ version: String, _ body: String, at position: Position) {
        let isValid: Bool
        do throws(IdentityRulesFault) {
            _ = try unsafe IdentityRules.read(body.utf8Span.span.bytes, version: version)
            isValid = true
        } catch {
            isValid = false
        }
        all.append(
            Definition(position: position, isValid: isValid, version: version, body: body))
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "definitions row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("definitions row version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            all.append(
                Definition(
                    position: Position(try reader.varint()), isValid: try reader.byte() == 1,
                    version: try reader.text(), body: try reader.text()))
        }
        guard reader.isAtEnd else { throw MalformedBytes("definitions row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(all.count))
        for definition in all {
            row.append(varint: definition.position.rawValue)
            row.append(definition.isValid ? 1 : 0)
            row.append(text: definition.version)
            row.append(text: definition.body)
        }
    }
}

/// Which rules held at which position.
public struct IdentityRulesHistory: Sendable {
    private var entries: [(since: Position, rules: IdentityRules)] = []

    /// What is shipped, always.
    public init() {}

    init(_ definitions: IdentityDefinitions) throws(ViewFault) {
        for definition in definitions.all where definition.isValid {
            do throws(IdentityRulesFault) {
                let rules = try unsafe IdentityRules.read(
                    definition.body.utf8Span.span.bytes, version: definition.version)
                entries.append((definition.position, rules))
            } catch {
                throw .damaged(MalformedBytes("a definition of identity rules", at: 0))
            }
        }
    }

    /// The rules by which the event at a position is read: those set before it.
    func rules(forEventAt position: Position) -> IdentityRules {
        entries.last { $0.since < position }?.rules ?? .shipped
    }

    /// Since when they hold that hold for the event at a position.
    func since(forEventAt position: Position) -> Position {
        entries.last { $0.since < position }?.since ?? .zero
    }
}

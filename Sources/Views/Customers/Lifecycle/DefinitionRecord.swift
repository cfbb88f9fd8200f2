internal import EventModel
internal import JSON

/// The last definition of one kind and key that the card reads, its numbers and texts by path.
///
///     key  'd', text kind, text key
///     row  u8 version = 1; num position; text version of the definition; num count, then each:
///          text path; num count of numbers, then each int; text? text
///
/// A path joins the names of nested members by dots; elements of an array stand under the array's
/// path. Numbers with a fraction and null are left out: folds do not read them.
struct DefinitionRecord: RowRecord {
    static let prefix = UInt8(ascii: "d")
    static let version: UInt8 = 1

    struct Entry: Equatable {
        var path: String
        var numbers: [Int64] = []
        var text: String?
    }

    private(set) var position = Position.zero
    private(set) var name = ""
    private(set) var entries: [Entry] = []

    init() {}

    var isEmpty: Bool { position == .zero }

    /// Takes the place of what was defined before: operators' events order by position. A body
    /// that is no JSON object defines nothing, and what was defined stays.
    mutating func define(_ body: RawSpan, named name: String, at position: Position) {
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONReader.read(body)
        } catch {
            return
        }
        guard value.members != nil else { return }
        self.position = position
        self.name = name
        entries = []
        flatten(value, "")
        entries.sort { $0.path < $1.path }
    }

    private mutating func flatten(_ value: JSONValue, _ path: String) {
        switch value {
        case .object(let members):
            for member in members {
                flatten(member.value, path.isEmpty ? member.name : "\(path).\(member.name)")
            }
        case .array(let elements):
            for element in elements { flatten(element, path) }
        case .integer(let number): entry(path) { $0.numbers.append(number) }
        case .string(let text): entry(path) { $0.text = text }
        case .null, .boolean, .number: break
        }
    }

    private mutating func entry(_ path: String, _ body: (inout Entry) -> Void) {
        if let index = entries.firstIndex(where: { $0.path == path }) {
            return body(&entries[index])
        }
        guard entries.count < ViewLimits.definitionEntriesMax else { return }
        var entry = Entry(path: path)
        body(&entry)
        entries.append(entry)
    }

    /// Returns the numbers under a path.
    func numbers(_ path: String) -> [Int64] { entries.first { $0.path == path }?.numbers ?? [] }

    /// Returns the only number under a path, or nil.
    func number(_ path: String) -> Int64? { numbers(path).first }

    /// Returns the text under a path, or nil.
    func text(_ path: String) -> String? { entries.first { $0.path == path }?.text }

    static func writeKey(_ kind: RawSpan, _ name: RawSpan, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: kind)
        key.append(keyText: name)
    }

    static func key(_ kind: StaticString, _ name: StaticString) -> [UInt8] {
        var key = [prefix]
        key.append(keyText: "\(kind)")
        key.append(keyText: "\(name)")
        return key
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "definition row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("definition row version", at: 0)
        }
        position = Position(try reader.varint())
        name = try reader.text()
        for _ in 0..<(try reader.count()) {
            var entry = Entry(path: try reader.text())
            for _ in 0..<(try reader.count()) { entry.numbers.append(try reader.zigzag()) }
            entry.text = try reader.optionalText()
            entries.append(entry)
        }
        guard reader.isAtEnd else { throw MalformedBytes("definition row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: position.rawValue)
        row.append(text: name)
        row.append(varint: UInt64(entries.count))
        for entry in entries {
            row.append(text: entry.path)
            row.append(varint: UInt64(entry.numbers.count))
            for number in entry.numbers { row.append(zigzag: number) }
            row.append(optionalText: entry.text)
        }
    }
}

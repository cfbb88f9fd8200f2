internal import EventModel

/// The newest versions of one definition.
///
///     key  the view's prefix, text kind, text key
///     row  u8 version = 1; num versions, then each, by when they take effect:
///          int effective from, ms UTC; num position; text name, body
struct DefinitionVersions: RowRecord, Equatable {
    private static let rowVersion: UInt8 = 1

    struct Version: Equatable {
        var effectiveFrom: Timestamp
        var position: Position
        var name: String
        var body: String
    }

    private(set) var versions: [Version] = []

    init() {}

    var isEmpty: Bool { versions.isEmpty }

    /// The version in force at a moment; nil before the first.
    func inForce(at now: Timestamp) -> Version? { versions.last { $0.effectiveFrom <= now } }

    /// Takes a version; the newest few by when they take effect are kept.
    ///
    /// - Parameter most: How many are kept.
    mutating func apply(_ event: borrowing EventView, keeping most: Int) {
        guard let name = event.text("version"), let body = event.text("body"),
            body.utf8.count <= ViewLimits.definitionBytesMax
        else { return }
        let version = Version(
            effectiveFrom: event.time("effective_from") ?? event.occurred,
            position: event.position, name: name, body: body)
        let place =
            versions.firstIndex {
                ($0.effectiveFrom, $0.position) > (version.effectiveFrom, version.position)
            } ?? versions.count
        versions.insert(version, at: place)
        if versions.count > most { versions.removeFirst() }
    }

    /// Forgets all versions but the one of that name that was told last.
    mutating func keep(only name: String) {
        let last = versions.filter { $0.name == name }.max { $0.position < $1.position }
        versions = last.map { [$0] } ?? []
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "definition row")
        guard try reader.byte() == Self.rowVersion else {
            throw MalformedBytes("definition row version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            let from = try reader.moment()
            let position = Position(try reader.varint())
            versions.append(
                Version(
                    effectiveFrom: from, position: position, name: try reader.text(),
                    body: try reader.text()))
        }
        guard reader.isAtEnd else { throw MalformedBytes("definition row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.rowVersion)
        row.append(varint: UInt64(versions.count))
        for version in versions {
            row.append(zigzag: version.effectiveFrom.rawValue)
            row.append(varint: version.position.rawValue)
            row.append(text: version.name)
            row.append(text: version.body)
        }
    }
}

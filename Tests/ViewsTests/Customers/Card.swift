import EventModel
import FoldTesting

@testable import Views

/// A person's card from a few events, for specs.
struct Card {
    let rows: MemoryRows
    static let day: Int64 = 86_400_000

    /// Folds events that follow one by which the person, customer 1, gets known.
    ///
    init(_ happenings: [Happening]) throws {
        var log = MemoryLog()
        log.append(Card.known)
        log.append(happenings)
        var run = FoldRun<CustomersProjection>()
        try run.run(log) { $0.rawValue % 4 == 0 ? .restart : .none }
        rows = run.rows
    }

    static let email = Identifier(kind: "email", value: "ana@example.com", strength: .verified)

    static var known: Happening { Happening("identity.observed", 0, nil, [:], [email]) }

    /// An event that names the person.
    static func ana(
        _ type: String, _ occurred: Int64, _ interaction: String? = nil,
        _ attributes: KeyValuePairs<String, AttributeValue> = [:]
    ) -> Happening {
        Happening(type, occurred, interaction, attributes, [email])
    }

    func document(
        now: Int64, sections: [CardSection]? = CardSection.allCases, history: Bool = false,
        of members: [UInt64] = [1]
    ) throws -> Document {
        var json = JSONWriter()
        _ = try CustomerDocument.write(
            members.map { CustomerID(rawValue: $0) }, now: Timestamp(milliseconds: now),
            options: CardOptions(sections: sections, hasHistory: history), from: rows, to: &json)
        return try Document(json)
    }

    func list(_ section: CardSection, now: Int64, history: Bool = false) throws -> [[String: Any]] {
        try document(now: now, sections: [section], history: history).rows("\(section.word)")
    }

    /// The person's signals, as words.
    func signals(now: Int64) throws -> [String] {
        try list(.signals, now: now).compactMap { $0.string("signal") }
    }

    /// What SIGNALS lists of a kind: the names of what they are about.
    func listed(_ kind: SignalKind, now: Int64, older: Int64 = 0) throws -> [[String: Any]] {
        var json = JSONWriter()
        try SignalsDocument.write(
            [kind], olderMilliseconds: older, count: 100, now: Timestamp(milliseconds: now),
            members: { [$0] }, from: rows, to: &json)
        return try Document(json).rows("signals")
    }
}

extension AttributeValue {
    static func euros(_ cents: Int64) -> AttributeValue {
        .money(minorUnits: cents, currency: "EUR")
    }

    static func at(_ milliseconds: Int64) -> AttributeValue {
        .time(Timestamp(milliseconds: milliseconds))
    }
}

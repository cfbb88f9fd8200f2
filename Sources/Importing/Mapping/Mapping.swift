/// What a mapping file says: how the rows of a delimited table become events.
///
/// The file is TOML. One row becomes as many events as its rules and their conditions say; every
/// name is checked before the first row is read. `bench/mappings/README.md` documents the form.
public struct Mapping: Sendable {
    /// How the table is written.
    public var table: TableFormat
    /// Which columns are times, and how they are written.
    public var times: TimeRules
    /// Named conditions, by name.
    var conditions: [String: String]
    /// Named texts, by name.
    var texts: [String: String]
    /// Named moments, by name.
    var moments: [String: [TimeChoice]]
    /// Maps from values to values, by name; `*` stands for every other value.
    var maps: [String: [String: String]]
    /// The producer's name, the same for every event.
    public var source: String
    /// The template of event ids.
    var id: String
    /// Attributes that every event has.
    var attributes: [AttributeRule]
    /// Identifiers that every event has.
    var identifiers: [IdentifierRule]
    /// In which order a row's events are sent.
    var order: EventOrder
    /// The events a row may become, in order.
    var events: [EventRule]
}

/// In which order a row's events are sent; their times stay what they are.
enum EventOrder: String, CaseIterable {
    /// As the mapping file has them: what happened first by meaning, whatever the clocks say.
    case declared
    /// By time, those of one time as the mapping file has them.
    case time
}

/// Which columns hold times, and how they are written.
public struct TimeRules: Sendable {
    /// The IANA zone of all times that name none.
    var zone: String
    /// The column of the row's date, and how it is written.
    var dateColumn: String?
    var datePattern: TimePattern?
    /// What is added to a year of two digits.
    var century: Int
    /// Columns with a time of day, which belong to the row's date.
    var clockColumns: [String]
    var clockPattern: TimePattern?
    /// A clock that is so many seconds earlier than the reference's is on the next day.
    var rollover: Rollover?
    /// Columns with date and time in one.
    var stampColumns: [String]
    var stampPattern: StampPattern?

    struct Rollover: Equatable {
        var reference: String
        var earlierBySeconds: Int
    }
}

/// How a column writes date and time in one.
enum StampPattern: Equatable {
    /// Local time of the mapping's zone.
    case local(TimePattern)
    /// With its own offset (RFC 3339).
    case rfc3339
    /// Seconds since 1970-01-01T00:00:00Z.
    case epochSeconds
    /// Milliseconds since then.
    case epochMilliseconds

    var text: String {
        switch self {
        case .local(let pattern): pattern.text
        case .rfc3339: "rfc3339"
        case .epochSeconds: "epoch-seconds"
        case .epochMilliseconds: "epoch-milliseconds"
        }
    }
}

/// One event that a row may become.
struct EventRule {
    /// The event's name within the row, part of its id.
    var step: String
    var type: String
    /// Where the time comes from: the first choice that applies and is not blank.
    var at: [TimeChoice]
    /// The condition under which the row has this event; nil: always.
    var when: String?
    var attributes: [AttributeRule]
    var identifiers: [IdentifierRule]
    /// The template of the payload, and its media type.
    var data: String?
    var contentType: String?
}

/// Where a time comes from, if the condition holds: a clock, a stamp or a named moment.
struct TimeChoice {
    var name: String
    var when: String?
}

/// An attribute; it is left out when its value comes out empty. Rules of one name that follow each
/// other are choices: the first whose condition holds counts.
struct AttributeRule {
    var name: String
    var value: String
    var when: String?
}

/// An identifier; it is left out when its condition does not hold.
struct IdentifierRule {
    /// The word it is appended by: `customer`, `customer:verified`, …
    var role: String
    /// `kind:value`.
    var value: String
    var when: String?
}

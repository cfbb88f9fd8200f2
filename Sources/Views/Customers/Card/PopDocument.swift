internal import ContactCentre
public import EventModel

/// CUSTOMER … POP: what an agent must know in the first moments of ringing, in at most
/// `ViewLimits.popBytesMax` bytes, always in this order.
///
///     {"position":…,"now":"…",
///      "match":{"customer":"c_…","candidates":["c_…"],"interaction":"c-8812",
///               "by":{"kind":"phone","value":"…","strength":"line","attestation":"full"},
///               "coverage":"unverified",
///               "authentication":{"level":2,"method":"otp","position":…}},
///      "speak":{"name":"Ana","form_of_address":"du","language":"de","local_time":"…",
///               "accessibility":"…"},
///      "why_now":{"channel":"voice","queue":"…","reason":"…","reason_by":"ivr","flow":"…",
///                 "steps":[{"node":"…","outcome":"ok","position":…}],"human_asked":"…",
///                 "cart":"…","checkout_step":"…","order":"…"},
///      "effort":{"wait_ms":…,"transfers":…,"tries_today":…,"same_reason_7d":…,
///                "same_reason_30d":…,"open_elsewhere":[{"interaction":"…","channel":"chat",
///                "agent":"…"}]},
///      "last":{"from_customer":{…},"from_us":{…},"agent":"…","outcome":"…","note":"…",
///              "promises":[…]},
///      "orders":[{"order":"…","state":"sent","late_ms":…,"refund_pending":{…},
///                 "return_until":"…"}],
///      "alerts":{"flags":["vip"],"case":"k-1","case_step":"…"},
///      "standing":{"stage":"loyal","tier":"gold","score":{"kind":"nps","score":3}},
///      "unknown":["language"],"reply_by":"…","withheld":["orders"]}
///
/// A part is withheld until the contact has been authenticated to the level that a
/// `definition.set` of kind `card`, key the part's name, body `{"level":n}` asks for. Where it may be
/// somebody else, nobody knows who has been.
public enum PopDocument {
    /// Who is asked for.
    public struct Question {
        /// The customers that are the likeliest person, oldest first.
        public var members: [CustomerID]
        /// Others it may be.
        public var candidates: [CustomerID]
        /// The contact that rings; nil to take the newest open one.
        public var interaction: String?
        /// Which of their identifiers are theirs no more.
        public var ends: [IdentifierEnd]
        /// The one of the members whose identifier showed them; nil where a customer was named.
        public var by: CustomerID?

        /// Asks.
        public init(
            members: [CustomerID], candidates: [CustomerID] = [], interaction: String? = nil,
            by: CustomerID? = nil, ends: [IdentifierEnd] = []
        ) {
            self.members = members
            self.candidates = candidates
            self.interaction = interaction
            self.by = by
            self.ends = ends
        }
    }

    /// Writes the document.
    ///
    /// - Parameter zone: The offsets of an IANA zone, or nil for an unknown name.
    /// - Returns: Whether the person is known; if not, nothing is written.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ question: Question, now: Timestamp, zone: (String) -> (any ZoneOffsets)?,
        from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        guard let person = try Person(question.members, ending: question.ends, reader) else {
            return false
        }
        let pop = try Pop(person, question, now: now, reader)
        json.beginObject()
        let start = json.count - 1
        json.field("position", reader.position)
        json.field("now", now)
        var parts = PopParts(
            level: question.candidates.isEmpty ? pop.authentication?.level ?? 0 : 0,
            asked: pop.definitions.levels,
            bound: start + ViewLimits.popBytesMax)
        pop.writeMatch(question, &json)
        try parts.write(.speak, &json) { (json) throws(ViewFault) in
            pop.writeSpeak(zone, &json)
        }
        try parts.write(.whyNow, &json) { (json) throws(ViewFault) in
            try pop.writeWhyNow(reader, &json)
        }
        try parts.write(.effort, &json) { (json) throws(ViewFault) in
            try pop.writeEffort(reader, &json)
        }
        try parts.write(.last, &json) { (json) throws(ViewFault) in
            try pop.writeLast(reader, &json)
        }
        try parts.write(.orders, &json) { (json) throws(ViewFault) in
            try pop.writeOrders(reader, &json)
        }
        try parts.write(.alerts, &json) { (json) throws(ViewFault) in
            try pop.writeAlerts(reader, &json)
        }
        try parts.write(.standing, &json) { (json) throws(ViewFault) in
            try pop.writeStanding(reader, &json)
        }
        try parts.write(.unknown, &json) { (json) throws(ViewFault) in
            pop.writeUnknown(&json)
        }
        pop.writeReplyBy(&json)
        parts.finish(&json)
        json.endObject()
        return true
    }
}

/// The parts of the document that can be withheld.
enum PopPart: UInt8, DomainWord {
    case speak = 0
    case whyNow = 1
    case effort = 2
    case last = 3
    case orders = 4
    case alerts = 5
    case standing = 6
    case unknown = 7

    var word: StaticString {
        switch self {
        case .speak: "speak"
        case .whyNow: "why_now"
        case .effort: "effort"
        case .last: "last"
        case .orders: "orders"
        case .alerts: "alerts"
        case .standing: "standing"
        case .unknown: "unknown"
        }
    }
}

/// What authentication the parts ask for, as defined.
struct PopLevels {
    /// By the part's raw value.
    private var levels = [Int64](repeating: 0, count: PopPart.allCases.count)

    init(_ definitions: [Definitions.Named]) {
        for (word, definition) in definitions {
            guard let part = PopPart.allCases.first(where: { "\($0.word)" == word }),
                let level = definition.number("level")
            else { continue }
            levels[Int(part.rawValue)] = level
        }
    }

    func level(_ part: PopPart) -> Int64 { levels[Int(part.rawValue)] }
}

/// Writes parts, as far as they may be shown and fit.
struct PopParts {
    private let level: Int64
    private let asked: PopLevels
    private let bound: Int
    private var withheld: [PopPart] = []
    private var cut: [PopPart] = []

    /// Room for what says what is missing, and the moment to reply by.
    private static let tailBytes = 220

    init(level: Int64, asked: PopLevels, bound: Int) {
        self.level = level
        self.asked = asked
        self.bound = bound
    }

    mutating func write(
        _ part: PopPart, _ json: inout JSONWriter,
        _ body: (inout JSONWriter) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        guard level >= asked.level(part) else { return withheld.append(part) }
        let fits = try json.attempt(upTo: bound - Self.tailBytes) { (json) throws(ViewFault) in
            json.key(part.word)
            try body(&json)
        }
        if !fits { cut.append(part) }
    }

    func finish(_ json: inout JSONWriter) {
        list("withheld", withheld, &json)
        list("cut", cut, &json)
    }

    private func list(_ key: StaticString, _ parts: [PopPart], _ json: inout JSONWriter) {
        guard !parts.isEmpty else { return }
        json.key(key)
        json.beginArray()
        for part in parts { json.value(part.word) }
        json.endArray()
    }
}

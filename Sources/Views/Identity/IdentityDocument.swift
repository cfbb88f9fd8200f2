internal import ContactCentre
public import EventModel

/// Why identifiers are one person: what IDENTITY answers.
///
///     {"position":…,"customer":"c_…","strength":"…","customers":["c_…",…],
///      "identifiers":[{"kind":"email","value":"…","customer":"c_…","strength":"verified",
///                      "since":…,"first_seen":"…","verified":…,"until":…,"ended":"released"}],
///      "unions":[{"between":["c_…","c_…"],"rule":"verified","position":…,"recorded":"…"}],
///      "ended":[… with "until"],"kept_apart":[…],
///      "rejected":[{"customer":"c_…","with":"c_…","why":"line","first":…,"last":…,"count":…}],
///      "candidates":[{"customer":"c_…","last":…,"count":…}],
///      "suggestions":[{"customer":"c_…","score":0.95,"name":{"score":0.97,"positions":[…,…]},
///                      "birth_date":{…},"address":{…}}],"suggestions_cut":true,
///      "alert":{"raised":…,"identifiers":…,"unions_in_day":…}}
///
/// Each position is that of the event that says so. `household` among `rejected` is a suggestion:
/// two stated identifiers of which nothing beside them agrees. `suggestions` are persons whose names,
/// and birth dates or addresses, are alike, the likeliest first: nobody is united by that. `suggestions_cut` says that
/// too many share a birth date or an address for all of them to be compared.
public enum IdentityDocument {
    /// Writes the document of a person.
    ///
    /// - Parameter alike: Who may be the same person; nil where nobody has looked.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ match: PersonMatch, alike: AlikeSearch? = nil, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(ViewFault) {
        let position = reader.position
        json.beginObject()
        json.field("position", position)
        json.key("customer")
        json.value(match.person)
        json.field("strength", word: match.strength?.word)
        json.field("customers", Array(match.customers.prefix(ViewLimits.identityRowsShown)))
        var (rejected, groups): ([(CustomerID, Companion)], [CustomerID]) = ([], [])
        json.key("identifiers")
        json.beginArray()
        for customer in match.customers.prefix(ViewLimits.identityRowsShown) {
            guard let founder = try IdentityView.founder(of: customer, reader) else { continue }
            try write(customer, founder, asOf: position, to: &json)
            if founder.record.customer == customer {
                rejected += founder.record.companions.filter { !$0.customer.isSurrogate }
                    .map { (customer, $0) }
            }
            if let group = founder.holding.group, !groups.contains(group) { groups.append(group) }
        }
        json.endArray()
        try writeUnions(groups, match.customers, asOf: position, reader, &json)
        write(rejected, match.customers, asOf: position, &json)
        json.key("candidates")
        json.beginArray()
        for candidate in match.candidates {
            json.beginObject()
            json.key("customer")
            json.value(candidate.person)
            if let last = candidate.last { json.field("last", last) }
            json.field("count", candidate.count.map { Int64(clamping: $0) })
            json.endObject()
        }
        json.endArray()
        if let alike {
            json.key("suggestions")
            json.beginArray()
            for person in alike.persons { person.write(to: &json) }
            json.endArray()
            if alike.isCut { json.field("suggestions_cut", true) }
        }
        try writeAlert(groups, reader, &json)
        json.endObject()
    }

    /// Writes that an identifier is nobody's, and why.
    ///
    /// - Returns: False where it was never seen.
    public static func writeVacancy<Reader: ViewReader & ~Copyable>(
        of identifier: RawSpan, from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        let position = reader.position
        guard let key = try IdentityView.key(of: identifier, asOf: position, reader),
            let record = try IdentifierRecord.decoded(try reader.row(key)),
            let holding = record.holding(asOf: position), holding.customer == nil
        else { return false }
        json.beginObject()
        json.field("position", position)
        json.field("state", word: holding.vacancy.reason.word)
        json.field("since", holding.since)
        json.endObject()
        return true
    }

    private static func write(
        _ customer: CustomerID,
        _ founder: (
            key: [UInt8], record: IdentifierRecord, holding: IdentifierRecord.Holding
        ), asOf position: Position, to json: inout JSONWriter
    ) throws(ViewFault) {
        let parts = try unsafe IdentifierKey.parts(founder.key.span.bytes)
        let holding = founder.holding
        let isProved = holding.verified != .zero && holding.verified <= position
        json.beginObject()
        if !parts.scope.isEmpty { json.field("scope", parts.scope) }
        json.field("kind", parts.kind)
        json.field("value", parts.value)
        json.key("customer")
        json.value(customer)
        json.field("strength", word: (isProved ? .verified : holding.strength).word)
        json.field("since", holding.since)
        json.field("first_seen", holding.firstSeen)
        if isProved { json.field("verified", holding.verified) }
        if let end = founder.record.end(of: customer), end.position <= position {
            json.field("until", end.position)
            json.field("ended", word: end.reason.word)
        }
        json.endObject()
    }

    /// Writes what united customers of a person, and what kept them apart, as the document does.
    ///
    ///     "unions":[…],"ended":[…],"kept_apart":[…]
    public static func writeUnions<Reader: ViewReader & ~Copyable>(
        of customers: [CustomerID], from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) {
        var groups: [CustomerID] = []
        for customer in customers {
            guard let group = try IdentityView.founder(of: customer, reader)?.holding.group,
                !groups.contains(group)
            else { continue }
            groups.append(group)
        }
        try writeUnions(groups, customers, asOf: reader.position, reader, &json)
    }

    private static func writeUnions<Reader: ViewReader & ~Copyable>(
        _ names: [CustomerID], _ customers: [CustomerID], asOf position: Position,
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        var unions: [GroupRecord.Union] = []
        for name in names { unions += try IdentityView.group(name, reader).unions }
        unions = unions.filter {
            $0.position <= position
                && (customers.contains($0.left) || customers.contains($0.right))
        }
        let standing = unions.filter { $0.stands(asOf: position) }
        let apart = unions.filter { $0.rule == .separated }
        let ended = unions.filter { !$0.stands(asOf: position) && $0.rule != .separated }
        write("unions", standing, &json)
        write("ended", ended, &json)
        write("kept_apart", apart, &json)
    }

    private static func write(
        _ name: StaticString, _ unions: [GroupRecord.Union], _ json: inout JSONWriter
    ) {
        json.key(name)
        json.beginArray()
        for union in unions.prefix(ViewLimits.identityRowsShown) {
            json.beginObject()
            json.field("between", [union.left, union.right])
            if union.rule != .separated { json.field("rule", word: union.rule.word) }
            json.field("position", union.position)
            json.field("recorded", union.recorded)
            if union.ended != .zero { json.field("until", union.ended) }
            json.endObject()
        }
        json.endArray()
    }

    private static func write(
        _ rejected: [(CustomerID, Companion)], _ customers: [CustomerID],
        asOf position: Position, _ json: inout JSONWriter
    ) {
        json.key("rejected")
        json.beginArray()
        // What has been united since is no longer rejected.
        let shown = rejected.filter {
            $0.1.first <= position && !customers.contains($0.1.customer)
        }
        for (customer, companion) in shown.prefix(ViewLimits.identityRowsShown) {
            json.beginObject()
            json.key("customer")
            json.value(customer)
            json.key("with")
            json.value(companion.customer)
            json.field("why", word: companion.refusal.word)
            json.field("first", companion.first)
            json.field("last", min(companion.last, position))
            json.field("count", Int64(clamping: companion.count))
            json.endObject()
        }
        json.endArray()
    }

    private static func writeAlert<Reader: ViewReader & ~Copyable>(
        _ groups: [CustomerID], _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        var key: [UInt8] = []
        for group in groups {
            IdentityAlert.writeKey(group, to: &key)
            guard let alert = try IdentityAlert.decoded(try reader.row(key)) else { continue }
            json.key("alert")
            json.beginObject()
            json.field("raised", alert.raised)
            json.field("identifiers", alert.identifiers)
            json.field("unions_in_day", alert.unionsInDay)
            return json.endObject()
        }
    }
}

extension IdentityView {
    /// How many groups hold a person who has grown beyond the bounds; counting ends at
    /// `ViewLimits.identityAlertsCounted`.
    public static func alertCount<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> Int {
        var count = 0
        try reader.rows(
            from: [IdentityAlert.prefix], below: [IdentityAlert.prefix + 1]
        ) { _, _ throws(ViewFault) in
            count += 1
            return count < ViewLimits.identityAlertsCounted
        }
        return count
    }

    /// The rules in force: their version, where a later definition was refused because its body cannot
    /// be read, and where one stands that is for all events and waits for views to be folded anew.
    public static func rulesState<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> (version: String, refused: Position?, pending: Position?) {
        let version = try rules(reader).rules(forEventAt: Position(.max)).content.version
        let wanted = try wantedGeneration(reader).position
        let pending = try wanted == generation(reader) ? nil : wanted
        guard let row = try reader.row(IdentityDefinitions.key),
            let last = try IdentityDefinitions.decoded(row)?.all.last, !last.isValid
        else { return (version, nil, pending) }
        return (version, last.position, pending)
    }

    /// The scope in which a customer's identifier lies; nil for an id that nobody has.
    public static func scope<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, _ reader: borrowing Reader
    ) throws(ViewFault) -> String? {
        guard let founder = try founder(of: customer, reader) else { return nil }
        return try unsafe IdentifierKey.parts(founder.key.span.bytes).scope
    }
}

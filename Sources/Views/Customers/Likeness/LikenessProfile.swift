public import EventModel

/// What is known of a person by which others may turn out to be the same: how they are called, when they
/// were born, where they live.
struct LikenessProfile {
    /// A text, and the event that said it last.
    struct Said {
        let text: String
        let position: Position
    }

    /// Where somebody lives.
    struct Place {
        let trace: UInt64
        /// Its lines.
        let said: Said
    }

    private(set) var names: [Said] = []
    private(set) var births: [Said] = []
    private(set) var places: [Place] = []
    /// Who they are known to live with.
    private(set) var household: [KeyName] = []

    init(_ facts: [Subject]) {
        var (first, last): (Said?, Said?) = (nil, nil)
        for fact in facts where fact.record.state()?.isOpen ?? false {
            switch fact.kind {
            case .trait:
                guard let trail = fact.record.trail("trait.set"), let name = trail.text("name"),
                    let value = trail.text("value")
                else { continue }
                let said = Said(text: value, position: trail.newest.position)
                switch name {
                case "name", "full_name": names.append(said)
                case "first_name": first = said
                case "last_name": last = said
                // What has no digits is no day.
                case "birth_date" where LikenessTrace.of(birthDate: value) != nil:
                    births.append(said)
                default: break
                }
            case .address:
                guard let trail = fact.record.trail("address.set"),
                    let code = trail.text("postal_code")
                else { continue }
                let lines = trail.text("lines") ?? ""
                guard let trace = LikenessTrace.of(postalCode: code, lines: lines) else { continue }
                let said = Said(text: lines, position: trail.newest.position)
                places.append(Place(trace: trace, said: said))
            case .household:
                guard fact.record.state()?.word.isSame(as: "confirmed") ?? false else { continue }
                household.append(fact.name)
            default: break
            }
        }
        if let first, let last {
            names.append(
                Said(
                    text: "\(first.text) \(last.text)", position: max(first.position, last.position)
                ))
        }
    }

    /// What is looked up of them.
    var traces: [UInt64] {
        var traces: [UInt64] = []
        let all = births.compactMap { LikenessTrace.of(birthDate: $0.text) } + places.map(\.trace)
        for trace in all where !traces.contains(trace) { traces.append(trace) }
        return traces
    }
}

/// Somebody who may be the same person: a suggestion, by which nobody is united (INTEROP §9, rule 7).
public struct AlikePerson: Sendable {
    /// What two have in common, and by which events.
    public struct Evidence: Sendable {
        /// 1 where it reads the same.
        public let score: Double
        /// The event of the one asked for, and that of the other.
        public let positions: [Position]
    }

    /// The person: their oldest customer.
    public let person: CustomerID
    /// How alike their names are, at least `NameLikeness.least`.
    public let name: Evidence
    /// That they were born on the same day.
    public let birthDate: Evidence?
    /// That they live at the same place, at least `placeLeast`.
    public let address: Evidence?

    /// From 0 to 1: two fifths each for name and birth date, one for the address.
    public var score: Double {
        (2 * name.score + 2 * (birthDate?.score ?? 0) + (address?.score ?? 0)) / 5
    }

    /// From what on two addresses of one postal code and house number are one: more than `street` is the
    /// same.
    private static let placeLeast = 0.6

    /// Holds two against each other.
    ///
    /// - Returns: nil where their names are not alike, nothing beside them agrees, or they were born on
    ///   different days.
    init?(_ person: CustomerID, _ one: LikenessProfile, _ other: LikenessProfile) {
        let name = Self.most(one.names, other.names) { NameLikeness.score($0, $1) }
        guard let name, name.score >= NameLikeness.least else { return nil }
        let birth = Self.most(one.births, other.births) {
            LikenessTrace.of(birthDate: $0) == LikenessTrace.of(birthDate: $1) ? 1 : 0
        }
        if let birth, birth.score == 0 { return nil }
        var place: Evidence?
        for mine in one.places {
            let near = other.places.filter { $0.trace == mine.trace }.map(\.said)
            let found = Self.most([mine.said], near) { NameLikeness.sharedWords($0, $1) }
            guard let found, found.score >= Self.placeLeast else { continue }
            if place.map({ $0.score < found.score }) ?? true { place = found }
        }
        guard birth != nil || place != nil else { return nil }
        self.person = person
        self.name = name
        birthDate = birth
        address = place
    }

    /// The pair that is most alike; nil where one side says nothing.
    private static func most(
        _ one: [LikenessProfile.Said], _ other: [LikenessProfile.Said],
        _ score: (String, String) -> Double
    ) -> Evidence? {
        var most: Evidence?
        for mine in one {
            for theirs in other {
                let found = score(mine.text, theirs.text)
                guard most.map({ $0.score < found }) ?? true else { continue }
                most = Evidence(score: found, positions: [mine.position, theirs.position])
            }
        }
        return most
    }

    /// Writes `{"customer":"c_9","score":0.95,"name":{"score":0.97,"positions":[3,9]},
    /// "birth_date":{…},"address":{…}}`, what there is of it.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("customer")
        json.value(person)
        json.field("score", Self.rounded(score))
        Self.write("name", name, to: &json)
        Self.write("birth_date", birthDate, to: &json)
        Self.write("address", address, to: &json)
        json.endObject()
    }

    private static func write(
        _ key: StaticString, _ evidence: Evidence?, to json: inout JSONWriter
    ) {
        guard let evidence else { return }
        json.key(key)
        json.beginObject()
        json.field("score", rounded(evidence.score))
        json.key("positions")
        json.beginArray()
        for position in evidence.positions { json.value(position) }
        json.endArray()
        json.endObject()
    }

    private static func rounded(_ score: Double) -> Double { (score * 100).rounded() / 100 }
}

internal import EventModel

/// A signal of a person, as of a moment.
struct PersonSignal {
    let kind: SignalKind
    let since: Timestamp
    /// What it is about, and its name; none for the person as a whole.
    let subject: SubjectKind
    let name: KeyName
    /// The events behind it.
    let positions: [Position]

    /// Tells it from others, whatever its age.
    func hash(of customer: CustomerID, into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(customer)
        hasher.combine(since)
        hasher.combine(subject)
        hasher.combine(name)
        for position in positions { hasher.combine(position) }
    }

    /// Writes `{"signal":"orderLate","since":"…","age_ms":…,"order":"o-1","positions":[…]}`.
    ///
    /// - Parameter customer: Whose it is, where that is not said elsewhere.
    func write(_ moment: CardMoment, of customer: CustomerID? = nil, to json: inout JSONWriter) {
        json.beginObject()
        json.field("signal", word: kind.word)
        if let customer {
            json.key("customer")
            json.value(customer)
        }
        json.field("since", since)
        moment.write("age_ms", ageSince: since, to: &json)
        if !name.isEmpty { json.field(subject.word, name) }
        json.key("positions")
        json.beginArray()
        for position in positions { json.value(position) }
        json.endArray()
        json.endObject()
    }
}

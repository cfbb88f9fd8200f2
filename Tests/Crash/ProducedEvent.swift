/// One event as its producer knows it, before it is sent.
struct ProducedEvent: Equatable {
    let type: String
    let source: String
    let id: String
    let occurred: String
    /// `kind:value`, as the customer's identifier.
    let customer: String?
    let attributes: [String: String]
    let text: String?

    /// The words of an append behind the command's name.
    var words: [String] {
        var words = [type, "source", source, "id", id, "occurred", occurred]
        if let customer { words += ["customer", customer] }
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) { words += [name, value] }
        if let text { words += ["content_type", "text/plain", "DATA", text] }
        return words
    }
}

/// One request of the producer: an event, or several of which all are stored or none.
struct ProducedRequest {
    let events: [ProducedEvent]

    /// The command.
    var words: [String] {
        guard events.count > 1 else { return ["APPEND"] + events[0].words }
        return events.reduce(into: ["APPENDBATCH", "\(events.count)"]) { words, event in
            words += ["\(event.words.count)"] + event.words
        }
    }
}

internal import EventModel

/// Putting what happens into events.
extension ShopSimulation {
    /// Tells of something that happens now.
    ///
    /// - Parameter text: A message or another payload in plain text.
    mutating func tell(
        _ type: String, from source: Source, _ identifiers: [Identifier] = [],
        _ attributes: [Attribute], text: String? = nil
    ) {
        told += 1
        var id = tag
        id += String(told)
        give(
            EventDraft(
                type: type, source: source.name, id: id,
                occurred: Timestamp(milliseconds: now), identifiers: identifiers,
                attributes: attributes, contentType: text == nil ? "" : "text/plain",
                data: text.map { Array($0.utf8) } ?? []))
    }

    /// What an event of a contact says beside its own attributes.
    struct Mention: OptionSet {
        let rawValue: UInt8

        static let queue = Mention(rawValue: 1)
        static let agent = Mention(rawValue: 2)
        /// Whom it concerns.
        static let person = Mention(rawValue: 4)
    }

    /// Tells of something that happens to a contact now.
    mutating func tell(
        _ type: String, of slot: Int, _ mention: Mention = [], _ attributes: [Attribute] = [],
        from source: Source? = nil, text: String? = nil
    ) {
        let contact = contacts[slot]
        var all: [Attribute] = []
        all.reserveCapacity(attributes.count + 4)
        all.append(.ref("interaction", contact.id))
        all.append(.text("channel", contact.medium.channel))
        if mention.contains(.queue) { all.append(.ref("queue", contact.queue.name)) }
        if mention.contains(.agent), contact.agent >= 0 {
            all.append(.ref("agent", agentNames[contact.agent]))
        }
        all.append(contentsOf: attributes)
        tell(
            type, from: source ?? contact.medium.source,
            mention.contains(.person) ? contact.identifiers : [], all, text: text)
    }
}

/// What a producer says: an event before it has a place in the log.
public struct EventDraft: Sendable, Hashable {
    /// The type, like `queue.entered`.
    public var type: String
    /// The producer; with `id` unique for ever.
    public var source: String
    /// The producer's own id for the event.
    public var id: String
    /// When it happened; nil when the producer did not say.
    public var occurred: Timestamp?
    /// Whom it concerns.
    public var identifiers: [Identifier]
    /// Typed attributes, envelope ones (interaction, channel, queue, agent …) included.
    public var attributes: [Attribute]
    /// The media type of the payload; empty when there is none.
    public var contentType: String
    /// The opaque payload.
    public var data: [UInt8]

    /// Makes a draft.
    public init(
        type: String, source: String, id: String, occurred: Timestamp? = nil,
        identifiers: [Identifier] = [], attributes: [Attribute] = [], contentType: String = "",
        data: [UInt8] = []
    ) {
        self.type = type
        self.source = source
        self.id = id
        self.occurred = occurred
        self.identifiers = identifiers
        self.attributes = attributes
        self.contentType = contentType
        self.data = data
    }

    /// Returns the first attribute of that name.
    public subscript(_ name: String) -> AttributeValue? {
        attributes.first { $0.name == name }?.value
    }
}

/// An event with its place in the log, as owned values: for tools and tests. Folds use `EventView`.
public struct Event: Sendable, Hashable {
    /// Its place.
    public var position: Position
    /// When the log took it; never decreases along positions.
    public var recorded: Timestamp
    /// When it happened, as far as the producer's clock is believed (`EventView.occurred`).
    public var occurred: Timestamp
    /// What the producer said; `draft.occurred` is nil where it did not say when.
    public var draft: EventDraft
}

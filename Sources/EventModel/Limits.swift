/// The bounds of one event. A request beyond one of them is refused and nothing is stored.
public enum EventLimits {
    /// The whole encoded record, in bytes.
    public static let recordBytesMax = 1_048_576
    /// The name of a type, in bytes.
    public static let typeBytesMax = 64
    /// The name of an attribute, in bytes.
    public static let attributeNameBytesMax = 64
    /// The value of one text attribute, in bytes.
    public static let textBytesMax = 32_768
    /// Attributes of one event, of both parts together.
    public static let attributesMax = 128
    /// Identifiers of one event.
    public static let identifiersMax = 16
    /// What a stored event holds as identifiers: those, and behind them what it tells of who is erased or
    /// was united by what is redacted. A byte counts them.
    public static let identifiersStoredMax = 255
    /// Moves of erased customers that an event tells of, whoever they were. Of unions there are fewer than
    /// of identifiers.
    public static let erasedMovesMax = identifiersStoredMax - 2 * identifiersMax
    /// The kind of an identifier, in bytes.
    public static let identifierKindBytesMax = 32
    /// The value of an identifier, in bytes.
    public static let identifierValueBytesMax = 256
    /// The producer's name, in bytes.
    public static let sourceBytesMax = 128
    /// The producer's id for the event, in bytes.
    public static let idBytesMax = 256
    /// The content type of the payload, in bytes.
    public static let contentTypeBytesMax = 128
    /// The payload, in bytes.
    public static let dataBytesMax = 786_432
    /// A reference (interaction, queue, agent, …), in bytes: they become parts of keys.
    public static let referenceBytesMax = 200
    /// How far ahead of the store's clock `occurred` may lie, in milliseconds: one day covers every
    /// time-zone mistake that is one, so that more is refused and less is kept as said.
    public static let occurredAheadMillisecondsMax: Int64 = 86_400_000
    /// How far ahead of the log's clock a source's may run and still be believed, in milliseconds: clocks
    /// that are set by the network are within seconds of each other, and forgotten ones within hours.
    public static let clockAheadMillisecondsMax: Int64 = 300_000
}

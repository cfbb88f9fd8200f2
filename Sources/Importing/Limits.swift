/// The bounds of an import. They keep memory flat whatever the input, and a request within what a
/// daemon accepts (16,384 arguments and 1 MiB + 64 KiB per request).
public enum ImportLimits {
    /// One line of a table or one JSON document, in bytes.
    public static let lineBytesMax = 1 << 20
    /// How much is read from a file at once, in bytes.
    public static let readBytes = 1 << 18
    /// How far from its start a file is looked over for NUL, which no text has.
    public static let sniffBytes = 64 << 10
    /// A mapping file, in bytes.
    public static let mappingBytesMax = 1 << 20
    /// Columns of a table.
    public static let columnsMax = 1_024
    /// Event rules of a mapping.
    public static let eventRulesMax = 64
    /// Places that events' times may come from, named moments written out.
    public static let choicesMax = 16_384
    /// Named conditions of a mapping: each has one bit of a row's memory of them.
    public static let conditionsMax = 64
    /// How deep conditions nest, named ones counted as if they were written out.
    public static let conditionDepthMax = 64
    /// Events per request unless the caller chooses.
    public static let batchEventsDefault = 256
    /// The most events per request that the caller may choose.
    public static let batchEventsMax = 1_024
    /// A batch that has so many words or bytes is sent before another row joins it.
    public static let batchWordsFull = 8_000
    /// The same for bytes.
    public static let batchBytesFull = 128 << 10
    /// The words of one row's events; with `batchWordsFull` still one request.
    public static let rowWordsMax = 8_000
    /// The bytes of one row's events; with `batchBytesFull` still one request.
    public static let rowBytesMax = 896 << 10
    /// If not one of so many first rows can be mapped, the file is not what it claims.
    public static let hopelessRows = 100
    /// If a daemon refuses so many first rows and takes none, the import stops.
    public static let hopelessRefusals = 1_000
    /// Dead letters are kept so long before they are written, in bytes; more than what
    /// `hopelessRows` usual rows take, so that a file that is not a table leaves none behind.
    public static let deadLetterBytesHeld = 64 << 10
}

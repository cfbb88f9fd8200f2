/// The codes that errors begin with, which is what clients match, and what each is about. What is to
/// be done in a case stands behind the code, in words that may change.
public enum ErrorCodes {
    /// One code and what it says.
    public typealias Line = (code: String, meaning: String)

    /// Requests that are not as they must be: the same again is refused again.
    public static let mistakes: [Line] = [
        ("ERR", "no such command, the wrong number of words, or bytes that are no request"),
        ("SYNTAX", "an option or a value that the command does not take"),
        (
            "NOPERM",
            "the command needs another role than the connection has, or the consumer is another user's"
        ),
        ("NOPROTO", "a protocol version that is not spoken, or pushes asked for in RESP2"),
        ("WRONGPASS", "a user or a password was named; there are none"),
        ("UNKNOWN", "nobody has the id or identifier that the command is about"),
        ("AMBIGUOUS", "the identifier shows several persons, one has to be named"),
        ("UNCHANGED", "what is asked for is so already"),
        ("KEPT", "what REDACT is asked to take stays"),
        ("NOCONSUMER", "no consumer has that name"),
        ("EXISTS", "a consumer has that name already"),
    ]

    /// Events that are not taken: nothing of the request was stored.
    public static let events: [Line] = [
        ("BADTYPE", "the type is no name"),
        ("MISSING", "the event lacks its source, its id, or an attribute that its type requires"),
        ("UNKNOWNATTRIBUTE", "the type does not know the attribute"),
        ("ILLTYPED", "the value is not of the attribute's kind"),
        ("REPEATED", "an attribute stands twice"),
        ("TOOLARGE", "a value, an event or a list is over its bound"),
        ("BADTIME", "a time lies too far ahead of the store's clock"),
        ("RESERVED", "a type or source that only the daemon records"),
        ("IDCONFLICT", "the source and id are stored with other content"),
        ("PARTIALREPEAT", "some events of the batch are stored already, others are not"),
        ("CONFLICT", "a stream does not have the version that EXPECT names"),
        ("ERASED", "the event names somebody who was erased, and occurred before that"),
    ]

    /// What may be otherwise later: the same again may be taken.
    public static let states: [Line] = [
        ("AHEAD", "the position lies beyond the head of the log"),
        ("STALE", "the view, or the past moment, was not reached in time"),
        ("REBUILDING", "the view is folded for the first time by this version"),
        ("BUSY", "too many questions about the past wait, or something is being erased"),
        ("EPOCH", "the position was counted in another epoch"),
        (
            "HELD",
            "another connection reads the consumer, or it was reset since what is acknowledged was read"
        ),
        ("BACKUP", "the backup cannot be begun"),
        ("LIMIT", "a limit was met, LIMITS shows all of them"),
        ("STOPPING", "the daemon is stopping: connect anew and say it again"),
    ]

    /// What an operator has to look at.
    public static let troubles: [Line] = [
        ("FULL", "the disk has no room for the append; it is taken once there is some"),
        ("CLOCK", "the machine's clock cannot be believed, CLOCK tells why"),
        ("HALTED", "the view stands still, PROJECTIONS tells why"),
        ("DAMAGED", "events that were asked for cannot be read, others can"),
        ("STORAGE", "the log, an index or the consumers could not be read or written"),
        ("VIEW", "a view could not be read"),
    ]
}

/// The bounds of commands.
public enum CommandLimits {
    /// Events of one APPENDBATCH.
    public static let batchEventsMax = 1_024
    /// Streams that one append may guard.
    public static let guardsMax = 16
    /// Events that one EVENTS or TIMELINE answers.
    public static let eventsPerReplyMax: Int64 = 1_000
    /// Events that EVENTS and TIMELINE answer when not told otherwise.
    public static let eventsPerReplyDefault: Int64 = 100
    /// Bytes after which EVENTS, CONSUMER READ, TIMELINE and EXPORT stop adding events: what the loop masks and
    /// sends in one piece must not keep others waiting for long.
    public static let replyBytesMax = 262_144
    /// As many for who is shown masks, which cost several times what writing does.
    public static let maskedReplyBytesMax = 65_536
    /// Events that one EVENTS call looks through for matching types.
    public static let eventsScannedMax: UInt64 = 8_192
    /// Events that one TIMELINE reads, shown or not: scattered ones cost a block each.
    public static let timelineEventsReadMax = 2_048
    /// Events that one TIMELINE by CHANNEL reads, which the loop does.
    static let timelineChannelEventsReadMax = 256
    /// Events up to which TIMELINE reads them on the loop: fewer than going to another thread takes.
    static let timelineEventsOnLoop = 8
    /// Events up to which it does so where no other connection's page was read there just before: one
    /// more than a usual page has.
    static let timelineEventsAlone = 65
    /// How long before that is.
    static let timelineAloneNanoseconds: UInt64 = 1_000_000
    /// Threads that read the others.
    static let pageThreads = 2
    /// The nice value of these threads.
    static let pageNice: Int32 = 1
    /// Bytes of unpacked blocks that each of them keeps.
    static let pageBlockBytesMax = 8 * 1_048_576
    /// Threads that add up figures.
    static let figuresThreads = 2
    /// The nice value of these threads: behind who writes the log, before who folds.
    static let figuresNice: Int32 = 5
    /// Questions for pages, and for figures, that wait at a time: as many as may wait for anything, if
    /// nobody says else.
    static let besideQuestionsMax = 4_096
    /// Positions that TIMELINE asks an index for at a time.
    public static let timelinePositionsPerStep = 256
    /// Bytes of unpacked blocks that are kept for who asks for single events.
    public static let blockBytesMax = 16 * 1_048_576
    /// The oldest events of an interaction that are read to learn its channel.
    public static let channelEventsReadMax = 16
    /// Identifiers of which is kept whom they showed.
    public static let keptMatchesMax = 16_384
    /// Customers and candidates of one of them.
    public static let keptMatchPersonsMax = 16
    /// How long a command may wait, in milliseconds.
    public static let waitMillisecondsMax: Int64 = 60_000
    /// How long AFTER waits when not told otherwise, in milliseconds.
    public static let waitMillisecondsDefault: Int64 = 1_000
    /// Bytes of an identifier or a name that FOLLOW takes.
    public static let followedNameBytesMax = 1_024
    /// How long a change of a consumer may wait for the disk before it is answered that it does.
    public static let flushWaitMilliseconds: Int64 = 10_000
    /// Bytes of a connection's name.
    public static let clientNameBytesMax = 64
    /// The longest target of a service level, in milliseconds: seven days.
    public static let targetMillisecondsMax: Int64 = 604_800_000
    /// Signals of each kind that SIGNALS answers.
    public static let signalsPerKindMax: Int64 = 500
    /// Signals of each kind that SIGNALS answers when not told otherwise.
    public static let signalsPerKindDefault: Int64 = 20
    /// The greatest age that SIGNALS can be asked for, in milliseconds: ten years.
    public static let signalAgeMillisecondsMax: Int64 = 315_360_000_000
    /// Events that the queues view may lack for silence to be inferred from it.
    public static let sweepLagMax: UInt64 = 4_096
    /// Lines of QUEUES, WAITING and AGENTS.
    public static let linesMax: Int64 = 1_000
    /// Lines of WAITING, AGENTS and AGENTS FREE when not told otherwise.
    public static let linesDefault: Int64 = 20
    /// Lines of QUEUES when not told otherwise.
    public static let queuesDefault: Int64 = 100
    /// Lines of QUEUES, WAITING, AGENTS and SIGNALS that the loop writes; longer lists are written beside
    /// it.
    static let linesOnLoop: Int64 = 100
    /// Questions about the past that wait at a time.
    public static let pastQuestionsMax = 64
    /// Threads that answer them: a slow one does not keep the others waiting.
    public static let pastThreads = 2
    /// Erasures that are said to be done in one round of the log.
    public static let completionsPerRound = 64
    /// How long erasures rest after views could not be folded anew, in milliseconds.
    public static let erasureRetryMilliseconds: Int64 = 60_000
    /// Bytes of what one redaction says of where it takes what, before it is to be gone on with.
    public static let redactionBytesMax = 262_144
    /// Steps of looking for a pattern in one redaction, each less than 100 ns, and one for each event.
    public static let redactionStepsMax = 400_000_000
    /// Positions of events of nobody's that a dry run of ERASE names.
    static let erasureRangesShown = 1_000
    /// Events that may come while an erasure is found, to be looked at where the order is.
    public static let erasureTailMax: UInt64 = 512
    /// Positions that an erasure has indexes asked for at a time, where the order is.
    public static let erasurePortionMax = 4_096
    /// Steps of looking for a person's identifiers in others' texts, as those of a redaction.
    public static let erasureTextStepsMax = 50_000_000
    /// The newest events that are read to learn who shares an identifier.
    public static let sharingEventsRead = 32
    /// Persons that a refusal names of those an identifier may show.
    public static let candidatesShown = 10
    /// The bytes of an identifier's value from which on it is looked for in a text.
    public static let identifierBytesRecognised = 4
    /// The nice value of these threads.
    public static let pastNice: Int32 = 5
    /// The nice value of the thread that has whole views folded up to a moment: as of one that folds
    /// views anew.
    public static let pastWholeNice: Int32 = 15
}

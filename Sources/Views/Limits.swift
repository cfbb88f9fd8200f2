/// The bounds of folds and documents.
public enum ViewLimits {
    /// Decoded rows of one kind that a fold keeps after its changes were taken; with more it keeps
    /// those that have just changed. About 100 to 400 bytes each.
    public static let keptRowsMax = 4_096
    /// The same for the small rows that come back with every event of a person: about 100 bytes.
    public static let keptSmallRowsMax = 16_384
    /// The same for interactions: about a kilobyte each.
    public static let keptInteractionsMax = 4_096
    /// Positions of one row of a timeline.
    public static let timelineChunkPositionsMax = 64
    /// Bytes of a text that a customer's subjects keep; the event has the whole.
    public static let subjectTextBytesMax = 240
    /// Trails of one subject, each of one type of event about one part of it.
    public static let subjectTrailsMax = 64
    /// Events about one thing, or in one interaction, that are kept to be looked at again when it
    /// gets known whom they concern; the oldest.
    public static let unclaimedEventsMax = 64
    /// Others whom a customer's events name that are kept with them, those seen last.
    static let relatedKept = 32
    /// Orders that one event about an incident may name.
    static let incidentOrdersMax = 64
    /// Events about the customer base that are appended at once.
    static let populationEventsAtOnce = 1_024
    /// Moves that one look at the base finds at most: those behind are found by the next look.
    static let populationMovesMax = 50_000
    /// Shops of which quintiles are published, four members each.
    static let populationShopsMax = 24
    /// Members that one definition of the card may have.
    public static let definitionEntriesMax = 128
    /// Who else somebody may be, that a card tells.
    static let candidatesShown = 3
    /// Customers born on one day, or living in houses of one number and postal code, that are looked at
    /// for who may be the same person; what more share is not looked at.
    static let alikeRowsRead = 64
    /// Birth dates and addresses of somebody that are looked at for that.
    static let alikeTracesRead = 8
    /// Persons who may be the same that IDENTITY tells.
    static let alikeShown = 5
    /// Bytes of a customer's document without FIELDS.
    public static let cardBytesMax = 4_096
    /// Bytes of cards that are kept for who asks again.
    public static let keptCardsBytesMax = 16_777_216
    /// Bytes of a section that FIELDS asks for.
    public static let sectionBytesMax = 65_536
    /// Bytes of what CUSTOMER … POP answers.
    public static let popBytesMax = 1_536
    /// Rows of one kind of signal that one SIGNALS looks at: up to about 10 µs each.
    public static let signalRowsMax = 512
    /// Open interactions of one customer that their document looks at.
    public static let openInteractionsReadMax = 1_000
    /// Touchpoints a customer's document looks at to find out what they tried lately.
    public static let recentTouchpointsMax = 24
    /// Campaigns that LIFECYCLE tells of.
    public static let campaignsCounted = 1_000
    /// Referrals that LIFECYCLE counts.
    public static let referralsCounted = 262_144
    /// Contacts of an agent that a document lists.
    public static let listedInteractionsMax = 1_000
    /// Waiting and served interactions that QUEUE lists; the counts count all.
    public static let queueLinesShown = 20
    /// A person's newest interactions that WAITING looks at for what else they have open.
    public static let personInteractionsRead = 32
    /// Feeds of a queue that documents look at.
    public static let queueFeedsShown = 64
    /// Contacts being served of a queue whose agents WAIT counts.
    static let servedContactsCounted = 2_000
    /// Call backs of a queue that QUEUE lists.
    public static let callbacksShown = 20
    /// The longest gap that a feed may be expected to have, in milliseconds: a year.
    public static let expectedGapMillisecondsMax: Int64 = 31_622_400_000
    /// Bytes of a definition's body that is kept.
    public static let definitionBytesMax = 16_384
    /// Versions that queues keep of a definition.
    public static let definitionVersionsKept = 8
    /// Rows that one sweep looks at.
    public static let sweptRowsMax = 1_024
    /// Open contacts of which one sweep looks for the same need on another channel.
    public static let sweptContactsMax = 128
    /// Pairs who may live together that one sweep looks at.
    public static let sweptHouseholdsMax = 64
    /// Threads that were found and that the view does not show yet.
    static let decidedThreadsMax = 4_096
    /// The longest time that a rule on needs may span, in milliseconds: a year.
    static let needMillisecondsMax: Int64 = 31_622_400_000
    /// Events that one sweep infers of interactions, and as many of call backs and of agents.
    public static let inferredEventsMax = 256
    /// Lines of one METRICS document.
    public static let metricsRowsMax = 20_000
    /// Targets of one METRICS query.
    public static let metricsTargetsMax = 16
    /// Facts of one identifier by which stated identifiers may agree; the newest are kept.
    public static let factsMax = 8
    /// The least number of customers that an identifier keeps note of having been seen with.
    public static let companionsKept = 8
    /// How much too early an identifier's last sight may stand: it is not written with every event.
    public static let identifierSeenMilliseconds: Int64 = 30 * 86_400_000
    /// A person with more identifiers raises an alert.
    public static let personIdentifiersUnalarming = 50
    /// A person who was united more often within a day raises an alert.
    public static let personUnionsInDayUnalarming = 5
    /// Identifiers, unions and rejections that one IDENTITY shows, each.
    public static let identityRowsShown = 1_000
    /// Alerts that are counted; there may be more.
    public static let identityAlertsCounted = 1_000
}

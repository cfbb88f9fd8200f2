/// The bounds of what figures keep of one contact and read for one answer.
enum MetricLimits {
    /// Offers that ring at the same time.
    static let ringingMax = 64
    /// Offers of one interaction that have had their outcome, of which it is kept when they rang.
    static let rungMax = 64
    /// Agents, in one stay each, whose offers are told apart.
    static let offeredAgentsMax = 64
    /// Times one interaction was taken up again.
    static let reopeningsMax = 16
    /// Reasons of one interaction.
    static let reasonsMax = 16
    /// Bytes of a value contacts are told apart by; longer ones are left out.
    static let dimensionBytesMax = 128
    /// Messages of one interaction whose answers are timed; later ones are not.
    static let messagesMax = 1_024
    /// Agents who write in one interaction and are told apart.
    static let writersMax = 64
    /// Invitations and answers of one interaction or one invitation.
    static let surveyEntriesMax = 64
    /// Drivers or agents that one answer names.
    static let surveyWordsMax = 16
    /// Rounds of one survey of agents, teams and scales in all of them, and drivers of one of these.
    static let surveyRoundsMax = 256
    static let surveyGroupsMax = 512
    static let surveyDriversMax = 32
    /// Attributes that definitions declare dimensions.
    static let declaredMax = 16
    /// Rows of contacts by quarter that an answer which looks at each of them may read: a contact has one for
    /// each quarter of an hour in which it has figures.
    static let contactsReadMax = 200_000
    /// Those that it may pass over because they are of other queues.
    static let indexRowsPassedMax = 10_000_000
    /// Contacts kept of one person or thread: the first ones.
    static let chainEntriesMax = 512
    /// Interactions that METRICS EVENTS lists.
    static let openedMax = 1_000
    /// Contacts that one claim of a source names.
    static let claimedContactsMax = 10_000
    /// Claims that one METRICS RECONCILE compares.
    static let claimsReadMax = 500
    /// Claims of a source that it looks through for those, and contacts that they may name in all.
    static let claimsLookedAtMax = 10_000
    static let claimedContactsReadMax = 200_000
    /// Versions kept of what figures are judged by; before the oldest kept, that one holds.
    static let statementVersionsKept = 64
    /// Words on whether one queue is open within thirty days that are kept: the first ones told.
    static let closuresMax = 4_096
    /// Feeds of queues that a fold remembers to have noted.
    static let feedNotesKnownMax = 65_536
    /// Assignments of one agent to teams that are kept.
    static let assignmentsKept = 256
    /// Words on how many contacts one agent takes that are kept: the first ones told.
    static let slotWordsMax = 1_024
    /// Changes of presence of one agent on one day that are kept: the first ones told.
    static let presenceChangesMax = 4_096
    /// Stages of one customer that are kept.
    static let stagesKept = 64
    /// Names that a like-for-like comparison may have in common.
    static let likeNamesMax = 10_000
    /// Contacts on one side only that it lists for each claim; the counts count all.
    static let reconciledContactsShown = 100
    /// Days of one season.
    static let seasonDaysMax = 800
    /// Lines of SCORECARD's improve_first.
    static let improvementsShown = 100
}

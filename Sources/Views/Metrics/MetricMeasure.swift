internal import ContactCentre

/// By which moment of an interaction its figures are put into an interval.
public enum MetricAnchor: UInt8, QueryWord {
    /// When the interaction was created.
    case created = 0
    /// When it entered the queue; figures without a queue have none.
    case offered = 1
    /// When it was over; figures of what is still open have none.
    case ended = 2
    /// When it lasted: time is split at the borders of intervals. No fact is filed under it.
    case overlap = 3

    /// Those by which facts are filed.
    static let filed: [MetricAnchor] = [.created, .offered, .ended]

    /// The word as queries and documents spell it.
    public var word: StaticString {
        switch self {
        case .created: "created"
        case .offered: "offered"
        case .ended: "ended"
        case .overlap: "overlap"
        }
    }
}

/// A closed list of words of METRICS queries.
public protocol QueryWord: RawRepresentable, CaseIterable, Hashable, Sendable
where RawValue == UInt8 {
    /// The word as queries and documents spell it.
    var word: StaticString { get }
}

extension QueryWord {
    /// Reads a word; nil when the list does not have it.
    public init?(word text: String) {
        guard let found = Self.allCases.first(where: { "\($0.word)" == text }) else { return nil }
        self = found
    }
}

/// What a cell counts. The raw value stands in rows: never renumber.
enum MetricCount: UInt8, CaseIterable {
    case contacts = 0
    case offered = 1
    case abandonedBeforeQueue = 2
    case abandonedOnHold = 3
    case flowedOut = 4
    case failed = 5
    case expired = 6
    case handled = 7
    case excludedTest = 8
    case excludedSpam = 9
    case excludedWrongNumber = 10
    case excludedInternal = 11
    case excludedTraining = 12
    case excludedSilent = 13
    /// Contacts by which a known customer reached out, redials left out.
    case tries = 14
    /// Contacts with a usable identifier.
    case identified = 15
    case offersMade = 16
    case offersAccepted = 17
    case offersRejected = 18
    case offersMissed = 19
    case offersRescinded = 20
    case offersFailed = 21
    /// Offers that rang when the customer gave up.
    case offersAbandoned = 22
    /// Interactions that an agent passed on, however often.
    case transferred = 23
    case transfersBlind = 24
    case transfersAttended = 25
    case transfersToQueue = 26
    case transfersExternal = 27
    /// Connections with at least one hold.
    case held = 28
    /// Talks that broke, or that the agent ended within ten seconds.
    case dropped = 29
    /// Interactions whose customer asked a machine for a person.
    case humanAsked = 30
    case humanReached = 31
    /// Asked for a person and was contained or lost.
    case humanBlocked = 32
    /// Interactions that a machine served.
    case selfServed = 33
    /// Of these, those that the flow itself says it contained.
    case containedClaimed = 34
    /// Interactions that are not over, with a message that nobody has answered yet.
    case unanswered = 35
    /// Interactions of which the agent said what came of them.
    case disposed = 36
    case disposedResolved = 37
    /// Of the latter, those whose thread was taken up again within seven days.
    case disposedReopened = 38
    /// Customers not let in.
    case refused = 39
    /// Tries within ten minutes of an abandoned or dropped contact.
    case redials = 40
    /// Abandoned contacts of known customers.
    case abandonsKnown = 41
    /// Of these, those without an answered contact within 24 hours.
    case abandonsUnrecovered = 42
    /// Dropped contacts of known customers.
    case dropsKnown = 43
    /// Of these, those with an answered contact within 30 minutes.
    case dropsRecovered = 44
    /// Contacts of known customers that a machine served.
    case selfServedKnown = 45
    /// Of these, those contained: no person asked for, nobody contacted within 24 hours.
    case contained = 46
    case threads = 47
    /// Threads on two channels or more.
    case threadsSwitched = 48
    /// Threads that began on web, app or by message.
    case digitalFirst = 49
    /// Of these, those with a call later.
    case fellThrough = 50
    case surveysInvited = 51
    /// Invitations with at least one answer.
    case surveysAnswered = 52
    /// Answered waits that were announced and took no longer than the longest that was told.
    case announcedKept = 53
    /// Answers of agents that name a driver, in fives: `AgentSurveyRow` counts them.
    case esatNamed = 54
    /// Interactions made out of contacts: by transfer, consultation, call back.
    case legs = 55
    /// Of these, those whose customer is known by themselves.
    case legsKnown = 56
    /// Call backs by which nobody was reached.
    case callbacksLost = 62
    /// Interactions that ended without any reply, of channels where nobody waits on the line.
    case neverAnswered = 63
    /// Milliseconds within an interval: no cell has these and those behind, `OverlapSums` computes them when
    /// asked for. What cells have is below 64, where closed days keep distributions.
    case waitingTime = 64
    case serviceTime = 65
    case wrapUpTime = 66
    /// Of an agent's contacts, summed.
    case agentHandleTime = 67
    /// With at least one contact.
    case agentBusyTime = 68
    /// Available without one.
    case agentIdleTime = 69
    case agentStaffedTime = 70
    /// What contacts take of the slots of agents, in slots times milliseconds.
    case agentSlotsUsed = 71
    case agentSlotsOffered = 72

    /// How many places hold one of each.
    static let room = Int(agentSlotsOffered.rawValue) + 1

    /// Whether it is milliseconds.
    var isTime: Bool { rawValue >= Self.waitingTime.rawValue }

    /// Whether it is the time of agents.
    var isAgentTime: Bool { isTime && rawValue >= Self.agentHandleTime.rawValue }

    /// Whether it takes the customer's other contacts, or the answers of other agents, to tell: a past
    /// moment does not know it of the day that was under way.
    var isOfPersons: Bool {
        self == .esatNamed || self == .disposedReopened || self == .tries
            || (Self.redials.rawValue...Self.fellThrough.rawValue).contains(rawValue)
    }

    /// Whether only customers who are known have a part in it.
    var isOfKnown: Bool {
        self == .tries
            || (Self.redials.rawValue...Self.contained.rawValue).contains(rawValue)
    }

    /// The count of contacts left out for what they are.
    init(excluding kind: Classification) {
        self =
            switch kind {
            case .test: .excludedTest
            case .spam: .excludedSpam
            case .wrongNumber: .excludedWrongNumber
            case .internal: .excludedInternal
            case .training: .excludedTraining
            case .silent: .excludedSilent
            case .genuine: .contacts
            }
    }
}

/// What a cell has the distribution of, in milliseconds. The raw value stands in rows: never
/// renumber.
enum MetricDistribution: UInt8, CaseIterable {
    /// Waits that an agent ended; their number is `answered`.
    case waitAnswered = 0
    /// Waits that the customer ended; their number is `abandoned`.
    case waitAbandoned = 1
    /// Waits that a request for a call back ended.
    case waitToCallback = 2
    /// From connection to the end of the talk.
    case service = 3
    /// The same without holds.
    case talk = 4
    /// Time on hold, of connections that had any.
    case hold = 5
    /// Work after the talk.
    case wrapUp = 6
    /// Stays without an end: the number is the moment they began.
    case openWait = 7
    /// From the beginning to the first answer.
    case customerWait = 8
    /// From an offer to its acceptance.
    case ring = 9
    /// From the wish for a person to the first connection.
    case timeToHuman = 10
    /// Steps of self-service in between: no milliseconds.
    case stepsToHuman = 11
    case firstResponseHuman = 12
    case firstResponseCustomer = 13
    case response = 14
    /// From the beginning to the completion of what was resolved.
    case resolution = 15
    /// Handled contacts of known customers by what came before and after: `FirstContact` draws it.
    case firstContactAny = 16
    /// The same among contacts that share a reason.
    case firstContactReason = 17
    /// From the customer's contact before.
    case repeatGap = 18
    /// From a thread's first resolution to its next contact; `never` where none came.
    case reopenGap = 19
    /// The wait before the customer turned to another channel.
    case waitBeforeSwitch = 20
    /// Answers by kind of survey: `SurveyScore` draws the number.
    case npsAnswers = 21
    case csatAnswers = 22
    case cesAnswers = 23
    case solvedAnswers = 24
    case customAnswers = 25
    /// Within business hours: no cell has these, they are computed of each contact when asked for.
    case firstResponseHumanBusiness = 26
    case firstResponseCustomerBusiness = 27
    case responseBusiness = 28
    case resolutionBusiness = 29
    /// How much longer than announced answered waits were, from the announcement on; below 0 where
    /// they were shorter.
    case announcedError = 30
    /// When and how answers were given: `AnswerMoment` draws the number.
    case answerMoments = 31
    /// Bad answers by the drivers they name: `SurveyDriver` draws the number.
    case badAnswers = 32
    /// Answers of agents, in groups of five: `SurveyScore` draws the number.
    case esatAnswers = 33
    /// Waits that ended with neither an answer nor the customer's giving up nor a call back.
    case waitUnserved = 34
    /// From entering a queue to an agent's taking over, of message channels.
    case assigned = 35
    /// The time to resolution without that of machines; no cell has this and those behind it.
    case resolutionHuman = 36
    case resolutionHumanBusiness = 37
    /// The same without the time in which the customer had the word.
    case resolutionOurs = 38
    case resolutionOursBusiness = 39
    /// From a thread's beginning to its first resolution.
    case threadResolutionFirst = 40
    /// To its last one.
    case threadResolutionTotal = 41

    /// Whether it takes the customer's other contacts, or the answers of other agents, to tell.
    var isOfPersons: Bool {
        self == .esatAnswers
            || (Self.firstContactAny.rawValue...Self.waitBeforeSwitch.rawValue).contains(
                rawValue)
    }

    /// Whether only customers who are known have a part in it.
    var isOfKnown: Bool {
        self == .firstContactAny || self == .firstContactReason || self == .repeatGap
    }

    /// Whether it is computed of each contact when it is asked for.
    var isOfContacts: Bool {
        switch self {
        case .firstResponseHumanBusiness, .firstResponseCustomerBusiness, .responseBusiness,
            .resolutionBusiness, .resolutionHuman, .resolutionHumanBusiness, .resolutionOurs,
            .resolutionOursBusiness, .threadResolutionFirst, .threadResolutionTotal:
            true
        default: false
        }
    }

    /// The gap of what did not come.
    static let never: Int64 = 1 << 60
}

/// One of the two.
enum MetricMeasure: Equatable {
    case count(MetricCount, Int64)
    case distribution(MetricDistribution, Int64)
}

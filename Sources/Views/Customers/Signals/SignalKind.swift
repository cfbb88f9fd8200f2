public import ContactCentre

/// What somebody should look at: on a person's card, and listed by SIGNALS. Part of keys.
public enum SignalKind: UInt8, DomainWord {
    /// Waits on two channels at once.
    case waitingTwice = 0
    /// Came again within seven days.
    case repeatContact = 1
    /// Came on another channel after a wait that nobody ended.
    case channelSwitch = 2
    /// Gave up and was not reached within 24 hours.
    case abandoned = 3
    /// Wrote and has no answer.
    case messageUnanswered = 4
    /// Answered a survey badly and nobody has followed up.
    case badSurvey = 5
    /// Had a late delivery and has said nothing, nor bought again.
    case silentlyUnhappy = 6
    /// Was promised something that is due.
    case promiseDue = 7
    /// Is owed money that should be there.
    case refundOverdue = 8
    /// Waits for an order that should be there.
    case orderLate = 9
    /// Could not pay.
    case paymentFailed = 10
    /// Searched help and found nothing.
    case searchWithoutResult = 11
    /// Left a cart after talking to us.
    case cartLeft = 12
    /// Buys more than most and has stopped.
    case highValueAtRisk = 13
    /// Bought for the first time, in a season.
    case firstInSeason = 14

    /// The word as documents spell it.
    public var word: StaticString {
        switch self {
        case .waitingTwice: "waitingTwice"
        case .repeatContact: "repeatContact"
        case .channelSwitch: "channelSwitch"
        case .abandoned: "abandoned"
        case .messageUnanswered: "messageUnanswered"
        case .badSurvey: "badSurvey"
        case .silentlyUnhappy: "silentlyUnhappy"
        case .promiseDue: "promiseDue"
        case .refundOverdue: "refundOverdue"
        case .orderLate: "orderLate"
        case .paymentFailed: "paymentFailed"
        case .searchWithoutResult: "searchWithoutResult"
        case .cartLeft: "cartLeft"
        case .highValueAtRisk: "highValueAtRisk"
        case .firstInSeason: "firstInSeason"
        }
    }

    /// The rows among which it is found: what is about open contacts shares those of
    /// `waitingTwice`.
    var row: SignalKind {
        switch self {
        case .repeatContact, .channelSwitch: .waitingTwice
        default: self
        }
    }

    /// How long after the moment in its row it begins, unless a definition says otherwise.
    var graceMilliseconds: Int64 {
        switch self {
        case .messageUnanswered: 3_600_000
        case .silentlyUnhappy: 7 * Self.day
        case .cartLeft: 3_600_000
        default: 0
        }
    }

    /// How old it can get: what nothing ends is no signal for ever.
    var lifetimeMilliseconds: Int64 {
        switch self {
        case .waitingTwice, .repeatContact, .channelSwitch, .messageUnanswered: 30 * Self.day
        case .abandoned, .searchWithoutResult, .cartLeft: 7 * Self.day
        case .badSurvey, .silentlyUnhappy, .paymentFailed, .firstInSeason: 30 * Self.day
        case .promiseDue, .refundOverdue, .orderLate, .highValueAtRisk: 365 * Self.day
        }
    }

    static let day: Int64 = 86_400_000
    /// When a refund without a date should be there: the EU's 14 days for money back.
    static let refundGraceMilliseconds: Int64 = 14 * day
    /// Contacts so near to each other are about one need, where nobody says otherwise.
    static let repeatMilliseconds: Int64 = 7 * day
    /// Within what an abandoned contact must be recovered, and another channel is a switch.
    static let recoveryMilliseconds: Int64 = day
}

internal import EventModel

/// The last answer to one invitation.
struct SurveyAnswer {
    let kind: String
    let score: Int64
    let answered: Timestamp
    let position: Position
    let isFollowedUp: Bool
    /// Whether a low answer is a good one.
    let isLowGood: Bool
    /// Whether it is a bad one (DOMAIN §5): NPS 0 to 6, CSAT 1 or 2 of 5, CES 1 to 3 of 7 (of an
    /// effort scale the other way round), solved 0.
    let isBad: Bool

    init?(_ survey: borrowing SubjectRecord) {
        guard let answer = survey.trail("survey.answered"), let score = answer.number("score")
        else {
            return nil
        }
        let invitation = survey.trail("survey.invited")
        kind = answer.text("kind") ?? invitation?.text("kind") ?? "custom"
        self.score = score
        answered = answer.newest.occurred
        position = answer.newest.position
        isFollowedUp =
            survey.trail("survey.followedUp").map { Mark.precedes(answer.newest, $0.newest) }
            ?? false
        let direction = answer.text("direction") ?? invitation?.text("direction")
        isLowGood = direction == "lowIsGood" || direction == "low"
        isBad = Self.isBad(kind, score, isEffort: isLowGood)
    }

    private static func isBad(_ kind: String, _ score: Int64, isEffort: Bool) -> Bool {
        switch kind {
        case "nps": score <= 6
        case "csat": score <= 2
        case "ces": isEffort ? score >= 4 : score <= 3
        case "solved": score == 0
        default: false
        }
    }
}

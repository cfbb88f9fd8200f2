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
    /// Whether it is a bad one, by its scale as METRICS have it (`SurveyScore`). What lies outside its
    /// scale is neither good nor bad.
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
        isLowGood = ["lowIsGood", "low", "down"].contains(direction)
        let asked = SurveyKind(word: kind) ?? .custom
        let said = SurveyScore.most(answer.text("scale") ?? invitation?.text("scale"))
        let most = said > 0 ? said : asked.usualMost
        isBad = SurveyScore(score, of: most, isLowGood: isLowGood)?.isBad(asked) ?? false
    }
}

extension SurveyKind {
    fileprivate init?(word: String) {
        let kinds: KeyValuePairs<String, SurveyKind> = [
            "nps": .nps, "csat": .csat, "ces": .ces, "solved": .solved, "custom": .custom,
        ]
        guard let kind = kinds.first(where: { $0.key == word })?.value else { return nil }
        self = kind
    }
}

internal import EventModel

/// Asking how it was, and what a bad answer leads to.
extension ShopSimulation {
    private struct Form {
        let survey: String
        let kind: String
        let question: String
        let scale: String
        let good: ClosedRange<Int>
        let bad: ClosedRange<Int>
        /// From which score down somebody asks back.
        let follow: Int
    }

    private static let forms = [
        Form(
            survey: "relation-2", kind: "nps", question: "recommend", scale: "0-10", good: 7...10,
            bad: 0...7, follow: 6),
        Form(
            survey: "contact-5", kind: "csat", question: "satisfied", scale: "1-5", good: 3...5,
            bad: 1...4, follow: 2),
        Form(
            survey: "effort-1", kind: "ces", question: "made_it_easy", scale: "1-7", good: 4...7,
            bad: 1...5, follow: 2),
    ]

    mutating func inviteToSurvey(_ contact: Contact) {
        let survey = Survey(
            id: newName("v"), interaction: contact.id, customer: contact.customer,
            agent: contact.agent, queue: contact.queue, isGood: contact.isResolved,
            kind: chance.below(Self.forms.count))
        plan(.survey(slot: surveys.insert(survey), step: .invite), in: 5 * .minute)
    }

    private mutating func tellSurvey(_ type: String, _ slot: Int, _ attributes: [Attribute]) {
        let survey = surveys[slot]
        let form = Self.forms[survey.kind]
        tell(
            type, from: .survey, [person(survey.customer).emailIdentifier(.verified)],
            [
                .ref("invitation_id", survey.id), .ref("survey_id", form.survey),
                .ref("interaction", survey.interaction), .ref("queue", survey.queue.name),
                .text("kind", form.kind), .text("mode", "email"),
            ] + attributes)
    }

    mutating func perform(_ step: SurveyStep, _ slot: Int) {
        let survey = surveys[slot]
        let form = Self.forms[survey.kind]
        let agents = Attribute.text("agents", agentNames[survey.agent])
        switch step {
        case .invite:
            tellSurvey("survey.invited", slot, [.text("scale", form.scale), agents])
            guard chance.percent(38) else { return surveys.remove(slot) }
            plan(.survey(slot: slot, step: .answer), in: chance.length(mean: 40 * .minute))
        case .answer:
            let score = chance.number(in: survey.isGood ? form.good : form.bad)
            tellSurvey(
                "survey.answered", slot,
                [
                    .text("question", form.question), .integer("score", Int64(score)),
                    .text("scale", form.scale), agents,
                ])
            guard score <= form.follow, chance.percent(70) else { return surveys.remove(slot) }
            plan(.survey(slot: slot, step: .followUp), in: chance.length(mean: 2 * .hour))
        case .followUp:
            tellSurvey("survey.followedUp", slot, [agents])
            surveys.remove(slot)
        }
    }
}

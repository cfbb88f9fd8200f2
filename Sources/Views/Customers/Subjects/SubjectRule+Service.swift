/// What service knows: cases, promises, callbacks, surveys, and what belongs to a contact
/// (DOMAIN §9).
extension SubjectRule {
    private static let byCase: [StaticString] = ["case_id"]
    private static let byPromise: [StaticString] = ["promise_id"]
    private static let byCallback: [StaticString] = ["callback_id"]
    private static let byInvitation: [StaticString] = ["invitation_id"]
    private static let byProposal: [StaticString] = ["proposal_id"]
    private static let byProactive: [StaticString] = ["proactive_id"]
    private static let byAppointment: [StaticString] = ["appointment_id"]
    private static let byInteraction: [StaticString] = ["interaction"]
    private static let caseWords: [StaticString] = ["severity", "owner", "waiting_for", "due"]

    static let service: [SubjectRule] = [
        .init(
            "case.opened", .serviceCase, by: byCase, .opens("open"), keeping: .first,
            ["kind", "complaint", "order"] + caseWords),
        .init(
            "case.stepped", .serviceCase, by: byCase, .opens("open"),
            ["step", "state"] + caseWords),
        .init("case.closed", .serviceCase, by: byCase, .closes("closed"), ["outcome"] + caseWords),
        .init(
            "case.reopened", .serviceCase, by: byCase, .opens("reopened"), ["reason"] + caseWords),
        .init(
            "callback.requested", .callback, by: byCallback, .opens("requested"),
            ["queue", "due_from", "due_to", "reason"]),
        .init(
            "callback.scheduled", .callback, by: byCallback, .opens("scheduled"),
            ["agent", "due_from", "due_to"]),
        .init(
            "callback.attempted", .callback, by: byCallback, .none, ["attempt", "outcome", "agent"]),
        .init("callback.reached", .callback, by: byCallback, .closes("reached")),
        .init("callback.failed", .callback, by: byCallback, .closes("failed"), ["reason"]),
        .init("callback.expired", .callback, by: byCallback, .lapses("expired"), ["reason"]),
        .init("callback.cancelled", .callback, by: byCallback, .closes("cancelled"), ["reason"]),
        .init(
            "survey.invited", .survey, by: byInvitation, .opens("invited"), keeping: .first,
            ["survey_id", "kind", "mode", "scale", "direction"]),
        .init(
            "survey.answered", .survey, by: byInvitation, .closes("answered"),
            ["score", "question", "kind", "scale", "direction", "drivers", "interaction"]),
        .init("survey.suppressed", .survey, by: byInvitation, .closes("suppressed")),
        .init("survey.expired", .survey, by: byInvitation, .closes("expired")),
        .init("survey.followedUp", .survey, by: byInvitation, .none, ["agent"]),
        .init(
            "review.posted", .review, by: ["review_id"], .opens("posted"),
            ["rating", "scale", "place", "product"]),
        .init("review.changed", .review, by: ["review_id"], .opens("posted"), ["rating", "scale"]),
        .init("review.answered", .review, by: ["review_id"], .closes("answered")),
        .init("review.removed", .review, by: ["review_id"], .closes("removed")),
        .init(
            "feedback.given", .feedback, by: ["feedback_id"], .opens("given"),
            ["about", "text", "theme", "sentiment"]),
        .init("feedback.answered", .feedback, by: ["feedback_id"], .closes("answered")),
    ]

    static let words: [SubjectRule] = [
        .init(
            "interaction.created", .contact, by: byInteraction, .none, keeping: .first, ["order"],
            onlyWith: "order"),
        // How far the network vouches for the caller's number (STIR/SHAKEN: A, B, C, or refuted).
        .init(
            "interaction.created", .contact, by: byInteraction, .none, keeping: .first,
            ["attestation"], onlyWith: "attestation"),
        .init(
            "reason.set", .contact, by: byInteraction, .none, keeping: .last(3),
            ["reason", "by", "order"]),
        .init(
            "auth.succeeded", .contact, by: byInteraction, .none,
            ["method", "level", "valid_until"]),
        .init("auth.failed", .contact, by: byInteraction, .none, ["method", "reason"]),
        .init(
            "selfservice.stepped", .contact, by: byInteraction, .none, keeping: .last(4),
            ["node", "outcome", "task"]),
        .init(
            "selfservice.humanRequested", .contact, by: byInteraction, .none, keeping: .first,
            ["node"]),
        .init(
            "message.received", .contact, by: byInteraction, .none, keeping: .last(4),
            ["author", "in_reply_to", "order"]),
        .init(
            "message.sent", .contact, by: byInteraction, .none, keeping: .last(4),
            ["author", "agent", "private", "message_id"]),
        .init("interaction.summarised", .contact, by: byInteraction, .none, ["text"]),
        .init("interaction.disposed", .contact, by: byInteraction, .none, ["outcome", "code"]),
        .init("sentiment.measured", .contact, by: byInteraction, .none, ["score"]),
        .init("thread.joined", .contact, by: byInteraction, .opens("joined"), ["thread", "rule"]),
        .init("thread.split", .contact, by: byInteraction, .closes("split"), ["thread", "reason"]),
        .init("note.added", .note, by: ["note_id"], .opens("added"), ["text", "pinned", "agent"]),
        .init("note.removed", .note, by: ["note_id"], .closes("removed")),
    ]

    static let promises: [SubjectRule] = [
        .init(
            "promise.made", .promise, by: byPromise, .opens("open"), keeping: .first,
            ["what", "due", "owner", "interaction"]),
        .init("promise.kept", .promise, by: byPromise, .closes("kept")),
        .init("promise.broken", .promise, by: byPromise, .closes("broken")),
        .init("promise.withdrawn", .promise, by: byPromise, .closes("withdrawn")),
        .init(
            "concession.granted", .concession, by: ["concession_id"], .closes("granted"),
            ["kind", "amount", "order", "reason"]),
        .init(
            "privacy.requested", .request, by: ["request_id"], .opens("requested"), ["kind", "due"]),
        .init("privacy.answered", .request, by: ["request_id"], .closes("answered"), ["result"]),
        .init(
            "proposal.presented", .proposal, by: byProposal, .opens("presented"),
            ["kind", "product", "value", "rank"]),
        .init(
            "proposal.accepted", .proposal, by: byProposal, .closes("accepted"),
            ["kind", "product"]),
        .init(
            "proposal.declined", .proposal, by: byProposal, .closes("declined"), ["kind", "reason"]),
        .init(
            "proposal.ignored", .proposal, by: byProposal, .closes("ignored"), ["kind", "product"]),
        .init(
            "proposal.expired", .proposal, by: byProposal, .closes("expired"), ["kind", "product"]),
        .init(
            "proactive.sent", .proactive, by: byProactive, .closes("sent"),
            ["rule", "reason", "channel", "incident_id"]),
        .init("proactive.failed", .proactive, by: byProactive, .closes("failed"), ["reason"]),
        .init("proactive.answered", .proactive, by: byProactive, .closes("answered")),
        .init(
            "appointment.booked", .appointment, by: byAppointment, .opens("booked"),
            ["at", "kind", "shop", "timezone"]),
        .init(
            "appointment.moved", .appointment, by: byAppointment, .opens("booked"),
            ["at", "kind", "shop", "timezone"]),
        .init("appointment.kept", .appointment, by: byAppointment, .closes("kept")),
        .init("appointment.missed", .appointment, by: byAppointment, .closes("missed")),
        .init("appointment.cancelled", .appointment, by: byAppointment, .closes("cancelled")),
    ]
}

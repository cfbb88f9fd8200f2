extension Catalogue {
    /// What people say of us: surveys, feedback, reviews, referrals, mentions.
    static let surveys = """
        survey.invited invitation_id!:ref survey_id!:ref kind!=nps|csat|ces|solved|custom \
        mode! scale direction drivers agents
        survey.answered invitation_id!:ref question! score!:integer survey_id:ref \
        kind=nps|csat|ces|solved|custom mode scale direction drivers agents
        survey.suppressed,survey.expired,survey.followedUp invitation_id!:ref survey_id:ref \
        kind=nps|csat|ces|solved|custom mode scale direction drivers agents
        feedback.given,feedback.forwarded,feedback.answered \
        feedback_id!:ref about!=product|delivery|site|service|price|shop text* theme \
        sentiment:integer
        review.posted,review.changed,review.removed,review.answered \
        review_id!:ref place! rating:integer scale verified_purchase:boolean
        referral.made,referral.accepted referral_id!:ref referrer!* code
        social.mention,social.adopted,social.dismissed,social.replied \
        mention_id!:ref network! author!* text_ref* reach:integer sentiment:integer by
        """
}

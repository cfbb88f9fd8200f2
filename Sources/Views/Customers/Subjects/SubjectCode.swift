/// The codes of the rules that a fold reads marks by with every event, looked up once: a trail is
/// found by comparing one byte, not names.
enum SubjectCode {
    static let orderPlaced = SubjectRule.code("order.placed", .order)
    static let orderPaid = SubjectRule.code("order.paid", .order)
    static let orderCancelled = SubjectRule.code("order.cancelled", .order)
    static let giftcardIssued = SubjectRule.code("giftcard.issued", .order)
    static let shipmentSent = SubjectRule.code("shipment.sent", .order)
    static let refundRequested = SubjectRule.code("refund.requested", .order)
    static let refundIssued = SubjectRule.code("refund.issued", .order)
    static let searchMade = SubjectRule.code("search.made", .session)
    static let knowledgeSearched = SubjectRule.code("knowledge.searched", .session)

    static let surveyAnswered = SubjectRule.code("survey.answered", .survey)
    static let noteAdded = SubjectRule.code("note.added", .note)

    /// Where their rules keep some attributes.
    enum Attribute {
        static let placedPromise = SubjectRule.index(of: "promised_to", in: orderPlaced)
    }
}

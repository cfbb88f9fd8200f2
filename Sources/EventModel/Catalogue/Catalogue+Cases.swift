extension Catalogue {
    /// What goes on after the contact: cases, promises, approvals, concessions, needs.
    static let cases = """
        approval.requested approval_id!:ref kind! amount:money reason
        approval.decided approval_id!:ref decision! by! amount:money reason
        concession.granted \
        concession_id!:ref kind!=refund|discount|points|freeShipping|replacement \
        amount:money reason within_authority:boolean
        promise.made promise_id!:ref what!* due!:time owner:ref
        promise.kept,promise.broken,promise.withdrawn promise_id!:ref owner:ref
        case.opened case_id!:ref kind! severity owner:ref waiting_for due:time complaint:boolean
        case.stepped case_id!:ref step! state!=started|done|waiting \
        severity owner:ref waiting_for due:time complaint:boolean
        case.closed \
        case_id!:ref outcome! severity owner:ref waiting_for due:time complaint:boolean
        case.reopened \
        case_id!:ref reason! severity owner:ref waiting_for due:time complaint:boolean
        thread.joined,thread.split thread! interaction! rule reason
        """
}

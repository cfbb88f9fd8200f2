extension Catalogue {
    /// Who is who, what they agreed to, and what they asked to see or have erased.
    ///
    /// An operator names customers by whatever is at hand and gives the reason in own words, so
    /// both are personal here. `identity.observed` says all in its identifiers.
    ///
    /// What the store writes of an erasure outlives the person, so nothing of it is personal:
    /// `surrogate` is random and stands for the customer from then on, `positions` are those of the
    /// erased events and `quoted` of those that only name an identifier (`ErasedPositions`); who asks
    /// gives a reason that does not name the person. `erasure` is the position of
    /// `customer.erased`, the rest counts what was rewritten. Redactions are told the same way; `parts`
    /// says what went of which events (`RedactedParts`).
    static let identity = """
        identity.observed verified_by
        identity.linked from!* to!* proof!* verified_by
        identity.released identifier!* reason! verified_by
        identity.merged,identity.unmerged customers!* reason!* verified_by
        identity.blocked identifier!* reason!* verified_by
        household.suggested,household.confirmed,household.dissolved customers* rule! kind
        consent.given,consent.withdrawn,consent.expired \
        purpose!=service|marketing|profiling|recording|transcription|sharing brand! \
        text_version proof* jurisdiction until:time
        privacy.requested \
        request_id!:ref kind!=access|erase|rectify|object|port due!:time result
        privacy.answered \
        request_id!:ref kind!=access|erase|rectify|object|port due:time result
        customer.erased surrogate!:ref reason! positions quoted erased_by request_id:ref
        customer.erasureCompleted erasure!:integer events!:integer segments:integer views:integer
        event.redacted parts! reason! redacted_by request_id:ref
        event.redactionCompleted \
        redaction!:integer events!:integer segments:integer views:integer
        """
}

extension Catalogue {
    /// What concerns many at once, and what we say or offer of our own accord.
    static let incidents = """
        incident.opened,incident.updated,incident.resolved,incident.linked,incident.unlinked \
        incident_id!:ref kind! severity! products orders shops regions channels \
        started_at:time expected_end:time
        notice.published notice_id!:ref place! text! incident_id:ref until:time
        notice.withdrawn notice_id!:ref place! text incident_id:ref until:time
        proactive.planned,proactive.sent,proactive.delivered,proactive.opened,proactive.failed,\
        proactive.answered,proactive.suppressed \
        proactive_id!:ref rule! reason! due_at:time arm=told|heldOut incident_id:ref
        proposal.presented,proposal.accepted,proposal.declined,proposal.ignored,\
        proposal.expired \
        proposal_id!:ref kind!=service|crossSell|upSell|retention rule! \
        value:money reason rank:integer arm
        """
}

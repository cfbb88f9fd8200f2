extension Catalogue {
    /// The lifecycle of an interaction.
    static let interactions = """
        interaction.created channel! direction!=inbound|outbound|internal \
        method!=inbound|outbound|transfer|queueTransfer|callback|api|monitor|afterDisconnect|webhook \
        from* to* initial:ref previous:ref related:ref
        queue.entered queue! priority:integer skills position:integer \
        stay_kind=live|callback|transfer|overflow keep_place:boolean
        """
}

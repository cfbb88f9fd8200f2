extension Catalogue {
    /// The lifecycle of an interaction: queues, offers, the connection and its end.
    ///
    /// `target` and `party` may be a number outside, so they are personal.
    static let interactions = """
        interaction.created interaction! channel! direction!=inbound|outbound|internal \
        method!=inbound|outbound|transfer|queueTransfer|consult|callback|api|monitor|\
        afterDisconnect|webhook from* to* attestation=full|partial|gateway|failed initial:ref previous:ref related:ref
        queue.entered interaction! queue! priority:integer skills position:integer \
        stay_kind=live|callback|transfer|overflow keep_place:boolean
        queue.positionChanged interaction! position!:integer expected_ms:integer
        queue.left interaction! \
        reason!=overflow|timeout|empty|keyPress|withdrawn|toOtherQueue|toVoicemail|toCallback
        offer.made interaction! agent! offer_id!:ref attempt:integer directed:boolean
        offer.accepted interaction! agent! offer_id:ref ring_ms:integer
        offer.rejected,offer.missed,offer.rescinded,offer.failed \
        interaction! agent! offer_id:ref ring_ms:integer reason
        agent.connected interaction! agent!
        hold.started,hold.ended interaction! by
        consult.started,consult.ended interaction! target!*
        conference.joined,conference.left interaction! party!*
        transfer.started,transfer.failed \
        interaction! kind!=blind|attended|toQueue|external target*
        transfer.completed \
        interaction! kind!=blind|attended|toQueue|external target_interaction:ref target*
        interaction.abandoned interaction! phase!=preQueue|queue|offer|hold|unreplied
        interaction.disconnected \
        interaction! by!=customer|agent|system|telecom|third|supervisor reason
        voicemail.left interaction! length_ms:integer ref*
        wrapup.started,wrapup.ended interaction! code notes_ref*
        interaction.completed interaction! outcome=resolved|notResolved|unknown
        interaction.failed,interaction.expired interaction! reason!
        interaction.reopened interaction! previous:ref by
        interaction.inferredEnd interaction! rule! after_ms:integer
        interaction.anomaly interaction! what! expected got
        entry.refused channel! reason!=closed|full|emergency|blocked|unpaid next_opening:time
        """
}

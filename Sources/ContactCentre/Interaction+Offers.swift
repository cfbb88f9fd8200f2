public import EventModel

/// Offers to agents, each paired with its outcome by the offer's name, else by the agent.
extension Interaction {
    /// Who hears it ring: offers that are pending while the interaction is being offered. A source
    /// that tells of an answer need not take back what rang elsewhere.
    public var ringing: [PendingOffer] { state == .offering ? pendingOffers : [] }

    /// The pending offer that an outcome belongs to, or nil.
    func pendingOffer(of event: borrowing EventView) -> Int? {
        if let name = event.bytes("offer_id") {
            for index in pendingOffers.indices {
                guard let offer = pendingOffers[index].offer else { continue }
                if unsafe name.equals(offer.utf8Span.span.bytes) { return index }
            }
        }
        guard let agent = event.bytes("agent") else { return nil }
        for index in pendingOffers.indices {
            let named = pendingOffers[index].agent
            if unsafe agent.equals(named.utf8Span.span.bytes) { return index }
        }
        return nil
    }

    /// Tells whether it rings at anybody but whom an outcome is about.
    func othersRing(besides event: borrowing EventView) -> Bool {
        pendingOffers.count > (pendingOffer(of: event) == nil ? 0 : 1)
    }

    mutating func makeOffer(_ event: borrowing EventView) {
        offers.made += 1
        guard pendingOffers.count < InteractionLimits.pendingOffersMax else {
            note(.overLimit, event.position, .offerMade, state)
            return
        }
        pendingOffers.append(
            PendingOffer(
                agent: event.text("agent") ?? "", offer: event.text("offer_id"),
                made: event.occurred))
    }

    /// Takes the offer that an outcome is about from those that are pending.
    mutating func endOffer(_ event: borrowing EventView) {
        if let index = pendingOffer(of: event) { pendingOffers.remove(at: index) }
    }

    /// Who is free again, and since when, once a talk and the work after it are over; nil before.
    public var released: (agent: String, since: Timestamp)? {
        guard state != .wrapUp, let last = connections.last, !last.agent.isEmpty,
            let ended = last.ended
        else { return nil }
        return (last.agent, max(ended, wrapUpEnded ?? ended))
    }
}

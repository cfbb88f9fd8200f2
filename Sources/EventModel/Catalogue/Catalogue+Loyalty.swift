extension Catalogue {
    /// Programmes, gift cards, campaigns, visits to the shop and appointments.
    static let loyalty = """
        loyalty.enrolled,loyalty.left,loyalty.changed,loyalty.tierChanged \
        programme!:ref member!* points:integer kind balance:integer tier expires_at:time
        giftcard.issued,giftcard.redeemed card_hash!* amount!:money place arm segment
        promotion.shown,promotion.clicked promotion!:ref place arm segment
        campaign.entered,campaign.left campaign!:ref place arm segment
        store.visited,store.served shop! reason outcome
        appointment.booked,appointment.moved,appointment.kept,appointment.missed,\
        appointment.cancelled appointment_id!:ref at!:time kind timezone
        """
}

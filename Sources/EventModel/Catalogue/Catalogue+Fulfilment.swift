extension Catalogue {
    /// Parcels, pick-up, returns and money back.
    ///
    /// The tracking number shows a person's address to whoever enters it, so it is personal.
    static let fulfilment = """
        shipment.sent shipment_id!:ref order! carrier tracking* items \
        promised_from:time promised_to:time
        delivery.estimated,delivery.attempted,delivery.delivered,delivery.failed,\
        delivery.lost,delivery.damaged \
        shipment_id!:ref order! carrier tracking* items promised_from:time promised_to:time \
        due_to:time reason proof* pickup_point
        pickup.ready,pickup.collected,pickup.expired order! shop! until:time
        return.requested,return.authorised,return.rejected,return.shipped,return.received,\
        return.inspected return_id!:ref order! items reason method window_end:time
        exchange.made return_id!:ref order! new_order:ref items reason method
        refund.requested,refund.issued,refund.failed,chargeback.opened,chargeback.decided \
        refund_id!:ref order! amount!:money reason return_id:ref expected_by:time
        """
}

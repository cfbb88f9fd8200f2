extension Catalogue {
    /// From the cart to the paid order, and what runs on after it.
    static let commerce = """
        cart.changed cart_id!:ref quantity:integer price:money session_id:ref
        cart.abandoned cart_id!:ref value:money idle_ms:integer session_id:ref
        cart.recovered cart_id!:ref session_id:ref
        checkout.started,checkout.stepped,checkout.failed checkout_id!:ref cart_id:ref \
        step shipping_method payment_method value:money reason
        coupon.applied,coupon.denied coupon! cart_id:ref campaign:ref discount:money reason
        wishlist.changed wishlist_id!:ref product! reason
        stock.alertRequested product! reason
        order.placed order! total!:money revenue:money tax:money shipping:money discount:money \
        coupon items guest:boolean gift:boolean promised_from:time promised_to:time \
        checkout_id:ref exchange_of:ref
        order.paid,order.paymentFailed,order.changed,order.cancelled,order.held,order.released \
        order! amount:money method reason items
        warranty.registered,warranty.claimed \
        product! ref!*:ref until:time period next_at:time amount:money reason
        subscription.started,subscription.renewed,subscription.paused,subscription.cancelled \
        subscription_id!:ref product! until:time period next_at:time amount:money reason
        """
}

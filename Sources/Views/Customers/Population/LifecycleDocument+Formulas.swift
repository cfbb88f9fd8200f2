extension LifecycleDocument {
    /// What LIFECYCLE counts, in the order in which it does, for METRICS DEFINITIONS. L is `active_days`.
    static let formulas: [(name: String, formula: String)] = [
        (
            "repeat_purchase",
            "customers with two orders or more in the window / customers with one or more"
        ),
        (
            "churn",
            "customers who lapsed (2 L without an order) in the window / customers active at its start"
        ),
        (
            "rebuy_after",
            "customers with an order within 90 or 365 days behind their last experience in the window / "
                + "customers who had it, and had bought before"
        ),
        (
            "lapsed",
            "of the same, those whose last order was more than 2 L before the end of these days"
        ),
        (
            "season_keep",
            "first-time buyers of a season with an order within 365 days behind it / first-time buyers"
        ),
        (
            "referral",
            "customers with a referral of theirs accepted in the window / customers with an order "
                + "within L days before its end"
        ),
        (
            "coupon_response",
            "customers who applied a coupon of a campaign from their entry on / customers who entered "
                + "it in the window"
        ),
        (
            "purchase_response",
            "customers with an order from their entry on, before they left / the same"
        ),
    ]
}

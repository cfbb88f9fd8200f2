internal import EventModel

/// How those whom a campaign reached in a window responded to it (DOMAIN §9): who applied a coupon of it,
/// and who bought, from when they entered it on.
struct CampaignResponse {
    /// Who applied a coupon, of those who entered.
    var coupon = LifecycleShare()
    /// Who placed an order that counts, before they left, of those who entered.
    var purchase = LifecycleShare()
    /// How many coupons they applied, at whatever time.
    var coupons: UInt64 = 0

    /// Counts all campaigns that somebody entered in a window, by name.
    ///
    /// - Parameter members: Who is one person with a customer, oldest first; nil for who is erased.
    /// - Returns: The responses, and whether more campaigns were met than are counted.
    ///
    /// Complexity: one walk over all customers, one more look-up for each; the facts and orders of those
    /// whom a campaign reached.
    static func count<Reader: ViewReader & ~Copyable>(
        from: Timestamp, to: Timestamp, now: Timestamp,
        members: (CustomerID) throws(ViewFault) -> [CustomerID]?, _ reader: borrowing Reader
    ) throws(ViewFault) -> (responses: [(campaign: String, CampaignResponse)], isCut: Bool) {
        var found: [String: CampaignResponse] = [:]
        var isCut = false
        try CustomerDocument.forEachCustomer(in: reader) { (customer) throws(ViewFault) in
            guard try isReached(customer, reader), let people = try members(customer) else {
                return
            }
            // Each person once: with the first of their customers whom a campaign reached.
            for member in people {
                if member == customer { break }
                if try isReached(member, reader) { return }
            }
            guard let person = try Person(people, reader) else { return }
            let purchases = try person.purchases(reader).filter { $0.placed <= now }
            for fact in try person.facts(reader) where fact.kind == .campaign {
                guard let trail = fact.record.trail("campaign.entered"),
                    trail.newest.occurred >= from, trail.newest.occurred < to,
                    trail.newest.occurred <= now, let name = trail.text("campaign")
                else { continue }
                guard found[name] != nil || found.count < ViewLimits.campaignsCounted else {
                    isCut = true
                    continue
                }
                found[name, default: CampaignResponse()].take(
                    fact.record, since: trail.newest.occurred, purchases, now)
            }
        }
        return (found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, isCut)
    }

    private static func isReached<Reader: ViewReader & ~Copyable>(
        _ customer: CustomerID, _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        var start: [UInt8] = []
        SubjectRecord.writeKey(customer, .campaign, to: &start)
        var isReached = false
        try reader.rows(from: start, below: start.keyAfterPrefix) { _, _ throws(ViewFault) in
            isReached = true
            return false
        }
        return isReached
    }

    /// Takes one person's part in the campaign.
    private mutating func take(
        _ record: SubjectRecord, since entered: Timestamp, _ purchases: [Purchase],
        _ now: Timestamp
    ) {
        let applied = record.trail("coupon.applied")
        coupons += applied?.count ?? 0
        // The last one is kept: where one was applied behind the entry, that one was.
        coupon.add(applied.map { $0.newest.occurred >= entered } ?? false)
        let left = record.trail("campaign.left")?.newest.occurred
        let end = left.flatMap { $0 >= entered ? $0 : nil } ?? now
        purchase.add(purchases.contains { $0.placed >= entered && $0.placed <= end })
    }

    /// Writes the member `campaigns`.
    static func write(
        _ responses: [(campaign: String, CampaignResponse)], isCut: Bool,
        to json: inout JSONWriter
    ) {
        json.key("campaigns")
        json.beginArray()
        for (campaign, response) in responses {
            json.beginObject()
            json.field("campaign", campaign)
            let shares: [(key: StaticString, share: LifecycleShare)] = [
                ("coupon_response", response.coupon), ("purchase_response", response.purchase),
            ]
            for (key, share) in shares {
                json.key(key)
                json.beginObject()
                share.writeMembers(to: &json)
                json.endObject()
            }
            json.field("coupons", Int64(clamping: response.coupons))
            json.endObject()
        }
        json.endArray()
        if isCut { json.field("campaigns_cut", true) }
    }
}

internal import EventModel

/// Whose word of mouth brought somebody in a window (DOMAIN §5): customers with a referral of theirs that
/// was accepted in it, over customers who are active when it ends.
///
/// A referral is its maker's (`referral.made`), and accepted by the first `referral.accepted` of that id,
/// whoever's event that is. Who refers need not be active, so that parts and wholes are no part and whole:
/// `inactive` says how many are not, and there is an interval where all are.
struct ReferralCount {
    /// Customers with an accepted referral.
    private(set) var referrers: Int64 = 0
    /// Those of them who are not active.
    private(set) var inactive: Int64 = 0
    /// Accepted referrals of which nobody is known to have made them.
    private(set) var leftOut: Int64 = 0
    /// Whether more referrals were met than are counted.
    private(set) var isCut = false

    private static let madeCode = SubjectRule.code("referral.made", .referral)
    private static let acceptedCode = SubjectRule.code("referral.accepted", .referral)

    /// A referral, of all whose events name it.
    private struct Referral {
        var makers: [CustomerID] = []
        var isMade = false
        var accepted = Timestamp.latest
    }

    /// Counts the referrals accepted in a window.
    ///
    /// - Parameters:
    ///   - members: Who is one person with a customer, oldest first; nil for who is erased.
    ///   - isActive: Whether somebody with these orders is active.
    ///
    /// Complexity: one walk over all customers, one look-up for each; some hundred bytes a referral.
    init<Reader: ViewReader & ~Copyable>(
        from: Timestamp, to: Timestamp, now: Timestamp,
        members: (CustomerID) throws(ViewFault) -> [CustomerID]?,
        isActive: ([Purchase]) -> Bool, _ reader: borrowing Reader
    ) throws(ViewFault) {
        var referrals: [[UInt8]: Referral] = [:]
        var isCut = false
        try CustomerDocument.forEachCustomer(in: reader) { (customer) throws(ViewFault) in
            try Self.read(of: customer, until: now, into: &referrals, &isCut, reader)
        }
        self.isCut = isCut
        var known: Set<CustomerID> = []
        for referral in referrals.values where referral.accepted >= from && referral.accepted < to {
            if !referral.isMade { leftOut += 1 }
            for maker in referral.makers {
                guard let people = try members(maker), known.insert(people[0]).inserted else {
                    continue
                }
                referrers += 1
                let person = try Person(people, reader)
                let purchases = try person?.purchases(reader).filter { $0.placed <= now } ?? []
                if !isActive(purchases) { inactive += 1 }
            }
        }
    }

    private static func read<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, until now: Timestamp, into referrals: inout [[UInt8]: Referral],
        _ isCut: inout Bool, _ reader: borrowing Reader
    ) throws(ViewFault) {
        var start: [UInt8] = []
        SubjectRecord.writeKey(customer, .referral, to: &start)
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            let name = key.extracting(start.count..<key.byteCount).copied()
            guard referrals[name] != nil || referrals.count < ViewLimits.referralsCounted else {
                isCut = true
                return false
            }
            let record = try SubjectRecord.decoded(row)
            if let made = record.trail(madeCode), made.newest.occurred <= now {
                referrals[name, default: Referral()].isMade = true
                referrals[name, default: Referral()].makers.append(customer)
            }
            if let accepted = record.trail(acceptedCode), accepted.newest.occurred <= now {
                let first = min(
                    referrals[name, default: Referral()].accepted, accepted.newest.occurred)
                referrals[name, default: Referral()].accepted = first
            }
            return true
        }
    }

    /// Writes the member `referral`.
    func write(active: Int64, to json: inout JSONWriter) {
        json.key("referral")
        json.beginObject()
        if active > 0 { json.field("value", Double(referrers) / Double(active)) }
        json.field("part", referrers)
        if inactive == 0 {
            let interval = MetricValue.wilson(referrers, of: active)
            json.field("low", interval?.low)
            json.field("high", interval?.high)
        }
        json.field("n", active)
        json.field("inactive", inactive)
        json.field("left_out", leftOut)
        if isCut { json.field("cut", true) }
        json.endObject()
    }
}

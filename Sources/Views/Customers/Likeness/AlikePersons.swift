internal import ContactCentre
internal import EventModel

/// Who may be the same person as somebody, as far as it was looked for.
public struct AlikeSearch: Sendable {
    /// The likeliest first.
    public let persons: [AlikePerson]
    /// Whether some of those who share a birth date or an address were not compared: there are too many.
    public let isCut: Bool
}

/// Finds who may be the same person as somebody: ranked candidates, for a person to accept with MERGE.
public enum AlikePersons {
    /// Returns those who are most alike, the likeliest first.
    ///
    /// Nobody of another scope, and nobody of whom somebody has said that they are two, or that they live
    /// together.
    ///
    /// Complexity: for each of `ViewLimits.alikeTracesRead` birth dates and addresses a walk over at most
    /// `ViewLimits.alikeRowsRead` customers of whom the same was said; at most as many other persons are
    /// compared, with the look-ups of their facts each.
    public static func find<People: ViewReader & ~Copyable, Customers: ViewReader & ~Copyable>(
        _ match: PersonMatch, people: borrowing People, customers: borrowing Customers
    ) throws(ViewFault) -> AlikeSearch {
        guard let person = try Person(match.customers, customers) else {
            return AlikeSearch(persons: [], isCut: false)
        }
        let profile = LikenessProfile(try person.facts(customers))
        guard !profile.names.isEmpty else { return AlikeSearch(persons: [], isCut: false) }
        let scope = try IdentityView.scope(of: match.person, people)
        var known: [CustomerID] = [match.person]
        var alike: [AlikePerson] = []
        var (sharers, isCut) = try sharers(of: profile.traces, customers)
        sharers.removeAll { match.customers.contains($0) }
        for customer in sharers {
            guard let other = try IdentityView.person(ofCustomer: customer, people),
                !known.contains(other.person)
            else { continue }
            guard known.count <= ViewLimits.alikeRowsRead else {
                isCut = true
                break
            }
            known.append(other.person)
            guard try IdentityView.scope(of: other.person, people) == scope,
                try !IdentityView.areKeptApart(match, other, people),
                let their = try Person(other.customers, customers)
            else { continue }
            let theirs = LikenessProfile(try their.facts(customers))
            let live = other.customers.contains { profile.household.contains(KeyName("\($0)")) }
            guard !live, let found = AlikePerson(other.person, profile, theirs) else { continue }
            alike.append(found)
        }
        let ranked = alike.sorted { ($1.score, $0.person) < ($0.score, $1.person) }
        return AlikeSearch(persons: Array(ranked.prefix(ViewLimits.alikeShown)), isCut: isCut)
    }

    /// Of whom the same was said, each once, and whether there are others.
    private static func sharers<Customers: ViewReader & ~Copyable>(
        of traces: [UInt64], _ reader: borrowing Customers
    ) throws(ViewFault) -> (found: [CustomerID], isCut: Bool) {
        var found: [CustomerID] = []
        var isCut = traces.count > ViewLimits.alikeTracesRead
        var start: [UInt8] = []
        for trace in traces.prefix(ViewLimits.alikeTracesRead) {
            LikenessRow.writeStart(trace, to: &start)
            var same: [CustomerID] = []
            try reader.rows(from: start, below: start.keyAfterPrefix) {
                key, row throws(ViewFault) in
                _ = try LikenessRow.decoded(row)
                same.append(try LikenessRow.customer(key))
                return same.count <= ViewLimits.alikeRowsRead
            }
            // What so many share, a day put in for want of another or a hostel, tells nobody apart.
            guard same.count <= ViewLimits.alikeRowsRead else {
                isCut = true
                continue
            }
            for customer in same where !found.contains(customer) { found.append(customer) }
        }
        return (found, isCut)
    }
}

extension IdentityView {
    /// Whether somebody has said that two persons are two.
    static func areKeptApart<Reader: ViewReader & ~Copyable>(
        _ one: PersonMatch, _ other: PersonMatch, _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        var groups: [CustomerID] = []
        for customer in one.customers {
            guard let group = try founder(of: customer, reader)?.holding.group,
                !groups.contains(group)
            else { continue }
            groups.append(group)
            if try self.group(group, reader).keepsApart(one.person, other.person) { return true }
        }
        return false
    }
}

internal import EventModel

/// What the shop's systems know of a customer, told when they are first seen.
extension ShopSimulation {
    mutating func introduce(_ customer: Int) {
        guard !customers[customer].isIntroduced else { return }
        customers[customer].isIntroduced = true
        guard chance.percent(85) else { return }
        let who = person(customer)
        let account = Identifier(kind: "crm", value: who.account, strength: .verified)
        tell(
            "identity.observed", from: .crm,
            [account, who.emailIdentifier(.verified), who.phoneIdentifier(.stated)],
            [.text("verified_by", "registration")])
        tell(
            "trait.set", from: .crm, [account],
            [.text("name", "full_name"), .text("value", who.fullName)])
        tell(
            "preference.set", from: .crm, [account],
            [.text("name", "language"), .text("value", who.language.code)])
        if chance.percent(60) { tellConsent(who, account) }
        if chance.percent(45) { tellAddress(who, account) }
        if customer % 24 == 5 { tellHousehold(person(customer ^ 1), account) }
        if chance.percent(50) {
            tell(
                "loyalty.enrolled", from: .crm, [account, who.loyaltyIdentifier],
                [
                    .ref("programme", "circle"), .text("member", who.loyalty),
                    .text("tier", "basic"), .integer("balance", 0),
                ])
        }
    }

    /// Somebody else was registered at the same address.
    private mutating func tellHousehold(_ other: Person, _ account: Identifier) {
        let member = Identifier(kind: "email", value: other.email, role: .household)
        tell(
            "household.suggested", from: .crm, [account, member],
            [.text("rule", "same_address"), .text("kind", "family")])
    }

    private mutating func tellConsent(_ who: Person, _ account: Identifier) {
        tell(
            "consent.given", from: .crm, [account],
            [
                .text("purpose", "marketing"), .ref("brand", "maple-lane"),
                .text("text_version", "2026-02"), .text("proof", "double_opt_in"),
            ])
    }

    private mutating func tellAddress(_ who: Person, _ account: Identifier) {
        let address = who.address
        tell(
            "address.set", from: .crm, [account],
            [
                .ref("address_id", newName("l")), .text("kind", "delivery"),
                .text("lines", address.lines), .text("city", address.city),
                .text("postal_code", address.postalCode), .text("country", address.country),
            ])
    }
}

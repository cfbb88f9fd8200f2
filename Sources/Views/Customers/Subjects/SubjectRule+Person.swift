/// Facts about a person (DOMAIN §9). The state is whether the fact holds. Why a flag was raised is
/// sensitive and not kept: the event has it, for the role that may see it.
extension SubjectRule {
    private static let byName: [StaticString] = ["name"]
    private static let byPurpose: [StaticString] = ["purpose", "brand", "channel"]
    private static let byFlag: [StaticString] = ["flag"]
    private static let byIdentifier: [StaticString] = ["identifier"]
    private static let byIncident: [StaticString] = ["incident_id"]
    private static let byCampaign: [StaticString] = ["campaign"]
    private static let byNamed: [StaticString] = ["customers"]
    private static let byReferral: [StaticString] = ["referral_id"]
    private static let byProgramme: [StaticString] = ["programme"]

    static let person: [SubjectRule] = [
        .init(
            "trait.set", .trait, by: byName, .opens("set"), keeping: .last(8),
            ["name", "value", "source", "valid_from"]),
        .init(
            "trait.removed", .trait, by: byName, .closes("removed"), keeping: .last(2), ["source"]),
        .init(
            "preference.set", .preference, by: byName, .opens("set"), keeping: .last(4),
            ["name", "value", "valid_until", "source"]),
        .init(
            "flag.raised", .flag, by: byFlag, .opens("raised"), keeping: .last(2),
            ["flag", "until", "source"]),
        .init("flag.cleared", .flag, by: byFlag, .closes("cleared"), keeping: .last(2), ["source"]),
        .init(
            "consent.given", .consent, by: byPurpose, .opens("given"), keeping: .last(4),
            ["purpose", "brand", "channel", "until", "jurisdiction", "text_version", "source"]),
        .init(
            "consent.withdrawn", .consent, by: byPurpose, .closes("withdrawn"), keeping: .last(4),
            ["purpose", "brand", "channel", "source"]),
        .init(
            "consent.expired", .consent, by: byPurpose, .closes("expired"), keeping: .last(2),
            ["purpose", "brand", "channel", "source"]),
        .init(
            "address.set", .address, by: ["address_id"], .opens("set"), keeping: .last(3),
            ["kind", "lines", "city", "postal_code", "country", "source"]),
        .init(
            "contactpoint.invalidated", .contactPoint, by: byIdentifier, .closes("invalidated"),
            ["identifier", "reason", "source"]),
        .init(
            "contactpoint.confirmed", .contactPoint, by: byIdentifier, .opens("confirmed"),
            ["identifier", "method", "source"]),
        .init(
            "loyalty.enrolled", .loyalty, by: byProgramme, .opens("member"),
            ["programme", "tier", "balance", "source"]),
        .init(
            "loyalty.changed", .loyalty, by: byProgramme, .opens("member"),
            ["programme", "points", "balance", "expires_at", "source"]),
        .init(
            "loyalty.tierChanged", .loyalty, by: byProgramme, .opens("member"),
            ["programme", "tier", "balance", "source"]),
        .init("loyalty.left", .loyalty, by: byProgramme, .closes("left"), ["programme", "source"]),
        .init(
            "stage.inferred", .stage, by: ["stage"], .opens("inferred"),
            ["stage", "rule", "previous_stage"]),
    ]

    /// Who else is there: the fact is kept with each, under the other's name (`noteHousehold`).
    static let household: [SubjectRule] = [
        .init(
            "household.suggested", .household, by: byNamed, .opens("suggested"), keeping: .last(2),
            ["rule", "kind", "source"]),
        .init(
            "household.confirmed", .household, by: byNamed, .opens("confirmed"), keeping: .last(2),
            ["rule", "kind", "source"]),
        .init(
            "household.dissolved", .household, by: byNamed, .closes("dissolved"),
            keeping: .last(2), ["rule", "kind", "source"]),
    ]

    /// Which campaigns reached the person, and what they answered with. Who applies a coupon of one
    /// without being in it has an entry without a state.
    static let campaigns: [SubjectRule] = [
        .init(
            "campaign.entered", .campaign, by: byCampaign, .opens("entered"), keeping: .first,
            ["campaign", "arm", "segment", "place", "source"]),
        .init("campaign.left", .campaign, by: byCampaign, .closes("left"), ["campaign"]),
        .init(
            "coupon.applied", .campaign, by: byCampaign, .none, ["campaign", "coupon", "discount"],
            onlyWith: "campaign"),
    ]

    /// Whom the person brought, or by whom they came: of each referral the first word. Names of others are not
    /// kept.
    static let referrals: [SubjectRule] = [
        .init("referral.made", .referral, by: byReferral, .opens("made"), keeping: .first),
        .init("referral.accepted", .referral, by: byReferral, .closes("accepted"), keeping: .first),
    ]

    /// What concerns many, and that it touches the person: by a contact that was linked to it, or an
    /// order that it names.
    static let incidents: [SubjectRule] = [
        .init(
            "incident.opened", .incident, by: byIncident, .opens("open"), keeping: .first,
            ["kind", "severity", "started_at", "expected_end"]),
        .init("incident.opened", .incidentLink, by: byIncident, .opens("touched"), ["incident_id"]),
        .init(
            "incident.updated", .incident, by: byIncident, .none,
            ["kind", "severity", "expected_end"]),
        .init(
            "incident.updated", .incidentLink, by: byIncident, .opens("touched"), ["incident_id"]),
        .init("incident.resolved", .incident, by: byIncident, .closes("resolved")),
        .init("incident.linked", .incidentLink, by: byIncident, .opens("linked"), ["incident_id"]),
        .init(
            "incident.unlinked", .incidentLink, by: byIncident, .closes("unlinked"),
            ["incident_id"]),
    ]
}

/// The event catalogue as data: what DOMAIN calls each event, and what it must and may say.
///
/// One line per form: the types that share it, with commas between them, then their attributes
/// separated by blanks. An attribute is
///
///     name [!] [* | **] [:kind] [=word|word…]
///
/// where `!` = required, `*` = class personal, `**` = class sensitive (else open), `kind` is one
/// of text, integer, money, boolean, time, ref (else text, or what the envelope says), and the
/// words, where given, are the only ones allowed. An envelope attribute stands in a line only
/// where the type requires it or narrows it.
///
/// Conventions of all sections:
///
/// - Class. Open: times, measures, codes, reasons as words, names of queues, agents, products and
///   orders. Personal: whatever is about or by a person, such as texts, numbers called, addresses,
///   pages seen, searches, proofs, and pointers that producers like to build from a number or a
///   name (recordings). Sensitive: assessments of staff and why a person was flagged.
/// - Money carries its currency, so that no type has an attribute `currency`.
/// - Lists (`items`, `skills`, `fields`, `channels`, `products`, …) are text, as a JSON array or
///   with commas between the members, as their producer documents it.
/// - There are no fractions: `confidence` is in percent, a duration in milliseconds or minutes as
///   its name says.
/// - No attribute is named like a role of identifiers (`customer`, `device`, …): those words always
///   begin an identifier.
/// - Where one of two attributes must be there (`cart_id` or `order`), both are optional.
enum Catalogue {
    /// What every event may have. `channel` is a closed list; `provider` names the network.
    /// `actor` is personal: beside employees and bots it names partners and customers by whatever
    /// number or address their producer knows them by.
    static let envelope = """
        envelope interaction:ref queue:ref agent:ref thread:ref case:ref order:ref product:ref \
        channel=voice|video|chat|sms|messaging|email|social|web|app|store|post|task \
        brand:ref site:ref shop:ref language actor*:ref provider classification
        """

    /// All sections.
    static let all = [
        interactions, conversations, selfService, callbacks, agents, sources, cases, contacts,
        identity, web, commerce, fulfilment, loyalty, surveys, incidents,
    ]
}

/// The event catalogue as data: what DOMAIN calls each event, and what it must and may say.
///
/// One line per type: its name, then its attributes separated by blanks. An attribute is
///
///     name [!] [* | **] [:kind] [=word|word…]
///
/// where `!` = required, `*` = class personal, `**` = class sensitive (else open), `kind` is one
/// of text, integer, money, boolean, time, ref (else text, or what the envelope says), and the
/// words, where given, are the only ones allowed. An envelope attribute stands in a line only
/// where the type requires it or narrows it.
enum Catalogue {
    /// What every event may have. `channel` is a closed list; `provider` names the network.
    static let envelope = """
        envelope interaction:ref queue:ref agent:ref thread:ref case:ref order:ref product:ref \
        channel=voice|video|chat|sms|messaging|email|social|web|app|store|post|task \
        brand:ref site:ref shop:ref language actor:ref provider classification
        """

    /// All sections.
    static let all = [
        interactions
    ]
}

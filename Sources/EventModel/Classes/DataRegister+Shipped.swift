/// The register as it is shipped, besides what the catalogue says of attributes.
extension DataRegister {
    /// Kinds of identifiers by which states and banks know a person.
    static let secretKinds = [
        "bank_account", "card_token", "dni", "driving_licence", "iban", "national_id", "nie",
        "passport", "rrn", "ssn", "tax_id",
    ]

    /// Where documents show what the catalogue calls sensitive.
    static let sensitiveFields: [(section: StaticString, field: StaticString)] = [
        ("flags", "reason"),
        // What agents answered, in METRICS, SEASON and SCORECARD.
        ("metrics", "esat"), ("metrics", "esat_mean"), ("metrics", "esat_named"),
        ("per_trading_day", "esat_named"), ("metrics", "sensitive"),
        ("improve_first", "sensitive"), ("rows", "agent_driver"),
    ]

    /// Fields that say what belongs to a person though an attribute of that name is open.
    static let personalFields = ["data", "data_base64", "id", "identifiers", "name", "value"]

    /// Fields of documents whose texts are words of ours, times, or names of things.
    static let openFields = [
        "abandon_phase", "against", "agents", "alert", "align", "anchor", "as_of", "before",
        "between", "by", "channels", "complete_until", "covered_until", "content_type", "created",
        "credit", "currency", "customer", "customers", "cut", "date", "dimension", "direction",
        "disconnected_by", "driver", "employment", "end", "end_inferred_in", "ended", "entered",
        "epoch",
        "excluded", "experience", "formula", "from", "group", "incident", "incomparable",
        "interaction",
        "interactions", "interval", "kind", "last_outcome", "left_out", "level", "local_time",
        "metric", "metrics", "model", "next", "node", "now", "occurred_by", "part", "path", "phase",
        "positions", "presence", "previous", "promise", "provisional", "queues", "quotes",
        "reason_by", "recorded", "related", "role", "rule", "scope", "season", "shipment", "since",
        "skill", "skills", "source", "sources", "stage", "state", "stay_kind", "step", "step_state",
        "stream", "strength", "subject", "supervisor", "surrogate", "survey_language",
        "survey_mode", "survey_scale", "target", "team", "then",
        "tier", "to", "trend", "type", "types", "unit", "until", "version", "visit", "wall",
        "weekday",
        "when", "where", "why", "window", "zone",
    ]
}

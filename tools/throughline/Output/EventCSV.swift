import JSON

/// Events as comma-separated values: a column for what events have in common, the rest of their
/// attributes as a JSON object in the last but one. Which columns there are never depends on the
/// events, so that files can be joined.
enum EventCSV {
    /// The attributes with a column of their own.
    private static let named = ["interaction", "channel", "queue", "agent", "order", "actor"]

    /// The line of names.
    static let header = CSVText.line(
        ["position", "recorded", "occurred", "type", "source", "id", "identifiers"] + named
            + ["attributes", "data"])

    /// The line of an event, given as EVENT shows it.
    static func line(_ event: JSONValue) -> String {
        let attributes = event["attributes"] ?? .object([])
        var fields = ["position", "recorded", "occurred", "type", "source", "id"].map {
            CSVText.plain(event[$0] ?? .null)
        }
        fields.append(CSVText.field(event["identifiers"] ?? .null))
        fields += named.map { CSVText.plain(attributes[$0] ?? .null) }
        let rest = (attributes.members ?? []).filter { !named.contains($0.name) }
        fields.append(rest.isEmpty ? "" : CSVText.plain(.object(rest)))
        fields.append(CSVText.plain(event["data"] ?? .null))
        return CSVText.line(fields)
    }
}

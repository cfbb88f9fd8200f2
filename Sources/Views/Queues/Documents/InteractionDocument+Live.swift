internal import ContactCentre
internal import EventModel

/// What a customer asked for and was told, and whether the end is real.
extension InteractionDocument {
    static func writeAsked(_ interaction: Interaction, _ json: inout JSONWriter) {
        if interaction.humanRequests > 0 {
            json.field("human_requests", interaction.humanRequests)
            json.field("human_requested", interaction.humanRequested)
        }
        json.field("callback", interaction.callback)
        json.field("end_inferred_in", word: interaction.endInferredIn?.word)
    }

    /// Writes what a stay needs and what wait was told; `error_ms` is how much longer it was.
    static func writeNeeds(_ stay: Stay, _ json: inout JSONWriter) {
        json.field("skills", stay.skills)
        json.field("language", stay.language)
        guard let announced = stay.announced else { return }
        json.key("announced")
        json.beginObject()
        json.field("at", announced.moment)
        json.field("expected_ms", announced.expectedMilliseconds)
        json.field("low_ms", announced.lowMilliseconds)
        json.field("high_ms", announced.highMilliseconds)
        json.field("error_ms", announced.errorMilliseconds(of: stay))
        json.endObject()
    }
}

public import EventModel

/// METRICS DEFINITIONS: every metric, how it is computed, and who computes it so.
///
///     {"position":…,"notation":{"O":"…",…},"definitions":[{"name":"asa","version":1,
///       "unit":"milliseconds","formula":"Σ wait(answered) / A","filter":"all","window":"…",
///       "anchor":"offered","source":"…"}],
///      "switches":{"name":"sl[+abandoned]…","formula":"(A_T [+ B_T] …"},
///      "lifecycle":[{"name":"referral","version":1,"unit":"share","formula":"…"},…]}
public enum DefinitionsDocument {
    private static let notation: [(String, String)] = [
        ("O", "stays in a queue, those of call backs left out"),
        ("A", "stays that an agent ended"), ("B", "stays that the customer ended"),
        ("Bs", "the part of B with a wait below SHORT, else short_ms of the queue's target, 5 s"),
        ("C", "the part of F by a request for a call back"),
        ("F", "stays that left the queue without an agent"),
        ("T", "TARGET, else within_ms of the queue's target, 20 s"),
        ("_T", "with a wait of T or less"), ("D", "DAYS, 7"),
        ("W", "stays that nobody has ended yet; W_T those no longer than T"),
    ]

    /// Writes the document.
    public static func write(at position: Position, to json: inout JSONWriter) {
        json.beginObject()
        json.field("position", position)
        json.key("notation")
        json.beginObject()
        for (letter, meaning) in notation { json.field(text: letter, meaning) }
        json.endObject()
        json.key("definitions")
        json.beginArray()
        for definition in MetricDefinition.all {
            json.beginObject()
            json.field("name", definition.name)
            json.field("version", definition.version)
            json.field("unit", definition.unit.rawValue)
            json.field("formula", definition.formula)
            json.field("filter", definition.filter)
            json.field("window", definition.window.text)
            json.field("anchor", word: definition.anchor.word)
            json.field("source", definition.source)
            json.endObject()
        }
        json.endArray()
        json.key("switches")
        json.beginObject()
        json.field("name", LevelSwitches.form)
        json.field("formula", LevelSwitches.formula)
        json.endObject()
        json.key("lifecycle")
        json.beginArray()
        for (name, formula) in LifecycleDocument.formulas {
            json.beginObject()
            json.field("name", name)
            json.field("version", 1)
            json.field("unit", MetricDefinition.Unit.share.rawValue)
            json.field("formula", formula)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

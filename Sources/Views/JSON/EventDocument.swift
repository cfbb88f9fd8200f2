public import EventModel

/// One event as a JSON document: what EVENT, EVENTS and TIMELINE answer.
///
///     {"position":…,"recorded":"…","occurred":"…","type":"…","source":"…","id":"…",
///      "identifiers":[{"kind":"…","value":"…","role":"customer","strength":"stated"}],
///      "attributes":{"queue":"billing","priority":2,
///                    "amount":{"minor_units":1999,"currency":"EUR"}},
///      "content_type":"text/plain","data":"…"}
///
/// `clock_ahead_ms` is how far its producer's clock ran ahead, where that was too far to be believed:
/// such an event counts as of when it was recorded. `occurred_unsaid` is true where the producer gave no time; `erased` where only the skeleton is
/// left, which then has no source, id, identifiers and data; `redacted`, of one of which something
/// was redacted, is the position of what says so last. A payload that is not text in UTF-8 stands as
/// `data_base64`.
public enum EventDocument {
    /// Writes the event.
    public static func write(_ event: borrowing EventView, to json: inout JSONWriter) {
        json.beginObject()
        json.field("position", event.position)
        json.field("recorded", event.recorded)
        json.field("occurred", event.saidOccurred)
        json.field("clock_ahead_ms", event.clockAheadMilliseconds)
        if !event.saysWhen { json.field("occurred_unsaid", true) }
        json.key("type")
        json.value(event.type)
        if event.isErased {
            json.field("erased", true)
        } else {
            if let remnant = event.remnant { json.field("redacted", remnant.cause) }
            json.key("source")
            json.value(event.source)
            json.key("id")
            json.value(event.id)
        }
        writeIdentifiers(event, &json)
        writeAttributes(event, &json)
        writeData(event, &json)
        json.endObject()
    }

    static func writeIdentifiers(
        _ event: borrowing EventView, _ json: inout JSONWriter
    ) {
        var walk = event.identifiers()
        var isFirst = true
        while let identifier = walk.next() {
            guard !event.isSurrogate(identifier) else { continue }
            if isFirst {
                json.key("identifiers")
                json.beginArray()
                isFirst = false
            }
            json.beginObject()
            json.key("kind")
            json.value(identifier.kind)
            json.key("value")
            json.value(identifier.value)
            json.field("role", word: identifier.role.attributeName)
            json.field("strength", word: identifier.strength.word)
            json.endObject()
        }
        if !isFirst { json.endArray() }
    }

    static func writeAttributes(
        _ event: borrowing EventView, _ json: inout JSONWriter
    ) {
        json.key("attributes")
        json.beginObject()
        var walk = event.attributes()
        while let attribute = walk.next() {
            json.key(attribute.name)
            switch attribute.value {
            case .text, .ref: json.value(attribute.bytes)
            case .integer(let integer): json.value(integer)
            case .boolean(let boolean): json.value(boolean)
            case .time(let moment): json.value(moment)
            case .money(let minorUnits, let currency):
                json.beginObject()
                json.field("minor_units", minorUnits)
                json.field("currency", currency)
                json.endObject()
            }
        }
        json.endObject()
    }

    private static func writeData(_ event: borrowing EventView, _ json: inout JSONWriter) {
        let contentType = event.contentType
        guard contentType.byteCount > 0 else { return }
        json.key("content_type")
        json.value(contentType)
        if isText(contentType), event.data.isUTF8 {
            json.key("data")
            json.value(event.data)
        } else {
            json.key("data_base64")
            json.base64(event.data)
        }
    }

    /// Tells whether a media type is text: `text/…`, JSON or XML, whatever parameters follow.
    private static func isText(_ contentType: RawSpan) -> Bool {
        let end = contentType.firstOffset(of: UInt8(ascii: ";")) ?? contentType.byteCount
        let name = contentType.extracting(0..<end).text().lowercased()
        return name.hasPrefix("text/") || name.hasSuffix("/json") || name.hasSuffix("+json")
            || name.hasSuffix("/xml") || name.hasSuffix("+xml")
    }
}

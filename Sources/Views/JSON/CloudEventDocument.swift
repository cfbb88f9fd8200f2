public import EventModel

/// One event in the JSON form of CloudEvents 1.0, as an export writes it and an import reads it.
///
///     {"specversion":"1.0","id":"7f3a:3","source":"acd-1","type":"queue.entered","time":"…",
///      "data":{"recorded":"…","attributes":{…},"identifiers":[…],"payload_base64":"…",
///              "content_type":"…"}}
///
/// The time is always said, so that the event counts where it counted, whenever it is imported. When
/// this store recorded it is for who makes another of the same events (`StoreImport`).
public enum CloudEventDocument {
    /// Writes the event.
    ///
    /// - Returns: false for one that cannot be said again, since its source and id are erased; then
    ///   nothing is written.
    public static func write(_ event: borrowing EventView, to json: inout JSONWriter) -> Bool {
        guard !event.isErased else { return false }
        json.beginObject()
        json.field("specversion", word: "1.0")
        json.key("id")
        json.value(event.id)
        json.key("source")
        json.value(event.source)
        json.key("type")
        json.value(event.type)
        json.field("time", event.saidOccurred)
        json.key("data")
        json.beginObject()
        json.field("recorded", event.recorded)
        EventDocument.writeIdentifiers(event, &json)
        EventDocument.writeAttributes(event, &json)
        if event.contentType.byteCount > 0 {
            json.key("payload_base64")
            json.base64(event.data)
            json.key("content_type")
            json.value(event.contentType)
        }
        json.endObject()
        json.endObject()
        return true
    }
}

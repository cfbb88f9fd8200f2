internal import EventModel
internal import JSON

/// Turns events in the JSON form of CloudEvents 1.0 into the words of appends.
///
///     {"specversion": "1.0", "id": "7f3a:3", "source": "acd-1", "type": "queue.entered",
///      "subject": "c-8812", "time": "2026-11-27T14:32:08.120Z",
///      "data": {"attributes": {"queue": "billing", "priority": 2},
///               "identifiers": [{"kind": "phone", "value": "+34911234567", "strength": "line"}],
///               "payload": "…", "content_type": "text/plain"}}
///
/// - `id`, `source`, `type`, `time` are ours; `subject` is the interaction unless the attributes
///   name one.
/// - `data.attributes`: a text, an integer, true or false as they are; money as
///   `{"minor_units": 1999, "currency": "EUR"}` or as `"1999 EUR"`; null as if it were not there.
/// - `data.identifiers`: `role` and `strength` may be left out (customer, stated).
/// - `data.payload`: a text is the payload's bytes (`text/plain` unless `content_type` says
///   otherwise), any other value is written as JSON (`application/json`);
///   `data.payload_base64`: bytes. `datacontenttype` is that of `data`: absent or JSON.
/// - `data.recorded`, `data.daemon`: when the store that exported the event had recorded it, and
///   whether by itself. Only for an import into a new store; a daemon has its own clock and name.
/// - `data_base64` instead of `data`: the payload alone, of type `datacontenttype`.
/// - Extension attributes are kept as `ext_<name>`.
public struct CloudEventMapper {
    /// What came from each source.
    public private(set) var sources: [String: Coverage] = [:]

    private let target: ImportTarget

    /// Makes a mapper for events that go there.
    public init(for target: ImportTarget = .daemon) { self.target = target }

    /// Maps one line and appends its event to the batch.
    ///
    /// - Throws: a `RowFault`; the batch is then unchanged.
    public mutating func map(
        _ text: RawSpan, file: Int, line: Int, into batch: inout RowBatch
    ) throws(RowFault) {
        let event = try CloudEvent(try Self.document(text))
        let mark = batch.mark
        do throws(RowFault) {
            try write(event, &batch)
        } catch {
            batch.restore(mark)
            throw error
        }
        try batch.endRow(since: mark, file: file, line: line, raw: text)
        sources[event.source, default: Coverage()].rows += 1
        sources[event.source]?.extend(to: event.time?.moment.rawValue)
    }

    private static func document(_ text: RawSpan) throws(RowFault) -> JSONValue {
        do {
            return try JSONReader.read(text)
        } catch {
            throw .notJSON(problem: error.problem, offset: error.offset)
        }
    }

    private func write(_ event: CloudEvent, _ batch: inout RowBatch) throws(RowFault) {
        let data = try EventData(event.data, contentType: event.dataContentType)
        batch.appendWord(event.type)
        if target == .newStore {
            guard let recorded = data.recorded else {
                throw .notAnEvent(
                    problem: "data.recorded is missing: a new store is made of what a store's "
                        + "export says; other events are imported by a daemon")
            }
            batch.appendWord(RecordedWord.name)
            batch.appendWord(recorded.rfc3339)
        }
        batch.appendWord("source")
        batch.appendWord(
            target == .newStore && data.isDaemons ? Reserved.source : event.source)
        batch.appendWord("id")
        batch.appendWord(event.id)
        if let time = event.time {
            batch.appendWord("occurred")
            batch.appendWord(time.text)
        }
        if let subject = event.subject, !data.attributes.contains(where: { $0.0 == "interaction" })
        {
            batch.appendWord("interaction")
            batch.appendWord(subject)
        }
        for (name, value) in data.attributes + data.identifiers {
            batch.appendWord(name)
            batch.appendWord(value)
        }
        for (name, value) in event.extensions {
            batch.appendWord("ext_" + name)
            batch.appendWord(value)
        }
        if let text = event.dataBase64 {
            guard let bytes = Base64.decode(text) else {
                throw .notAnEvent(problem: "data_base64 is no base64")
            }
            Self.write(bytes, event.dataContentType ?? "application/octet-stream", &batch)
        } else if let payload = data.payload {
            Self.write(payload.bytes, payload.contentType, &batch)
        }
        batch.endEvent()
    }

    private static func write(_ bytes: [UInt8], _ contentType: String, _ batch: inout RowBatch) {
        batch.appendWord("content_type")
        batch.appendWord(contentType)
        batch.appendWord("DATA")
        batch.appendWord(bytes)
    }
}

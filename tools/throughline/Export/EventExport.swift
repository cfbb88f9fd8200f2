import EventLog
import EventModel
import JSON
import Views

/// How an export writes an event.
enum EventForm {
    /// A CloudEvent in JSON, which an import reads. What the daemon itself has recorded is given
    /// the source `throughline.` and the beginning of the store's id: its own is reserved.
    case cloudEvents(storeID: String)
    /// A line of comma-separated values.
    case csv

    /// Adds the line of an event; nothing for one that cannot be said again.
    ///
    /// - Returns: Whether there is one.
    func write(_ event: borrowing EventView, to lines: inout [UInt8]) throws -> Bool {
        var json = JSONWriter()
        switch self {
        case .cloudEvents(let storeID):
            guard CloudEventDocument.write(event, to: &json) else { return false }
            if event.source.text() == Reserved.source {
                let name = "\(Reserved.source).\(storeID.prefix(8))"
                try Self.renamed(Document(json.bytes).value(), name).write(to: &lines)
            } else {
                lines += json.bytes
            }
            lines.append(UInt8(ascii: "\n"))
        case .csv:
            EventDocument.write(event, to: &json)
            lines += Array(EventCSV.line(try Document(json.bytes).value()).utf8)
        }
        return true
    }
}

extension EventForm {
    private static func renamed(_ event: JSONValue, _ source: String) -> JSONValue {
        .object(
            (event.members ?? []).map { member in
                switch member.name {
                case "source": JSONValue.Member("source", .string(source))
                case "data":
                    JSONValue.Member(
                        "data",
                        .object(
                            [JSONValue.Member("daemon", .boolean(true))]
                                + (member.value.members ?? [])))
                default: member
                }
            })
    }

    fileprivate var isCSV: Bool {
        if case .csv = self { true } else { false }
    }
}

/// Writes events of a log, portion by portion.
struct EventExport {
    let log: LogSource
    let form: EventForm
    let filter: ExportFilter
    /// Whether it says how far it is.
    let showsBar: Bool

    /// Writes events from a position on.
    ///
    /// - Returns: How many.
    func run(from start: Position, to sink: inout ExportSink) throws -> Int {
        let bar = ProgressBar("exporting", unit: "events")
        defer { bar.clear() }
        var reader = try log.makeReader()
        let last = log.head.position
        if form.isCSV, sink.next == nil {
            try sink.write(Array(EventCSV.header.utf8), next: start.rawValue)
        }
        var position = start
        var written = 0
        while position <= last {
            // A portion at a time: what is written is then on disk, whatever comes.
            let end = min(last, Position(position.rawValue + ExportSink.portionEvents - 1))
            var lines: [UInt8] = []
            try reader.events(from: position, through: end) { (event) throws in
                if filter.wants(event), try form.write(event, to: &lines) { written += 1 }
                return true
            }
            try sink.write(lines, next: end.next.rawValue)
            position = end.next
            if showsBar { bar.show(end.rawValue, of: last.rawValue) }
        }
        return written
    }
}

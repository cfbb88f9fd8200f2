import ArgumentParser
import EventLog
import EventModel
import Importing
import Views

struct InspectEvent: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "One event, and the bytes of its record.")

    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @Argument(help: "The event's position.")
    var position: UInt64

    @Flag(help: "Print the event's JSON document.")
    var json = false

    func validate() throws {
        guard position >= 1 else { throw ValidationError("positions begin at 1") }
    }

    func run() throws {
        let (document, record) = try found()
        guard !json else {
            return Terminal.write(Escaping.document(document) + [UInt8(ascii: "\n")])
        }
        try Document(document).show()
        Terminal.write("\nrecord, \(record.count.grouped) bytes\n" + HexText.dump(record, from: 0))
    }

    /// The event's document and the bytes of its record.
    private func found() throws -> (document: [UInt8], record: [UInt8]) {
        do {
            // A log with a damaged segment is not opened as a whole.
            guard try isWhole() else { return try foundInBlock() }
            var (document, record): ([UInt8], [UInt8]) = ([], [])
            let log = try StoredLog.open(store: store)
            // What is to be erased or redacted is not shown any more.
            var reader = try log.hidingSource().makeReader()
            let isThere = try reader.event(at: Position(position)) { event in
                var json = JSONWriter()
                EventDocument.write(event, to: &json)
                document = json.bytes
                record = event.record.copied()
            }
            guard isThere else {
                throw ToolFailure("the log ends at position \(log.source.head.position)")
            }
            return (document, record)
        } catch let error as ToolFailure {
            throw error
        } catch {
            throw ToolFailure("\(error)")
        }
    }

    /// Whether the position's segment and the newest one can be opened: the log's end is there.
    private func isWhole() throws -> Bool {
        try [Position(position), Position(.max)].allSatisfy {
            try SegmentInspection.open(store: store, holding: $0).faults.isEmpty
        }
    }

    private func foundInBlock() throws -> (document: [UInt8], record: [UInt8]) {
        let segment = try SegmentInspection.open(store: store, holding: Position(position))
        let content = try segment.content(at: Position(position))
        var faults = segment.faults + [content?.fault].compactMap { $0 }
        if let found = Self.event(at: position, in: content?.records ?? [], &faults) {
            return found
        }
        throw ToolFailure(
            "position \(position) cannot be read", faults.joined(separator: "; "))
    }

    /// Finds an event among the records of a block; a neighbour that cannot be read is named and
    /// passed over.
    static func event(
        at position: UInt64, in records: [[UInt8]], _ faults: inout [String]
    ) -> (document: [UInt8], record: [UInt8])? {
        for (index, record) in records.enumerated() {
            do throws(MalformedBytes) {
                let event = try unsafe EventView(checking: record.span.bytes)
                guard event.position.rawValue == position else { continue }
                var json = JSONWriter()
                EventDocument.write(event, to: &json)
                return (json.bytes, record)
            } catch {
                faults.append("record \(index + 1) of the block is malformed: \(error)")
            }
        }
        return nil
    }
}

import ContactCentre
import EventModel
import Testing

@testable import Importing

/// Maps the bank's tables and counts the calls twice: by what the events tell, and by what the
/// state machine makes of them.
struct BankCalls {
    /// Counted from the words of the events.
    struct Told {
        var answered = 0
        var abandoned = 0
        var leftInVRU = 0
        var phantoms = 0
        var refusals = 0
        var waitSeconds = 0
        var abandonedWaitSeconds = 0
        var withinTwenty = 0
        var customers: Set<String> = []
        var offeredByHour = [Int](repeating: 0, count: 24)
    }

    /// Counted from the folded interactions.
    struct Folded {
        var answered = 0
        var abandoned = 0
        var waitSeconds = 0
        var abandonedWaitSeconds = 0
        var services = 0
        var serviceSeconds = 0
        var open = 0
        var anomalies = 0
    }

    private(set) var rows = 0
    private(set) var events = 0
    private(set) var told = Told()
    private(set) var folded = Folded()
    /// From the first to the last moment of each call.
    private(set) var spans: [ClosedRange<Int64>] = []

    private var zone = Zone(named: "Asia/Jerusalem")
    private let now = Timestamp(rfc3339: "2026-01-01T00:00:00Z") ?? .latest

    mutating func read(_ path: String, onlyRows: Int = .max) throws {
        let mapping = try Mapping(file: Places.bankMapping)
        var lines = LineReader(try InputFile(path: path))
        #expect(try lines.next())
        var mapper = RowMapper(try RowProgram(mapping, columns: mapping.table.columns))
        var batch = RowBatch()
        var intake = EventIntake()
        while try lines.next(), rows < onlyRows {
            rows += 1
            batch.removeAll()
            events += try mapper.map(lines.line, file: 0, line: lines.lineNumber, into: &batch)
            let words = batch.texts()
            tell(words)
            fold(words, &intake)
        }
    }

    private static func moment(_ words: [String]?) -> Int64 {
        guard let text = words?["occurred"] else { return 0 }
        return Timestamp(rfc3339: text)?.rawValue ?? 0
    }

    private mutating func tell(_ events: [[String]]) {
        func first(_ type: String) -> [String]? { events.first { $0[0] == type } }
        let moments = events.map { Self.moment($0) }
        if let least = moments.min(), let most = moments.max() { spans.append(least...most) }
        if let customer = first("interaction.created")?["customer"] {
            told.customers.insert(customer)
        }
        if first("contact.classified")?["kind"] == "test" { told.phantoms += 1 }
        let entered = first("queue.entered")
        if let accepted = first("offer.accepted") {
            let wait = Int(Self.moment(accepted) - Self.moment(entered)) / 1_000
            told.answered += 1
            told.waitSeconds += wait
            told.withinTwenty += wait <= 20 ? 1 : 0
        }
        if let abandoned = first("interaction.abandoned") {
            if abandoned["phase"] == "queue" {
                told.abandoned += 1
                told.abandonedWaitSeconds +=
                    Int(Self.moment(abandoned) - Self.moment(entered)) / 1_000
            } else {
                told.leftInVRU += 1
            }
        }
        if entered != nil { told.offeredByHour[hour(of: first("interaction.created"))] += 1 }
    }

    /// The hour that the bank's clocks showed.
    private func hour(of created: [String]?) -> Int {
        let moment = Int(Self.moment(created) / 1_000)
        var zone = zone
        for offset in [7_200, 10_800] where zone?.utcSeconds(local: moment + offset) == moment {
            return (moment + offset) / 3_600 % 24
        }
        return 0
    }

    private mutating func fold(_ events: [[String]], _ intake: inout EventIntake) {
        var records: [(occurred: Int64, bytes: [UInt8])] = []
        for words in events {
            do {
                records.append((Self.moment(words), try Self.record(words, &intake, now: now)))
            } catch {
                told.refusals += 1
                Issue.record("\(words[0]): \(error)")
            }
        }
        // Stable, as positions are.
        let order = records.indices.sorted {
            (records[$0].occurred, $0) < (records[$1].occurred, $1)
        }
        var interaction = Interaction()
        for (number, index) in order.enumerated() {
            EventCodec.stamp(
                &records[index].bytes, at: 0, position: Position(UInt64(number + 1)), recorded: now)
            let bytes = records[index].bytes
            guard let event = try? unsafe EventView(checking: bytes.span.bytes),
                let kind = LifecycleEvent(type: event.type)
            else { continue }
            interaction.apply(event, as: kind)
        }
        count(interaction)
    }

    /// The stored form of an event's words, without position and recorded time.
    static func record(
        _ words: [String], _ intake: inout EventIntake, now: Timestamp
    ) throws(EventRefusal) -> [UInt8] {
        try withBytes(words[0]) { type throws(EventRefusal) in
            try intake.begin(type: type, now: now)
        }
        for index in stride(from: 1, to: words.count, by: 2) {
            let name = Array(words[index].utf8)
            try withBytes(words[index + 1]) { value throws(EventRefusal) in
                try unsafe intake.take(name.span.bytes, value)
            }
        }
        var record: [UInt8] = []
        try intake.finish(into: &record)
        return record
    }

    private mutating func count(_ interaction: Interaction) {
        folded.anomalies += interaction.anomalyCount
        folded.open += interaction.state.isOpen ? 1 : 0
        for stay in interaction.stays {
            let seconds = Int((stay.waitMilliseconds ?? 0) / 1_000)
            switch stay.outcome {
            case .answered:
                folded.answered += 1
                folded.waitSeconds += seconds
            case .abandoned:
                folded.abandoned += 1
                folded.abandonedWaitSeconds += seconds
            default: break
            }
        }
        for connection in interaction.connections where connection.connected != nil {
            folded.services += 1
            folded.serviceSeconds += Int((connection.serviceMilliseconds ?? 0) / 1_000)
        }
    }
}

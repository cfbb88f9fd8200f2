internal import ArgumentParser
internal import EventLog
internal import EventModel
internal import Foundation
internal import Projecting
internal import Simulation
internal import Views

/// What customers with so many touchpoints each take on the disk.
struct FootprintProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "footprint",
        abstract: "View bytes of a customer with so many touchpoints, and which rows they are.")

    @Option(help: "Customers.") var customers = 2_000
    @Option(help: "Contacts of each, eleven days apart; each is created, queued, accepted, over.")
    var touchpoints = 30
    @Option(help: "Where things are made and removed.") var scratch = "/tmp"

    func validate() throws {
        guard customers >= 1, touchpoints >= 1 else {
            throw ValidationError("--customers and --touchpoints are at least 1")
        }
    }

    func run() throws {
        let folder = scratch + "/tlb-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try ReferenceStore(path: folder + "/store")
        // All customers' first contacts, then all second ones: as they come.
        for contact in 0..<touchpoints {
            try store.append((0..<customers).flatMap { Self.contact(contact, of: $0) })
        }
        let views = try ViewSet(stillOn: store.log, folder: folder)
        let events = store.log.head.position.rawValue
        print("footprint: \(customers) customers with \(touchpoints) touchpoints, \(events) events")
        tell(try FoldFigure(views.identity, events: events))
        tell(try FoldFigure(views.customers, events: events))
        try tellRows(try views.customers.snapshot())
    }

    private func tell(_ figure: FoldFigure) {
        print(
            Comparison.pad("  " + figure.name, 14),
            Comparison.lead(each(figure.viewBytes), 10), "bytes a customer on the disk")
    }

    /// Keys and rows by the first byte of the key; those of customers by their kind.
    private func tellRows(_ snapshot: borrowing ViewSnapshot) throws {
        var sums: [String: (count: UInt64, bytes: UInt64)] = [:]
        try snapshot.rows(from: [0], below: [0xFF]) { (key, row) throws(ViewFault) in
            var name = Self.letter(key[0])
            if name == "c" { name += key.byteCount > 9 ? " " + Self.letter(key[9]) : "" }
            sums[name, default: (0, 0)].count += 1
            sums[name, default: (0, 0)].bytes += UInt64(key.byteCount + row.byteCount)
            return true
        }
        for (name, sum) in sums.sorted(by: { $0.key < $1.key }) {
            print(
                Comparison.pad("    rows " + name, 14), Comparison.lead(each(sum.count), 10),
                "a customer,", Comparison.lead(each(sum.bytes), 10), "bytes of keys and rows")
        }
    }

    private static func letter(_ byte: UInt8) -> String { String(UnicodeScalar(byte)) }

    private func each(_ sum: UInt64) -> String {
        Comparison.decimal(Double(sum) / Double(customers), 1)
    }

    private static let steps: [(type: String, seconds: Int64)] = [
        ("interaction.created", 0), ("queue.entered", 1), ("offer.accepted", 40),
        ("interaction.disconnected", 200), ("interaction.completed", 240),
    ]

    private static func contact(_ number: Int, of customer: Int) -> [EventDraft] {
        let interaction = "i-\(number * 1_000_000 + customer)"
        let queue = "queue-\(customer % 8)"
        let agent = "agent-\(1_000 + (customer + number) % 200)"
        let begin = start.advanced(
            byMilliseconds: Int64(number) * 11 * 86_400_000 + Int64(customer) * 1_000)
        return steps.map { type, seconds in
            var event = EventDraft(
                type: type, source: "bench", id: "\(interaction)-\(seconds)",
                identifiers: [Identifier(kind: "crm", value: "\(10_000_000 + customer)")],
                attributes: [
                    Attribute("interaction", .text(interaction)),
                    Attribute("channel", .text("voice")),
                ])
            if seconds == 0 {
                event.attributes += [
                    Attribute("direction", .text("inbound")), Attribute("method", .text("inbound")),
                ]
            }
            if (1...200).contains(seconds) {
                event.attributes.append(Attribute("queue", .text(queue)))
            }
            if seconds == 200 { event.attributes.append(Attribute("by", .text("customer"))) }
            if (2...200).contains(seconds) {
                event.attributes.append(Attribute("agent", .text(agent)))
            }
            event.occurred = begin.advanced(byMilliseconds: seconds * 1_000)
            return event
        }
    }

    /// 2025-01-01T00:00:00Z.
    private static let start = Timestamp(milliseconds: 1_735_689_600_000)
}

internal import ArgumentParser
internal import EventLog
internal import EventModel
internal import Foundation
internal import ReferenceEvents

/// What reading the log takes, in this process: all of it in order, single events, and opening it.
struct ScanProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Reads a sealed log: all of it, single events by position; and opens it.")

    @OptionGroup var options: WorkloadOptions
    @Option(help: "Reference events of the store that is made.") var events = 1_000_000
    @Option(help: "Keeps the store that is made, or takes it where it is there.") var keep: String?
    @Option(help: "Where things are made and removed.") var scratch = "/tmp"
    @Option(help: "Rounds.") var rounds = 3

    private static let singleEvents = 200_000

    func run() throws {
        #if DEBUG
            print("WARNING: a debug build; nothing measured with it means anything")
        #endif
        let folder = scratch + "/tlb-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = keep ?? folder + "/store"
        if !FileManager.default.fileExists(atPath: path + "/store.json") {
            let store = try ReferenceStore(path: path)
            var made = options.events(count: events)
            try store.append(&made)
            store.seal()
        }
        let load = Conditions(scratch: folder).load
        print("scan: \(rounds) rounds, load before \(load); processor time of the reading thread")
        for _ in 1...rounds { try measure(path) }
    }

    private func measure(_ path: String) throws {
        let begin = Clock.now()
        let store = try ReferenceStore(path: path)
        let opened = Clock.now() - begin
        let head = store.log.head.position.rawValue
        let scan = try Self.scan(store.log)
        let single = try Self.readSingly(store.log, head)
        print(
            Comparison.lead(Comparison.thousands(Double(head) / scan * 1e9), 12), "events/s",
            Comparison.lead(Comparison.decimal(scan / Double(head), 0), 6), "ns an event, decoded;",
            Comparison.lead(Comparison.decimal(single / 1_000, 2), 6), "µs one by its position;",
            Comparison.lead(Comparison.decimal(Double(opened) / 1e6, 1), 6), "ms to open",
            "(\(head) events)")
        flushOutput()
    }

    /// Reads everything in order; returns nanoseconds.
    private static func scan(_ log: EventLog) throws -> Double {
        var reader = try log.makeReader()
        var sum = 0
        let begin = Clock.threadCPU()
        try reader.events(from: Position(1)) { (event) throws(Never) in
            sum += decode(event)
            return true
        }
        let spent = Clock.threadCPU() - begin
        guard sum > 0 else { throw BenchFailure("the store has no events") }
        return Double(spent)
    }

    /// Reads events at random positions, each from its block; returns nanoseconds each.
    private static func readSingly(_ log: EventLog, _ head: UInt64) throws -> Double {
        var reader = try log.makeReader()
        var generator = SystemRandomNumberGenerator()
        let positions = (0..<singleEvents).map { _ in
            Position(UInt64.random(in: 1...head, using: &generator))
        }
        var sum = 0
        let begin = Clock.threadCPU()
        for position in positions {
            _ = try reader.event(at: position) { (event) throws(Never) in sum += decode(event) }
        }
        let spent = Clock.threadCPU() - begin
        guard sum > 0 else { throw BenchFailure("events are missing") }
        return Double(spent) / Double(positions.count)
    }

    /// Comes to everything that an event says.
    private static func decode(_ event: borrowing EventView) -> Int {
        var bytes = event.type.byteCount + event.source.byteCount + event.id.byteCount
        var identifiers = event.identifiers()
        while let identifier = identifiers.next() { bytes += identifier.value.byteCount }
        var attributes = event.attributes()
        while let attribute = attributes.next() { bytes += attribute.name.byteCount }
        return bytes + event.data.byteCount
    }
}

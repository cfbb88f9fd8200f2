internal import ArgumentParser
internal import EventLog
internal import EventModel
internal import Foundation
internal import Glibc

/// What taking a person's events out of segments and indexes costs, in this process and without views.
struct ScrubProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scrub",
        abstract: "Erases events that lie evenly over a store's log, and has it written anew.")

    @OptionGroup var options: WorkloadOptions
    @Option(help: "Reference events of the store that is made.") var events = 1_000_000
    @Option(help: "Events of the one who is erased, in each round others.") var erased = 500
    @Option(help: "Rounds.") var rounds = 3
    @Option(help: "Where things are made and removed.") var scratch = "/tmp"

    func validate() throws {
        guard erased >= 1, rounds >= 1, events >= erased * rounds else {
            throw ValidationError("there are fewer events than are to be erased")
        }
    }

    func run() throws {
        let folder = scratch + "/tlb-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try ReferenceStore(path: folder + "/store")
        var made = options.events(count: events)
        try store.append(&made)
        store.seal()
        let load = Conditions(scratch: folder).load
        print("scrub: \(events) events, \(erased) of them erased, load before \(load)")
        for round in 0..<rounds { try measure(store, round) }
    }

    private func measure(_ store: ReferenceStore, _ round: Int) throws {
        let note = EventDraft(
            type: "note.added", source: "bench-scrub", id: "\(round)",
            attributes: [
                Attribute("note_id", .ref("\(round)")), Attribute("text", .text("x")),
            ])
        try store.append(CollectionOfOne(note))
        store.seal()
        var positions = ErasedPositions()
        let step = events / erased
        for number in 0..<erased {
            positions.add(
                Position(UInt64(number * step + round + 1)),
                .init([.init(identifier: 0, customer: 0, person: 0)]))
        }
        let goal = store.log.head.position
        let surrogate = Surrogate(drawing: { UInt64(round + 1) << 20 })
        store.log.erasures.add(
            Erasure(
                number: UInt64(round + 1), position: goal,
                what: .person(surrogate, erased: positions, quoted: .init())))
        let before = store.log.scrubbing.segments
        let (begun, used) = (Clock.now(), Self.processorSeconds)
        store.log.scrub(through: goal)
        store.log.settleSealing()
        let seconds = Double(Clock.now() - begun) / 1e9
        let processor = Self.processorSeconds - used
        if let trouble = store.log.scrubbing.trouble { throw BenchFailure("\(trouble)") }
        guard store.log.scrubbing.through == goal else { throw BenchFailure("it ended early") }
        store.log.erasures.complete([goal])
        let segments = store.log.scrubbing.segments - before
        print(
            "  \(segments) segments in \(Comparison.decimal(seconds, 2)) s,",
            "\(Comparison.decimal(processor, 2)) s of processor time,",
            "\(Comparison.decimal(processor / Double(events) * 1e9, 0)) ns an event")
        flushOutput()
    }

    private static var processorSeconds: Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let (user, system) = (usage.ru_utime, usage.ru_stime)
        return Double(user.tv_sec + system.tv_sec) + Double(user.tv_usec + system.tv_usec) / 1e6
    }
}

import Testing

@testable import Commands

@Suite("Figures are added up beside the loop")
struct FiguresTests {
    private let store: OpenStore
    private let session = Session(id: 1, role: .writer)

    private static let day = "FROM 2026-01-01T00:00:00Z TO 2026-01-02T00:00:00Z"
    private static let commands = [
        "METRICS \(day)", "METRICS \(day) EVENTS ONLY offered", "SCORECARD \(day)",
        "SEASON \"no such\"", "QUEUES COUNT 101", "WAITING billing COUNT 101",
        "WAITING unknown COUNT 101", "AGENTS COUNT 101", "AGENTS STATE offline",
        "SIGNALS", "SIGNALS KIND orderLate COUNT 101",
    ]

    init() throws {
        store = try OpenStore()
        try append(1)
    }

    private func append(_ number: Int) throws {
        for (id, event) in [
            "interaction.created interaction i-\(number) channel voice direction inbound method inbound",
            "queue.entered interaction i-\(number) queue billing",
        ].enumerated() {
            let words = event.split(separator: " ", maxSplits: 1)
            store.run(
                "APPEND \(words[0]) source s id \(number)-\(id) occurred 2026-01-01T09:00:00Z \(words[1])",
                for: session)
        }
        #expect(try store.executor.commitRound([session]))
        let lines = session.takeLines()
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix(":") }, "\(lines)")
    }

    private func isBeside(_ execution: CommandExecutor.Execution?) -> Bool {
        if case .waits(for: .past(let question)) = execution { return question.effort == .figures }
        return false
    }

    @Test(
        "others are answered before; where nobody more may wait they are refused",
        arguments: commands)
    func beside(_ line: String) throws {
        let other = Session(id: 2, role: .reader)
        let turns = try store.finish("\(line) AFTER 2", for: session) { wait in
            guard case .past = wait else { return }
            store.run("PING", for: other)
        }
        #expect(turns.contains { isBeside($0) } && turns.last == .answered)
        #expect(other.takeLines() == ["+PONG"])
        #expect(!session.takeLines().isEmpty)
        store.hasRoomToWait = false
        #expect(store.run(line, for: session) == .answered)
        #expect(session.takeLines().first?.hasPrefix("-LIMIT waiters") == true)
    }

    @Test(
        "short lists are the loop's",
        arguments: ["QUEUES", "WAITING billing", "AGENTS"])
    func short(_ line: String) throws {
        let turns = try store.finish("\(line) AFTER 2", for: session)
        #expect(turns.last == .answered && !turns.contains { isBeside($0) })
    }

    @Test("mistakes are said at once, definitions are told at once")
    func atOnce() throws {
        _ = try store.finish("METRICS \(Self.day) AFTER 2", for: session)
        _ = session.takeLines()
        #expect(store.run("METRICS \(Self.day) BY fortnight", for: session) == .answered)
        #expect(session.takeLines().first?.hasPrefix("-SYNTAX BY of METRICS") == true)
        #expect(store.run("METRICS DEFINITIONS", for: session) == .answered)
        #expect(session.takeLines().last?.hasPrefix("{\"position\":2") == true)
    }

    @Test("what the view cannot answer is refused behind the thread as before")
    func refused() throws {
        let line = "METRICS \(Self.day) ONLY no-such-metric AFTER 2"
        _ = try store.finish(line, for: session)
        #expect(session.takeLines().first?.hasPrefix("-SYNTAX METRICS refused") == true)
    }

    @Test("who has gone is not worked for, and does not stand in others' way")
    func gone() throws {
        _ = try store.finish("METRICS \(Self.day) AFTER 2", for: session)
        let leaving = (0..<10_000 as Range<UInt64>).map { Session(id: $0 + 10, role: .reader) }
        for session in leaving {
            #expect(isBeside(store.run("METRICS \(Self.day)", for: session)))
            store.executor.closed(session)
        }
        _ = session.takeLines()
        let turns = try store.finish("METRICS \(Self.day)", for: session)
        #expect(isBeside(turns.first) && turns.last == .answered)
    }

    @Test("an answer from before an erasure is told to nobody")
    func erased() throws {
        let privacy = Session(id: 3, role: .privacy)
        for id in 1...2 {
            store.run("APPEND note.taken source s id n\(id) customer crm:\(id)", for: session)
        }
        #expect(try store.executor.commitRound([session]))
        _ = session.takeLines()
        _ = try store.finish("METRICS \(Self.day) AFTER 4", for: session)
        _ = session.takeLines()
        var isErased = false
        let turns = try store.finish("METRICS \(Self.day)", for: session) { wait in
            guard case .past = wait, !isErased else { return }
            isErased = true
            _ = try store.finish("ERASE crm:1 REASON asked", for: privacy)
            #expect(try store.executor.commitRound([privacy]))
        }
        // Asked twice, and for the second time behind the view's having seen the erasure.
        #expect(turns.filter { isBeside($0) }.count >= 2, "\(turns)")
        let waits = turns.contains {
            if case .waits(for: .view(.metrics, _)) = $0 { true } else { false }
        }
        #expect(waits)
        #expect(session.takeLines().last?.hasPrefix("{\"position\":5") == true)
    }
}

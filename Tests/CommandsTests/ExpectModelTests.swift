import EventLog
import Testing

@testable import Commands

/// Appends with guards, repeats and batches against a naive model: what each agent did, and which
/// ids were said.
@Suite("expected versions against a model")
struct ExpectModelTests {
    private static let agents = ["ana", "bea", "cai"]

    private struct Model {
        /// For each position, the agent and the id.
        var events: [(agent: String, id: Int)] = []
        var nextID = 1

        func version(_ agent: String) -> Int { events.count { $0.agent == agent } }

        func position(_ id: Int) -> Int? { events.firstIndex { $0.id == id }.map { $0 + 1 } }
    }

    @Test("every answer is the model's", arguments: 0...4 as ClosedRange<UInt64>)
    func random(number: UInt64) throws {
        let seed = number == 0 ? UInt64.random(in: .min ... .max) : number
        print("model of expected versions: seed \(seed)")
        var random = Numbers(state: seed)
        let store = try OpenStore()
        let session = Session(id: 1, role: .writer)
        var model = Model()
        for _ in 0..<400 {
            let (line, answer) = Self.step(&model, &random)
            store.run(line, for: session)
            let said = session.takeLines().joined()
            #expect(said.hasPrefix(answer), "seed \(seed): \(line): \(said), not \(answer)")
            if Int.random(in: 0..<4, using: &random) == 0 {
                #expect(try store.executor.commitRound([session]))
            }
        }
        #expect(try store.executor.commitRound([session]))
        for agent in Self.agents {
            store.run("VERSION agent-\(agent)", for: session)
            #expect(session.takeLines() == [":\(model.version(agent))"], "seed \(seed)")
        }
    }

    /// Makes one request, and what it must be answered.
    private static func step(
        _ model: inout Model, _ random: inout Numbers
    ) -> (line: String, answer: String) {
        let before = model
        var events: [(agent: String, id: Int)] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let known = before.events.randomElement(using: &random)
            if let known, Int.random(in: 0..<4, using: &random) == 0 {
                if !events.contains(where: { $0.id == known.id }) { events.append(known) }
            } else {
                events.append((agents.randomElement(using: &random) ?? "", model.nextID))
                model.nextID += 1
            }
        }
        if events.isEmpty { events = [("ana", model.nextID)] }
        model.nextID += 1
        var guards = ""
        var conflict: String?
        for number in 1...Int.random(in: 1...3, using: &random) {
            let agent = agents.randomElement(using: &random) ?? ""
            let actual = before.version(agent)
            let right = Int.random(in: 0..<3, using: &random) > 0
            let expected = right ? actual : max(0, actual + Int.random(in: -1...1, using: &random))
            guards += " EXPECT agent-\(agent) \(expected)"
            if conflict == nil, expected != actual {
                conflict = "-CONFLICT the agent stream of EXPECT \(number) is at version \(actual),"
            }
        }
        let words = events.map { "note.taken source s id \($0.id) agent \($0.agent)" }
        let isBatch = events.count > 1 || Bool.random(using: &random)
        let batch = words.map { " 7 \($0)" }.joined()
        let line = isBatch ? "APPENDBATCH \(words.count)\(batch)" : "APPEND \(words[0])"
        let known = events.compactMap { before.position($0.id) }
        if known.count == events.count {
            let list = known.map { ":\($0)" }.joined()
            return (line + guards, "*\(known.count + 1)\(list)+REPEAT")
        }
        if !known.isEmpty { return (line + guards, "-PARTIALREPEAT") }
        if let conflict { return (line + guards, conflict) }
        model.events += events
        let list = (before.events.count + 1...model.events.count).map { ":\($0)" }.joined()
        return (line + guards, isBatch ? "*\(events.count)\(list)" : list)
    }
}

/// SplitMix64, as Steele, Lea and Flood describe it.
private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

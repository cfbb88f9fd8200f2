import EventLog
import RESP
import Testing

@testable import Commands

@Suite("Claims of agents")
struct ClaimTests {
    private let store: OpenStore
    private let session = Session(id: 1, role: .writer)

    init() throws { store = try OpenStore() }

    private func run(_ line: String) -> String {
        store.run(line, for: session)
        return session.takeLines().joined(separator: "\n")
    }

    /// Appends events and waits until the view has them.
    private func append(_ lines: String...) throws {
        for line in lines { #expect(run("APPEND \(line)").hasPrefix(":"), "\(line)") }
        #expect(try store.executor.commitRound([session]))
        _ = try store.finish(
            "AGENT ana AFTER \(store.executor.log.head.position) WITHIN 60000", for: session)
        _ = session.takeLines()
    }

    @Test("of two routers one gets the agent; the other is told what the agent does now")
    func race() throws {
        try append(
            "agent.presence source s id 1 agent ana presence available",
            "agent.joinedQueue source s id 2 agent ana queue billing",
            "queue.entered source s id 3 interaction c-1 queue billing channel voice",
            "queue.entered source s id 4 interaction c-2 queue billing channel voice")
        let free = run("AGENTS FREE billing")
        #expect(free.contains(#""agent":"ana","version":2,"#), "\(free)")
        func offer(_ call: String) -> String {
            "offer.made source r id \(call) interaction \(call) agent ana offer_id o-\(call)"
        }
        try append("\(offer("c-1")) EXPECT agent-ana 2")
        #expect(!run("AGENTS FREE billing").contains(#""agent":"ana""#))
        let refused = run("APPEND \(offer("c-2")) EXPECT agent-ana 2")
        #expect(
            refused.hasPrefix("-CONFLICT the agent stream of EXPECT 1 is at version 3, expected 2"))
        #expect(
            refused.contains("the agent is available and offering at version 3"), "\(refused)")
        #expect(!store.executor.hasStaged)
        // Somebody nobody knows anything of: the refusal stands by itself.
        let unknown = run(
            "APPEND offer.made source r id 9 interaction c-2 agent bea offer_id o EXPECT agent-bea 4"
        )
        #expect(unknown.hasPrefix("-CONFLICT") && !unknown.contains("the agent is"), "\(unknown)")
    }
}

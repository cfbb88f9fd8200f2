import EventModel
import Simulation
import Testing

@Suite("Whoever gets a contact can do what it needs")
struct NeedTests {
    @Test("every offer is made to an agent with the skill and the language of the stay")
    func offers() throws {
        var skills: [String: [String: Int64]] = [:]
        var needs: [String: (skill: String, level: Int64, language: String)] = [:]
        var offers = 0
        for draft in defaultDay {
            func text(_ name: String) -> String? {
                switch draft[name] {
                case .text(let text), .ref(let text): text
                default: nil
                }
            }
            switch draft.type {
            case "agent.skill":
                guard case .integer(let level) = draft["level"] else { continue }
                let (agent, skill) = (try #require(text("agent")), try #require(text("skill")))
                skills[agent, default: [:]][skill] = level
            case "queue.entered":
                let parts = try #require(text("skills")).split(separator: ">=")
                needs[try #require(text("interaction"))] = (
                    String(parts[0]), try #require(Int64(parts[1])),
                    try #require(text("language"))
                )
            case "offer.made":
                offers += 1
                guard let need = needs[try #require(text("interaction"))] else { continue }
                let own = skills[try #require(text("agent"))] ?? [:]
                #expect(own[need.skill] ?? 0 >= need.level && own[need.language] ?? 0 > 0)
            default: break
            }
        }
        #expect(offers > 100)
    }
}

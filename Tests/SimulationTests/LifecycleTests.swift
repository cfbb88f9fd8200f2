import ContactCentre
import EventModel
import Simulation
import Testing

@Suite("Every interaction obeys the lifecycle")
struct LifecycleTests {
    /// What an interaction may do next, told again in the plainest way: the state it is in, by
    /// event, and the state it leads to.
    private static let steps: [String: [(from: Set<String>, to: String?)]] = [
        "interaction.created": [(["none"], "created")],
        "selfservice.entered": [(["created"], "selfService")],
        "selfservice.stepped": [(["selfService"], nil)],
        "selfservice.humanRequested": [(["selfService"], nil)],
        "selfservice.left": [(["selfService"], "created")],
        "queue.entered": [(["created"], "queued")],
        "wait.announced": [(["queued"], nil)],
        "callback.offered": [(["queued"], nil)],
        "callback.declined": [(["queued"], nil)],
        "callback.requested": [(["queued"], "callbackPending")],
        "queue.left": [(["callbackPending"], nil)],
        "offer.made": [(["queued"], "offering")],
        "offer.missed": [(["offering"], "queued")],
        "offer.rejected": [(["offering"], "queued")],
        "offer.accepted": [(["offering"], "connected")],
        "agent.connected": [(["queued"], "connected")],
        "auth.attempted": [(["connected"], nil)],
        "auth.succeeded": [(["connected"], nil)],
        "auth.failed": [(["connected"], nil)],
        "knowledge.searched": [(["connected"], nil)],
        "concession.granted": [(["connected"], nil)],
        "callback.attempted": [(["connected"], nil)],
        "hold.started": [(["connected"], "held")],
        "hold.ended": [(["held"], "connected")],
        "consult.started": [(["connected"], nil)],
        "consult.ended": [(["connected"], nil)],
        "transfer.started": [(["connected"], nil)],
        "transfer.failed": [(["connected"], nil)],
        "transfer.completed": [(["connected"], "disconnected")],
        "message.received": [(["created", "connected"], nil)],
        "message.sent": [(["selfService", "connected"], nil)],
        "interaction.abandoned": [
            (["selfService", "queued", "offering"], "abandoned"), (["held"], "disconnected"),
        ],
        "interaction.disconnected": [(["connected"], "disconnected")],
        "wrapup.started": [(["disconnected"], "wrapUp")],
        "wrapup.ended": [(["wrapUp"], "ended")],
        "interaction.completed": [(["ended", "created"], "completed")],
        "interaction.reopened": [(["completed"], nil)],
    ]

    private func follow(_ drafts: [EventDraft]) -> [String: String] {
        var states: [String: String] = [:]
        for draft in drafts {
            guard let name = draft.text("interaction"), let steps = Self.steps[draft.type] else {
                continue
            }
            let state = states[name] ?? "none"
            guard let step = steps.first(where: { $0.from.contains(state) }) else {
                Issue.record("\(draft.type) of \(name) in state \(state)")
                continue
            }
            states[name] = step.to ?? state
        }
        return states
    }

    @Test("each step follows from the one before", arguments: [1, 2, 3] as [UInt64])
    func steps(seed: UInt64) {
        let drafts = events(
            of: SimulationOptions(seed: seed, start: midnight, customers: 250, days: 2))
        let states = follow(drafts)
        #expect(states.values.count { $0 == "completed" } > 300)
        #expect(states.values.count { $0 == "abandoned" } > 5)
    }

    @Test("the domain's own state machine sees no impossible step")
    func noAnomalies() throws {
        var interactions: [String: Interaction] = [:]
        var intake = EventIntake()
        for (index, draft) in defaultDay.enumerated() {
            var record: [UInt8] = []
            try draft.encode(with: &intake, into: &record)
            EventCodec.stamp(
                &record, at: 0, position: Position(UInt64(index + 1)),
                recorded: draft.occurred ?? midnight)
            let view = try EventView(checking: unsafe record.span.bytes)
            guard let name = draft.text("interaction"), let event = LifecycleEvent(type: view.type)
            else { continue }
            let wasContained = interactions[name]?.selfService.last?.outcome == .contained
            let state = interactions[name]?.state
            interactions[name, default: Interaction()].apply(view, as: event)
            // A contact that the machine settled ends without ever having had an agent.
            if wasContained, state == .created, event == .completed {
                interactions[name] = nil
                continue
            }
            #expect(
                interactions[name]?.anomalyCount == 0,
                "\(draft.type) in \(String(describing: state))")
        }
        #expect(interactions.count > 200)
    }

    @Test("an agent has one call at a time, or at most three other contacts")
    func loads() {
        var channels: [String: String] = [:]
        var loads: [String: [String]] = [:]
        for draft in defaultDay {
            guard let name = draft.text("interaction"), let channel = draft.text("channel") else {
                continue
            }
            channels[name] = channel
            guard let agent = draft.text("agent") else { continue }
            switch draft.type {
            case "offer.accepted", "agent.connected":
                loads[agent, default: []].append(name)
                let load = loads[agent]?.compactMap { channels[$0] } ?? []
                #expect(load.count <= 3)
                #expect(load.count == 1 || !load.contains("voice"), "\(agent): \(load)")
            case "interaction.completed": loads[agent]?.removeAll { $0 == name }
            default: continue
            }
        }
        #expect(loads.count > 5)
    }

    @Test("legs name what they go on from, and that exists")
    func links() {
        var seen: Set<String> = []
        var links = 0
        for draft in defaultDay where draft.type == "interaction.created" {
            for name in ["initial", "previous"] {
                guard let link = draft.text(name) else { continue }
                #expect(seen.contains(link))
                links += 1
            }
            if let name = draft.text("interaction") { seen.insert(name) }
        }
        #expect(links > 10)
    }
}

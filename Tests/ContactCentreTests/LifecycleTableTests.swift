import EventModel
import FoldTesting
import Testing

@testable import ContactCentre

@Suite struct LifecycleTableTests {
    /// The domain's table, written down once more: which states each event may come in, and the
    /// state after it ("" = the same). Additions of ours stand in `ours`.
    private static let domain: [(LifecycleEvent, [InteractionState], InteractionState?)] = {
        let open: [InteractionState] = [
            .created, .selfService, .queued, .offering, .connected, .held, .disconnected,
            .wrapUp, .flowedOut, .callbackPending, .voicemail,
        ]
        let any = InteractionState.allCases.filter { $0 != .none }
        return [
            (.created, [.none], .created),
            (.selfServiceEntered, [.created, .queued], .selfService),
            (.selfServiceLeft, [.selfService], .created),
            (
                .queueEntered, [.created, .selfService, .offering, .flowedOut, .callbackPending],
                .queued
            ),
            (.queuePositionChanged, [.queued], nil),
            (.queueLeft, [.queued, .offering], .flowedOut),
            (.offerMade, [.created, .queued, .offering], .offering),
            (.offerAccepted, [.offering], .connected),
            (.agentConnected, [.queued, .offering, .created], .connected),
            (.holdStarted, [.connected], .held),
            (.holdEnded, [.held], .connected),
            (.consultStarted, [.connected, .held], nil),
            (.consultEnded, [.connected, .held], nil),
            (.conferenceJoined, [.connected], nil),
            (.conferenceLeft, [.connected], nil),
            (.transferStarted, [.connected, .held, .disconnected], nil),
            (.transferCompleted, [.connected, .held, .disconnected], .disconnected),
            (.transferFailed, [.connected, .held, .disconnected], nil),
            (.messageReceived, open, nil),
            (.messageSent, open, nil),
            (.callbackRequested, [.queued, .selfService, .offering], .callbackPending),
            (.abandoned, [.selfService, .queued, .offering], .abandoned),
            (.abandoned, [.held, .connected], .disconnected),
            (.disconnected, [.connected, .held], .disconnected),
            (.voicemailLeft, [.queued, .offering, .selfService, .flowedOut], .voicemail),
            (.wrapUpStarted, [.connected, .disconnected], .wrapUp),
            (.wrapUpEnded, [.wrapUp], .completed),
            (
                .completed, [.wrapUp, .disconnected, .flowedOut, .abandoned, .voicemail],
                .completed
            ),
            (.failed, open, .failed),
            (.expired, open, .expired),
            (.reopened, [.completed], nil),
            (.inferredEnd, open, .completed),
            (.anomaly, any, nil),
            (.classified, any, nil),
        ]
    }()

    /// A shortest way into each state.
    private static let ways: [InteractionState: [Happening]] = {
        let created = Happening("interaction.created", 0, "c", ["channel": .text("voice")])
        let queued = [created, Happening("queue.entered", 10, "c", ["queue": .ref("q")])]
        let agent: KeyValuePairs<String, AttributeValue> = ["agent": .ref("a")]
        let connected = queued + [Happening("agent.connected", 20, "c", agent)]
        let disconnected = connected + [Happening("interaction.disconnected", 30, "c")]
        return [
            .created: [created],
            .selfService: [created, Happening("selfservice.entered", 10, "c")],
            .queued: queued,
            .offering: queued + [Happening("offer.made", 20, "c", agent)],
            .connected: connected,
            .held: connected + [Happening("hold.started", 30, "c")],
            .disconnected: disconnected,
            .wrapUp: disconnected + [Happening("wrapup.started", 40, "c")],
            .completed: disconnected + [Happening("interaction.completed", 40, "c")],
            .abandoned: queued
                + [Happening("interaction.abandoned", 20, "c", ["phase": .text("queue")])],
            .flowedOut: queued
                + [Happening("queue.left", 20, "c", ["reason": .text("timeout")])],
            .callbackPending: queued + [Happening("callback.requested", 20, "c")],
            .voicemail: queued + [Happening("voicemail.left", 20, "c")],
            .failed: queued + [Happening("interaction.failed", 20, "c")],
            .expired: queued + [Happening("interaction.expired", 20, "c")],
        ]
    }()

    @Test("every step is one of the table's, or an anomaly that leaves the state")
    func everyPair() throws {
        for (state, way) in Self.ways.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            #expect(try fold(way).state == state)
            for event in LifecycleEvent.allCases {
                // Words that fit none of the conditions of our additions.
                let step = Happening(
                    "\(event.word)", 100, "c",
                    ["agent": .ref("b"), "queue": .ref("q2"), "phase": .text("hold")])
                let before = try fold(way)
                let after = try fold(way + [step])
                let found = after.anomalies.filter { $0.kind == .impossibleStep }
                let lines = Self.domain.filter { $0.0 == event && $0.1.contains(state) }
                if let line = lines.first {
                    #expect(found.isEmpty, "\(event.word) in \(state.word)")
                    #expect(after.state == line.2 ?? state, "\(event.word) in \(state.word)")
                } else if isOursWithoutCondition(event, state) {
                    #expect(found.isEmpty, "\(event.word) in \(state.word)")
                } else {
                    #expect(after.state == before.state, "\(event.word) in \(state.word)")
                    #expect(after.stays == before.stays)
                    #expect(after.connections == before.connections)
                    let last = try #require(after.anomalies.last)
                    #expect(last.event == event && last.state == state)
                    #expect(last.kind == (event == .created ? .createdTwice : .impossibleStep))
                    #expect(
                        !last.expected.contains(StateSet(state)) || !lines.isEmpty
                            || isOurs(event, state))
                }
            }
        }
    }

    /// Additions that need nothing but the state: sources without offers; offers outside a queue.
    private func isOursWithoutCondition(_ event: LifecycleEvent, _ state: InteractionState) -> Bool
    {
        switch event {
        case .offerAccepted: state == .queued
        case .offerRejected, .offerMissed, .offerRescinded, .offerFailed: state == .offering
        case .callbackRequested: state == .flowedOut
        case .agentConnected: state == .selfService
        case .waitAnnounced, .humanRequested, .threadJoined, .threadSplit: true
        case .inferredEnd: [.completed, .abandoned, .failed, .expired].contains(state)
        case .callbackReached, .callbackFailed, .callbackExpired, .callbackCancelled: true
        default: false
        }
    }

    private func isOurs(_ event: LifecycleEvent, _ state: InteractionState) -> Bool {
        LifecycleTable.rows.contains {
            $0.event == event && $0.isOurs && $0.from.contains(StateSet(state))
        }
    }

    @Test("the table has every line of the domain's, and marks what it adds")
    func sameRows() {
        for (event, states, target) in Self.domain {
            for state in states {
                let rows = LifecycleTable.rows.filter {
                    $0.event == event && $0.from.contains(StateSet(state))
                        && ($0.condition == .always || $0.isOurs)
                }
                let plain = rows.last
                #expect(plain?.to == target, "\(event.word) in \(state.word)")
            }
        }
        for row in LifecycleTable.rows where !row.isOurs {
            if [.offerRejected, .offerMissed, .offerRescinded, .offerFailed].contains(row.event) {
                #expect(row.from == .offering)
                continue
            }
            for state in row.from.states {
                #expect(
                    Self.domain.contains {
                        $0.0 == row.event && $0.1.contains(state) && $0.2 == row.to
                    },
                    "\(row.event.word) in \(state.word) is not the domain's")
            }
        }
    }

    @Test("all lifecycle types are found by their names, and nothing else is")
    func types() {
        for event in LifecycleEvent.allCases {
            let name = Array("\(event.word)".utf8)
            #expect(unsafe LifecycleEvent(type: name.span.bytes) == event)
            #expect(unsafe TypeRegistry.standard.index(name.span.bytes) != nil)
        }
        let foreign = Array("order.placed".utf8)
        #expect(unsafe LifecycleEvent(type: foreign.span.bytes) == nil)
    }
}

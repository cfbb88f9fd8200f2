import EventModel
import FoldTesting
import Testing

@testable import ContactCentre

@Suite struct InteractionTests {
    private let agent: KeyValuePairs<String, AttributeValue> = ["agent": .ref("ana")]

    private func queued(at moment: Int64 = 0) -> [Happening] {
        [
            Happening("interaction.created", moment, "c", ["channel": .text("voice")]),
            Happening(
                "queue.entered", moment + 1_000, "c",
                ["queue": .ref("billing"), "priority": .integer(2)]),
        ]
    }

    @Test("any event of an unknown interaction begins it, and creation told later fills it in")
    func implicitCreation() throws {
        let waiting = try fold([
            Happening("queue.entered", 1_000, "c", ["queue": .ref("q"), "channel": .text("chat")])
        ])
        #expect(waiting.state == .queued && waiting.isImplicit)
        #expect(waiting.created == Timestamp(milliseconds: 1_000))
        #expect(waiting.channel == .chat)
        let told = try fold([
            Happening("queue.entered", 1_000, "c", ["queue": .ref("q")]),
            Happening(
                "interaction.created", 3_000, "c",
                ["channel": .text("chat"), "method": .text("transfer"), "initial": .ref("c-0")]),
        ])
        #expect(told.state == .queued && !told.isImplicit && told.anomalyCount == 0)
        #expect(told.method == .transfer && !told.isContact)
        #expect(told.created == Timestamp(milliseconds: 3_000))
        #expect(told.createdPosition == Position(2))
    }

    @Test("a second creation is an anomaly and changes nothing")
    func createdTwice() throws {
        let twice = try fold(
            queued() + [Happening("interaction.created", 5_000, "c", ["channel": .text("email")])])
        #expect(twice.state == .queued)
        #expect(twice.channel == .voice)
        #expect(twice.anomalies.map(\.kind) == [.createdTwice])
    }

    @Test("holds are taken from the talk and not from the service")
    func holds() throws {
        let call = try fold(
            queued() + [
                Happening("agent.connected", 2_000, "c", agent),
                Happening("hold.started", 3_000, "c"),
                Happening("hold.ended", 5_000, "c"),
                Happening("hold.started", 6_000, "c"),
                Happening("interaction.disconnected", 9_000, "c", ["by": .text("agent")]),
                Happening("wrapup.started", 9_000, "c"),
                Happening("wrapup.ended", 12_000, "c"),
                Happening("interaction.completed", 20_000, "c", ["outcome": .text("resolved")]),
            ])
        let connection = try #require(call.connections.first)
        #expect(connection.holdMilliseconds == 5_000 && connection.holds == 2)
        #expect(connection.serviceMilliseconds == 7_000)
        #expect(connection.talkMilliseconds == 2_000)
        #expect(call.wrapUpMilliseconds == 3_000)
        #expect(call.ended == Timestamp(milliseconds: 12_000))
        #expect(call.resolution == .resolved)
        #expect(call.disconnectedBy == .agent)
        #expect(call.anomalyCount == 0)
    }

    @Test("an offer that comes to nothing leaves the wait running")
    func missedOffers() throws {
        let call = try fold(
            queued() + [
                Happening("offer.made", 2_000, "c", agent),
                Happening("offer.made", 2_000, "c", ["agent": .ref("bea")]),
                Happening("offer.missed", 4_000, "c", agent),
                Happening("offer.rejected", 5_000, "c", ["agent": .ref("bea")]),
            ])
        #expect(call.state == .queued)
        #expect(call.openStay == 0)
        #expect(call.offers == Offers(made: 2, fruitless: 2) && call.pendingOffers.isEmpty)
        let rings = try fold(
            queued() + [
                Happening("offer.made", 2_000, "c", agent),
                Happening("offer.made", 2_000, "c", ["agent": .ref("bea")]),
                Happening("offer.missed", 4_000, "c", agent),
            ])
        #expect(rings.state == .offering)
    }

    @Test("ring-all: the others hear of it after one has accepted")
    func ringAll() throws {
        let call = try fold(
            queued() + [
                Happening("offer.made", 2_000, "c", agent),
                Happening("offer.made", 2_000, "c", ["agent": .ref("bea")]),
                Happening("offer.accepted", 4_000, "c", agent),
                Happening("offer.rescinded", 4_100, "c", ["agent": .ref("bea")]),
            ])
        #expect(call.state == .connected && call.anomalyCount == 0)
        let more = try fold(
            queued() + [
                Happening("offer.made", 2_000, "c", agent),
                Happening("offer.accepted", 4_000, "c", agent),
                Happening("offer.rescinded", 4_100, "c", ["agent": .ref("bea")]),
            ])
        #expect(more.anomalyCount == 1)
    }

    @Test("from queue to queue: two stays, and the place is kept when asked for")
    func queueToQueue() throws {
        let call = try fold(
            queued() + [
                Happening("queue.left", 5_000, "c", ["reason": .text("overflow")]),
                Happening(
                    "queue.entered", 6_000, "c",
                    ["queue": .ref("sales"), "keep_place": .boolean(true)]),
                Happening("offer.accepted", 9_000, "c", agent),
            ])
        #expect(call.stays.map(\.outcome) == [.flowedOut, .answered])
        #expect(call.stays.map(\.waitMilliseconds) == [4_000, 3_000])
        #expect(call.stays[1].firstEntry == call.stays[0].entered)
        #expect(call.queue == "billing")
        #expect(call.customerWaitMilliseconds == 9_000)
    }

    @Test("a taken callback is one flow-out, whichever half of it comes first")
    func callbacks() throws {
        let left = Happening("queue.left", 5_000, "c", ["reason": .text("toCallback")])
        let requested = Happening("callback.requested", 5_000, "c")
        for halves in [[left, requested], [requested, left], [requested]] {
            let call = try fold(queued() + halves)
            #expect(call.state == .callbackPending)
            #expect(call.stays.map(\.flowOutReason) == [.toCallback])
            #expect(call.anomalyCount == 0)
        }
    }

    @Test("a customer who talks to a machine while waiting still waits")
    func selfServiceInQueue() throws {
        let inside = queued() + [Happening("selfservice.entered", 2_000, "c")]
        #expect(try fold(inside).openStay == 0)
        let back = try fold(
            inside + [Happening("selfservice.left", 3_000, "c", ["outcome": .text("handedOver")])])
        #expect(back.state == .queued)
        let answered = try fold(inside + [Happening("offer.accepted", 4_000, "c", agent)])
        #expect(answered.state == .connected)
        #expect(answered.stays.map(\.waitMilliseconds) == [3_000])
        #expect(answered.selfService.first?.left == Timestamp(milliseconds: 4_000))
    }

    @Test("an acceptance by somebody else than the connected agent is an anomaly")
    func otherAgent() throws {
        let call = try fold(
            queued() + [
                Happening("agent.connected", 2_000, "c", agent),
                Happening("offer.accepted", 3_000, "c", ["agent": .ref("bea")]),
                Happening("agent.connected", 4_000, "c", ["agent": .ref("bea")]),
            ])
        #expect(call.anomalies.map(\.event) == [.offerAccepted, .agentConnected])
        #expect(call.stays.map(\.waitMilliseconds) == [1_000])
        #expect(call.connections.count == 1)
    }

    @Test("an abandonment whose phase does not fit ends what was open, and is noted")
    func phaseMismatch() throws {
        let call = try fold(
            queued() + [
                Happening("interaction.abandoned", 4_000, "c", ["phase": .text("preQueue")])
            ])
        #expect(call.state == .abandoned)
        #expect(call.stays.map(\.outcome) == [.abandoned])
        #expect(!call.isAbandonedBeforeQueue)
        #expect(call.anomalies.map(\.kind) == [.phaseMismatch])
    }

    @Test("giving up on hold ends the talk")
    func holdAbandon() throws {
        let call = try fold(
            queued() + [
                Happening("agent.connected", 2_000, "c", agent),
                Happening("hold.started", 3_000, "c"),
                Happening("interaction.abandoned", 7_000, "c", ["phase": .text("hold")]),
            ])
        #expect(call.state == .disconnected)
        #expect(call.connections.first?.end == .abandoned)
        #expect(call.connections.first?.holdMilliseconds == 4_000)
        #expect(call.anomalyCount == 0)
    }

    @Test("what the daemon finds out by itself stands beside what the fold finds")
    func toldAnomaly() throws {
        let long = String(repeating: "ü", count: 200)
        let call = try fold(
            queued() + [
                Happening(
                    "interaction.anomaly", 2_000, "c",
                    ["what": .text(long), "expected": .text("5"), "got": .text("6")])
            ])
        let told = try #require(call.anomalies.first?.told)
        #expect(told.what.utf8.count <= InteractionLimits.toldTextBytesMax)
        #expect(told.what == String(repeating: "ü", count: 60))
        #expect(told.expected == "5" && told.got == "6")
        #expect(call.state == .queued)
    }

    @Test("a thread is joined and split, by the last word on it, whatever else names a thread")
    func threads() throws {
        func word(_ verb: String, _ moment: Int64, _ thread: String) -> Happening {
            Happening("thread.\(verb)", moment, "c-1", ["thread": .ref(thread)])
        }
        let start = queued(at: 10)
        #expect(try fold(start + [word("joined", 20, "t-1")]).thread == "t-1")
        let moved = start + [word("joined", 20, "t-1"), word("joined", 30, "t-2")]
        #expect(try fold(moved).thread == "t-2")
        #expect(try fold(moved + [word("split", 40, "t-1")]).thread == "t-2")
        let split = try fold(moved + [word("split", 40, "t-2")])
        #expect(split.thread == nil && split.anomalyCount == 0 && split.state == .queued)
        #expect(try fold(moved + [word("split", 15, "t-2")]).thread == "t-2")
    }

    @Test("private notes are no replies, and neither is a bot's word")
    func messages() throws {
        let thread = try fold([
            Happening("message.received", 0, "c", ["author": .text("customer")]),
            Happening("message.sent", 1_000, "c", ["author": .text("bot")]),
            Happening(
                "message.sent", 2_000, "c",
                ["author": .text("agent"), "private": .boolean(true)]),
            Happening("message.sent", 3_000, "c", ["author": .text("agent")]),
        ])
        #expect(thread.messages.received == 1 && thread.messages.sent == 2)
        #expect(thread.messages.firstHumanReply == Timestamp(milliseconds: 3_000))
    }

    @Test("parts and anomalies are bounded, and counted beyond")
    func bounds() throws {
        var happenings = queued()
        for round in 0..<300 {
            let moment = Int64(10_000 + round * 10)
            happenings.append(
                Happening("queue.left", moment, "c", ["reason": .text("overflow")]))
            happenings.append(
                Happening("queue.entered", moment + 5, "c", ["queue": .ref("q\(round)")]))
        }
        let call = try fold(happenings.prefix(2 + 2 * 255).map { $0 })
        #expect(call.stays.count == InteractionLimits.staysMax)
        var beyond = call
        var log = MemoryLog()
        log.append(happenings)
        for position in 513...happenings.count {
            var next = beyond
            try log.read(Position(UInt64(position))) { event in
                next.apply(event, as: LifecycleEvent(type: event.type)!)
            }
            beyond = next
        }
        #expect(beyond.stays.count == InteractionLimits.staysMax)
        #expect(beyond.anomalies.count == InteractionLimits.anomaliesMax)
        #expect(beyond.anomalyCount > InteractionLimits.anomaliesMax)
    }
}

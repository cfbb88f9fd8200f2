import EventModel
import FoldTesting
import Testing

@testable import ContactCentre

@Suite struct BankCallTests {
    @Test("the wait ends when the queue's clock says so, the talk starts by the agent's clock")
    func twoClocks() throws {
        for start: Int64 in [98_000, 100_000, 103_000] {
            let call = try fold(
                Bank.call(
                    entry: 0, exit: 10_000, queue: (10_000, 100_000), service: (start, 250_000)))
            #expect(call.state == .completed)
            #expect(call.stays.map(\.waitMilliseconds) == [90_000])
            #expect(call.stays.map(\.outcome) == [.answered])
            #expect(call.connections.map(\.serviceMilliseconds) == [250_000 - start])
            #expect(call.connections.map(\.agent) == ["AVI"])
            #expect(call.anomalyCount == 0)
            #expect(call.queue == "PS")
        }
    }

    @Test("a talk that is over by one clock before the wait is over by the other is still answered")
    func serviceOfNothing() throws {
        let call = try fold(
            Bank.call(
                entry: 0, exit: 10_000, queue: (10_000, 100_000), service: (99_000, 99_000)))
        #expect(call.state == .completed)
        #expect(call.stays.map(\.waitMilliseconds) == [90_000])
        #expect(call.connections.map(\.serviceMilliseconds) == [0])
        #expect(call.ended == Timestamp(milliseconds: 99_000))
        #expect(call.anomalyCount == 0)
    }

    @Test("an agent's clock that runs ahead of all others' changes neither wait nor talk")
    func agentAheadOfMachine() throws {
        // Connected, and in the second case over, before self-service and the queue say so.
        for service: (start: Int64, exit: Int64) in [(9_000, 217_000), (7_000, 8_000)] {
            let call = try fold(
                Bank.call(entry: 0, exit: 10_000, queue: nil, service: service))
            #expect(call.state == .completed)
            #expect(call.stays.map(\.waitMilliseconds) == [0])
            #expect(call.stays.map(\.queue) == ["PS"])
            #expect(call.connections.map(\.serviceMilliseconds) == [service.exit - service.start])
            #expect(call.selfService.map(\.outcome) == [.handedOver])
            #expect(call.anomalyCount == 0)
        }
        let waited = try fold(
            Bank.call(
                entry: 0, exit: 82_000, queue: (82_000, 126_000), service: (0, 124_000)))
        #expect(waited.stays.map(\.waitMilliseconds) == [44_000])
        #expect(waited.connections.map(\.serviceMilliseconds) == [124_000])
        #expect(waited.anomalyCount == 0)
    }

    @Test("a queue entered long after a talk without one is no clock's fault")
    func queueAfterTheEnd() throws {
        let agent: KeyValuePairs<String, AttributeValue> = ["agent": .ref("AVI")]
        let chat = [
            Happening("interaction.created", 0, "c", ["channel": .text("chat")]),
            Happening("agent.connected", 1_000, "c", agent),
            Happening("interaction.disconnected", 9_000, "c"),
            Happening("interaction.completed", 9_000, "c"),
            Happening("queue.entered", 5_000_000, "c", ["queue": .ref("PS")]),
        ]
        let folded = try fold(chat)
        #expect(folded.stays.isEmpty && folded.anomalies.map(\.event) == [.queueEntered])
    }

    @Test("a call answered at once waited for nothing")
    func answeredAtOnce() throws {
        let call = try fold(
            Bank.call(entry: 0, exit: 10_000, queue: nil, service: (10_000, 60_000)))
        #expect(call.stays.map(\.waitMilliseconds) == [0])
        #expect(call.connections.map(\.talkMilliseconds) == [50_000])
        #expect(call.anomalyCount == 0)
    }

    @Test("who hangs up in the queue has abandoned a stay")
    func hangsUpInQueue() throws {
        let call = try fold(
            Bank.call(
                entry: 0, exit: 10_000, queue: (10_000, 40_000), service: nil, answered: false))
        #expect(call.state == .abandoned)
        #expect(call.stays.map(\.outcome) == [.abandoned])
        #expect(call.stays.map(\.waitMilliseconds) == [30_000])
        #expect(!call.isAbandonedBeforeQueue)
        #expect(call.anomalyCount == 0)
    }

    @Test("who hangs up in self-service was never offered")
    func hangsUpBeforeQueue() throws {
        let call = try fold(
            Bank.call(entry: 0, exit: 10_000, queue: nil, service: nil, answered: false))
        #expect(call.state == .abandoned)
        #expect(call.stays.isEmpty)
        #expect(call.isAbandonedBeforeQueue)
        #expect(call.selfService.map(\.outcome) == [.dropped])
        #expect(call.anomalyCount == 0)
    }

    @Test("an answer without a service interval has a wait and no talk")
    func answeredWithoutService() throws {
        let call = try fold(
            Bank.call(entry: 0, exit: 10_000, queue: (10_000, 40_000), service: nil))
        #expect(call.state == .failed)
        #expect(call.stays.map(\.outcome) == [.answered])
        #expect(call.stays.map(\.waitMilliseconds) == [30_000])
        #expect(call.connections.map(\.talkMilliseconds) == [nil])
        #expect(call.connections.map(\.talkStarted) == [nil])
    }

    @Test("self-service that ends before it begins leaves the wait and the talk right")
    func timesRunBackwards() throws {
        let call = try fold(
            Bank.call(
                entry: 20_000, exit: 10_000, queue: (10_000, 40_000), service: (38_000, 90_000)))
        #expect(call.created == Timestamp(milliseconds: 20_000))
        #expect(!call.isImplicit)
        #expect(call.stays.map(\.waitMilliseconds) == [30_000])
        #expect(call.connections.map(\.serviceMilliseconds) == [52_000])
        #expect(call.state == .completed)
        #expect(call.queue == "PS")
        let atOnce = try fold(
            Bank.call(entry: 20_000, exit: 10_000, queue: nil, service: (10_000, 90_000)))
        #expect(atOnce.stays.map(\.waitMilliseconds) == [0])
        #expect(atOnce.connections.map(\.serviceMilliseconds) == [80_000])
        let dropped = try fold(
            Bank.call(entry: 20_000, exit: 10_000, queue: nil, service: nil, answered: false))
        #expect(dropped.state == .abandoned)
        #expect(dropped.isAbandonedBeforeQueue)
        let hung = try fold(
            Bank.call(
                entry: 20_000, exit: 10_000, queue: (10_000, 40_000), service: nil,
                answered: false))
        #expect(hung.stays.map(\.outcome) == [.abandoned])
        #expect(hung.stays.map(\.waitMilliseconds) == [30_000])
    }

    @Test("a test call is classified, whenever the word comes")
    func classified() throws {
        let call = Bank.call(
            entry: 0, exit: 10_000, queue: (10_000, 40_000), service: (40_000, 50_000))
        let phantom = Happening("contact.classified", 5_000, "c-1", ["kind": .text("test")])
        let folded = try fold(call + [phantom])
        #expect(folded.classification == .test)
        #expect(folded.state == .completed)
        #expect(folded.anomalyCount == 0)
    }
}

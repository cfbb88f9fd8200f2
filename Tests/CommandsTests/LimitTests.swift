import Foundation
import Testing

@testable import Commands

@Suite("Limits")
struct LimitTests {
    @Test("standard values lie in their ranges, agree, and have names that are found")
    func standard() throws {
        var limits = ServiceLimits()
        try limits.check()
        #expect(Set(Limit.allCases.map(\.name)).count == Limit.allCases.count)
        for limit in Limit.allCases {
            #expect(limit.definition.range.contains(limits[limit]), "\(limit.name)")
            #expect(Limit(name: limit.name) == limit)
            let (least, most) = (
                limit.definition.range.lowerBound, limit.definition.range.upperBound
            )
            try limits.set(limit, to: least)
            #expect(limits[limit] == least)
            try limits.set(limit, to: most)
            #expect(throws: LimitMistake.self) { try limits.set(limit, to: least - 1) }
            #expect(throws: LimitMistake.self) { try limits.set(limit, to: most + 1) }
            #expect(limits[limit] == most)
        }
        #expect(Limit(name: "conections") == nil)
    }

    @Test("every limit has tests that come to it", arguments: Limit.allCases)
    func covered(_ limit: Limit) throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let (file, words) = limit.tests
        let text = try String(
            contentsOf: tests.appendingPathComponent(file + ".swift"), encoding: .utf8)
        #expect(text.contains(words), "\(file) does not come to \(limit.name)")
    }

    @Test("limits that contradict each other are refused by name")
    func relations() throws {
        var limits = ServiceLimits()
        try limits.set(.inputBytes, to: 65_536)
        let mistake = #expect(throws: LimitMistake.self) { try limits.check() }
        #expect(mistake?.description.contains("input_bytes") == true)
    }

    @Test("fewer attributes and smaller payloads may be allowed than a record can have")
    func events() throws {
        var limits = ServiceLimits()
        try limits.set(.attributes, to: 2)
        try limits.set(.dataBytes, to: 3)
        let store = try OpenStore(limits: limits)
        let session = Session(id: 1, role: .writer)
        store.run("APPEND a.b source a id 1 x 1 y 2 DATA abc", for: session)
        store.run("APPEND a.b source a id 2 x 1 y 2 z 3", for: session)
        store.run("APPEND a.b source a id 3 DATA abcd", for: session)
        #expect(
            session.takeLines() == [
                ":1", "-TOOLARGE number of attributes is 3, at most 2 allowed",
                "-TOOLARGE data bytes is 4, at most 3 allowed",
            ])
    }

    @Test("an overloaded log takes no more appends, and does again; the limit is counted")
    func overload() throws {
        let store = try OpenStore()
        let session = Session(id: 1, role: .writer)
        store.executor.overload(true)
        store.run("APPEND a.b source a id 1", for: session)
        #expect(session.takeLines().first?.hasPrefix("-LIMIT append_wait_ms is 10000") == true)
        #expect(store.executor.limitHits[.appendWaitMilliseconds] == 1)
        #expect(!store.executor.hasStaged)
        store.executor.overload(false)
        store.run("APPEND a.b source a id 1", for: session)
        #expect(session.takeLines() == [":1"])
    }

    @Test("appends in flight are bounded for one connection and for all")
    func inFlight() throws {
        var limits = ServiceLimits()
        try limits.set(.appendsInFlight, to: 2)
        try limits.set(.appendsInFlightAll, to: 3)
        let store = try OpenStore(limits: limits)
        let (one, other) = (Session(id: 1, role: .writer), Session(id: 2, role: .writer))
        store.run("APPEND a.b source a id 1", for: one)
        #expect(!store.executor.hasEnoughInFlight(one))
        store.run("APPEND a.b source a id 2", for: one)
        #expect(store.executor.hasEnoughInFlight(one) && !store.executor.hasEnoughInFlight(other))
        #expect(!store.executor.roundIsFull)
        store.run("APPEND a.b source a id 3", for: other)
        #expect(store.executor.roundIsFull)
        #expect(try store.executor.commitRound([one, other]))
        #expect(!store.executor.roundIsFull && !store.executor.hasEnoughInFlight(one))
    }

    @Test("once the daemon stops, what would wait is told")
    func stopping() throws {
        let store = try OpenStore()
        let session = Session(id: 1, role: .reader)
        let waits = store.run("EVENTS FROM 1 WAIT 1000", for: session)
        #expect(waits == .waits(for: .head(beyond: 0)))
        store.executor.beginStopping()
        #expect(store.run("EVENTS FROM 1 WAIT 1000", for: session) == .answered)
        #expect(session.takeLines() == ["-STOPPING the daemon is stopping; reconnect and retry"])
    }
}

extension Limit {
    /// The tests that come to the limit, and the words by which they do.
    fileprivate var tests: (file: String, words: String) {
        switch self {
        case .requestBytes, .arguments, .argumentBytes, .inlineBytes:
            ("ThroughlinedTests/LimitBoundaryTests", "limit: \"\(name)\"")
        case .idleMilliseconds, .inputBytes:
            ("ThroughlinedTests/LimitBoundaryTests", "limits.\(name)=")
        case .attributes: ("CommandsTests/LimitTests", "set(.attributes")
        case .dataBytes: ("CommandsTests/LimitTests", "set(.dataBytes")
        case .appendsInFlight: ("CommandsTests/LimitTests", "set(.appendsInFlight,")
        case .appendsInFlightAll: ("CommandsTests/LimitTests", "set(.appendsInFlightAll,")
        case .appendWaitMilliseconds: ("CommandsTests/LimitTests", "limitHits[.appendWait")
        case .connectionsReserved: ("ServerTests/AccessTests", "set(.connectionsReserved")
        case .connections, .connectionsPerUser, .handshakeMilliseconds, .requestMilliseconds,
            .outputBytes, .stalledMilliseconds, .waiters:
            ("ThroughlinedTests/PeerTests", "limits.\(name)=")
        case .bufferedBytes, .drainMilliseconds:
            ("ThroughlinedTests/DeafPeerTests", "limits.\(name)=")
        case .stopMilliseconds: ("ThroughlinedTests/StandingThreadTests", "limits.\(name)=")
        }
    }
}

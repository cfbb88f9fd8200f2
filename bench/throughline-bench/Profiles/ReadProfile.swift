internal import ArgumentParser
internal import Client
internal import EventModel
internal import Foundation
internal import RESP
internal import ReferenceEvents

/// Reads: PING, a customer's card beside the same bytes by their key, in redis-server and in a column
/// of jsonb in PostgreSQL, a screen pop, and one event by its position.
struct ReadProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "PING, CUSTOMER beside the same bytes by key, CUSTOMER … POP, EVENT.")

    typealias Cell = AppendProfile.Cell

    static let standard = [(16, 1), (50, 1), (16, 16), (16, 64), (50, 16)]
        .map { Cell(connections: $0.0, depth: $0.1) }
    /// Cards of about 1.5 KB are compared.
    private static let cardBytes = 1_000...2_000
    private static let cardsMax = 5_000
    private static let eventsMax = 100_000

    private static let rowByKey = "SELECT body FROM cards WHERE key = $1::text"

    @OptionGroup var options: BenchOptions
    @Argument(help: "Cells like 16x1; default: 16x1 50x1 16x16 16x64 50x16.")
    var cells: [Cell] = []

    func run() throws {
        try options.measure("read") { bench in
            try Self.measure(bench, cells.isEmpty ? Self.standard : cells)
        }
    }

    static func measure(_ bench: Bench, _ cells: [Cell]) throws {
        try bench.ours.begin()
        try bench.redis?.begin()
        try fill(bench)
        let cards = try findCards(bench)
        let bytes = cards.reduce(0) { $0 + $1.bytes.count } / max(1, cards.count)
        bench.say("read, from memory: \(cards.count) cards of \(bytes) bytes in the mean")
        try bench.redis.map { try store(cards, in: $0) }
        try bench.postgres.map { try store(cards, in: $0) }
        bench.say(Comparison.heading)
        let pings = ring([RESPRequest.bytes("PING")])
        for cell in cells {
            var readings = [Reading(bench.ours, pings, expects: "+")]
            if let redis = bench.redis {
                readings.append(Reading(redis, "redis", pings, expects: "+"))
            }
            try Reading.compare(bench, "PING", cell, readings)
        }
        let ours = ring(cards.map { RESPRequest.bytes("CUSTOMER", $0.key) })
        let gets = ring(cards.map { RESPRequest.bytes("GET", $0.key) })
        let rows = ring(cards.map { PostgresRequest.execute([Array($0.key.utf8)]) })
        for cell in cells {
            var readings = [Reading(bench.ours, ours, expects: "$")]
            if let redis = bench.redis {
                readings.append(Reading(redis, "redis GET", gets, expects: "$"))
            }
            if let postgres = bench.postgres {
                readings.append(Reading(postgres, rows, statement: rowByKey))
            }
            try Reading.compare(bench, "CUSTOMER", cell, readings)
        }
        let pops = ring(cards.map { RESPRequest.bytes("CUSTOMER", $0.key, "POP") })
        let events = ring(try positions(bench).map { RESPRequest.bytes("EVENT", "\($0)") })
        for (name, requests) in [("CUSTOMER … POP", pops), ("EVENT", events)] {
            for cell in cells {
                try Reading.compare(
                    bench, name, cell, [Reading(bench.ours, requests, expects: "$")])
            }
        }
        bench.endAll()
    }

    /// Positions all over the log, in no order.
    private static func positions(_ bench: Bench) throws -> [Int] {
        let head = try bench.ours.info("head")
        // Coprime to most numbers: all of them come before one comes again.
        return (0..<min(head, eventsMax)).map { 1 + $0 * 7_919 % head }
    }

    private struct Card {
        var key: String
        var bytes: [UInt8]
    }

    private static func ring(_ requests: [[UInt8]]) -> RequestRing {
        var ring = RequestRing(seed: 0)
        for request in requests { ring.append(request) }
        return ring
    }

    /// Appends the reference events once.
    private static func fill(_ bench: Bench) throws {
        let ring = bench.ours.appendRing(bench.workload)
        var loop = try ClosedLoop(
            socketPath: bench.ours.socketPath, wire: bench.ours.wire, greeting: [],
            connections: 16, depth: 64, ring: ring, from: 0)
        try loop.run(requests: UInt64(ring.count))
        try bench.ours.settle()
    }

    /// Returns cards of the size wanted, in the order in which their customers came.
    private static func findCards(_ bench: Bench) throws -> [Card] {
        var connection = try Connection(socketPath: bench.ours.socketPath)
        var events = bench.options.workload.events(count: bench.workload.events)
        var seen: Set<String> = []
        var cards: [Card] = []
        while cards.count < cardsMax, let event = events.next() {
            let key = event.customerKey
            guard seen.insert(key).inserted else { continue }
            guard case .bulk(let bytes) = try connection.call("CUSTOMER", key) else { continue }
            if cardBytes.contains(bytes.count) { cards.append(Card(key: key, bytes: bytes)) }
        }
        guard !cards.isEmpty else { throw BenchFailure("no card has \(cardBytes) bytes") }
        return cards
    }

    private static func store(_ cards: [Card], in redis: RedisServer) throws {
        var connection = try Connection(socketPath: redis.socketPath)
        for card in cards {
            _ = try connection.call([Array("SET".utf8), Array(card.key.utf8), card.bytes])
        }
    }

    private static func store(_ cards: [Card], in postgres: PostgresTarget) throws {
        try postgres.begin()
        let path = postgres.socketPath + ".rows"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let rows = cards.flatMap {
            Array($0.key.utf8) + [UInt8(ascii: "\t")] + PostgresTarget.field($0.bytes)
                + [UInt8(ascii: "\n")]
        }
        try Data(rows).write(to: URL(fileURLWithPath: path))
        try postgres.load(documents: path)
    }
}

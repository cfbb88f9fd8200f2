public import EventModel
internal import Foundation
internal import Views

/// All that the queues view says of queues, agents and interactions at the end of a log, apart from
/// positions: the same for every order in which the log got what happened.
public struct LiveState {
    /// Documents by what they are of, and rows that name no position, by their keys.
    private var said: [String: String] = [:]

    /// Writes down what a view says.
    ///
    /// - Parameters:
    ///   - numbers: Which number an event has in the order of what happened, by position from 1.
    ///   - now: From when ages are counted.
    public init(of rows: MemoryRows, numbers: [Int], now: Timestamp) throws {
        for (key, row) in rows.all where Self.prefixes.contains(key[0]) {
            said["row \(key)"] = "\(row)"
        }
        let queues = try names("queues", "queue") { json in
            try QueuesView.writeQueues(
                QueuesQuery(count: 1_000), now: now, from: rows, to: &json)
        }
        for queue in queues {
            try say("QUEUE \(queue)") { json in
                _ = try QueuesView.writeQueue(
                    queue, now: now, tellsFeeds: false, from: rows, to: &json)
            }
            try say("WAITING \(queue)") { json in
                _ = try WaitingDocument.write(queue, count: 1_000, now: now, from: rows, to: &json)
            }
        }
        let everybody = AgentsQuery(queue: nil, state: nil, count: .max)
        let agents = try names("agents", "agent") { json in
            try AgentsDocument.write(everybody, now: now, from: rows, to: &json)
        }
        for agent in agents {
            try say("AGENT \(agent)") { json in
                _ = try AgentDocument.write(agent, now: now, from: rows, to: &json)
            }
        }
        var interactions: [String] = []
        try InteractionDocument.forEachName(in: rows) { interactions.append($0) }
        for interaction in interactions {
            try sayInteraction(interaction, rows, numbers, now)
        }
    }

    /// Rows of waits, oldest waits, service, counts, silence, agents' contacts, members, staff, feeds
    /// of queues, call backs due, free agents.
    private static let prefixes = Set("weqstamnybf".utf8)

    /// How much is said.
    public var count: Int { said.count }

    /// What the two do not agree about, a few of it, with what each says.
    public func differences(from other: LiveState) -> [String] {
        Set(said.keys).union(other.said.keys).sorted().filter { said[$0] != other.said[$0] }
            .prefix(5).map { "\($0): \(said[$0] ?? "-") / \(other.said[$0] ?? "-")" }
    }

    private mutating func say(
        _ name: String, _ write: (inout JSONWriter) throws -> Void
    ) throws {
        var json = JSONWriter()
        try write(&json)
        said[name] = String(decoding: json.bytes, as: UTF8.self)
    }

    private mutating func names(
        _ list: String, _ name: String, _ write: (inout JSONWriter) throws -> Void
    ) throws -> [String] {
        var json = JSONWriter()
        try write(&json)
        let document = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any]
        let lines = document?[list] as? [[String: Any]] ?? []
        return lines.compactMap { $0[name] as? String }
    }

    /// Says of an interaction what its document does, with numbers in the place of positions.
    private mutating func sayInteraction(
        _ name: String, _ rows: MemoryRows, _ numbers: [Int], _ now: Timestamp
    ) throws {
        var json = JSONWriter()
        guard try InteractionDocument.write(name, now: now, from: rows, to: &json),
            var document = try JSONSerialization.jsonObject(with: Data(json.bytes))
                as? [String: Any]
        else { return }
        func number(_ position: Any?) -> Int? {
            (position as? NSNumber).map { numbers[$0.intValue - 1] }
        }
        document["created_position"] = number(document["created_position"])
        document["positions"] = (document["positions"] as? [Any] ?? []).map { number($0) ?? -1 }
        let anomalies = document["anomalies"] as? [[String: Any]] ?? []
        document["anomalies"] = anomalies.map { anomaly in
            var anomaly = anomaly
            anomaly["position"] = number(anomaly["position"])
            return anomaly
        }
        let text = try JSONSerialization.data(withJSONObject: document, options: .sortedKeys)
        said["INTERACTION \(name)"] = String(decoding: text, as: UTF8.self)
    }
}

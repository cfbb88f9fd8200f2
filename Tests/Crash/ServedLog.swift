import Client
import DaemonTesting
import Foundation
import RESP

/// The whole log as a daemon shows it.
struct ServedLog {
    let head: Int64
    let positions: [Int64]
    let events: [ProducedEvent]

    /// Reads everything through the socket.
    init(of daemon: DaemonProcess) throws {
        var connection = try daemon.connect()
        head = try connection.call("HEAD").integerValue ?? -1
        var positions: [Int64] = []
        var events: [ProducedEvent] = []
        var next: Int64 = 1
        while next <= head {
            let reply = try connection.call("EVENTS", "FROM", "\(next)", "COUNT", "1000")
            guard let parts = reply.elements, parts.count == 2, let documents = parts[1].elements,
                let following = parts[0].integerValue, following > next
            else { throw UnexpectedReply(command: "EVENTS FROM \(next)", reply: reply) }
            for document in documents {
                guard let (position, event) = try Self.event(document) else {
                    throw UnexpectedReply(command: "EVENTS FROM \(next)", reply: document)
                }
                positions.append(position)
                events.append(event)
            }
            next = following
        }
        self.positions = positions
        self.events = events
    }

    private static func event(_ document: Reply) throws -> (Int64, ProducedEvent)? {
        guard
            let fields = try JSONSerialization.jsonObject(with: Data((document.text ?? "").utf8))
                as? [String: Any],
            let position = fields["position"] as? Int64, let type = fields["type"] as? String,
            let source = fields["source"] as? String, let id = fields["id"] as? String,
            let occurred = fields["occurred"] as? String,
            let attributes = fields["attributes"] as? [String: Any]
        else { return nil }
        let identifiers = fields["identifiers"] as? [[String: Any]] ?? []
        let customer = identifiers.first.map { "\($0["kind"] ?? ""):\($0["value"] ?? "")" }
        return (
            position,
            ProducedEvent(
                type: type, source: source, id: id, occurred: occurred, customer: customer,
                attributes: attributes.mapValues { "\($0)" }, text: fields["data"] as? String)
        )
    }
}

internal import EventModel
internal import Foundation

/// NATS JetStream: one stream in files, ids unique for two minutes.
final class NATSTarget: LoadTarget {
    private static let port = 14_222
    private static let subject = "events"

    let name = "nats jetstream"
    let wire = Wire.nats
    let socketPath = "tcp:\(NATSTarget.port)"
    private let program: String
    private let folder: String
    private var server: ServerProcess?

    /// - Returns: nil when nats-server is not installed.
    init?(scratch: String) {
        guard let program = Programs.locate("nats-server") else { return nil }
        self.program = program.path
        folder = scratch + "/nats"
    }

    private var settings: String {
        """
        listen: 127.0.0.1:\(Self.port)
        ping_interval: "1h"
        jetstream { store_dir: "\(folder)", max_file_store: 64GB }
        """
    }

    var facts: [String] {
        [
            (try? Programs.run(program, ["--version"])) ?? "?",
            "  one stream, file storage, one replica, Nats-Msg-Id within 2 minutes, over TCP. This"
                + " version flushes to disk every minute, never before an answer: in its favour",
        ]
    }

    func begin() throws {
        end()
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let configuration = folder + "/nats.conf"
        try settings.write(toFile: configuration, atomically: true, encoding: .utf8)
        server = try ServerProcess(
            program, ["--config", configuration], readyWords: "Server is ready")
        try ask(
            "$JS.API.STREAM.CREATE.EVENTS",
            #"{"name":"EVENTS","subjects":["\#(Self.subject)"],"storage":"file","#
                + #""retention":"limits","num_replicas":1,"duplicate_window":120000000000}"#)
    }

    func end() {
        server?.stop()
        server = nil
    }

    func cpuSeconds() throws -> Double { try server?.cpuSeconds() ?? 0 }

    func settle() throws { try ask("$JS.API.STREAM.PURGE.EVENTS", "") }

    var greeting: [[UInt8]] { [NATSRequest.greeting] }

    func request(for event: EventDraft, json: [UInt8]) -> [UInt8] {
        NATSRequest.publish(subject: Self.subject, id: event.id, json)
    }

    private func ask(_ subject: String, _ body: String) throws {
        var channel = try Channel(socketPath: socketPath, wire: wire, depth: 1)
        try channel.greet(NATSRequest.greeting)
        try channel.greet(NATSRequest.ask(subject, body))
    }
}

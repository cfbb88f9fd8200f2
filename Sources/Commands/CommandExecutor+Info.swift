internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP

/// INFO: how the daemon stands, in sections of `name:value` lines.
extension CommandExecutor {
    func info(_ sections: [String]) -> String {
        let wanted = Set(sections.map { $0.lowercased() })
        let all: [(String, [(String, String)])] = [
            ("server", serverLines), ("clients", clientLines), ("log", logLines),
            ("views", viewLines), ("stats", statLines),
        ]
        let chosen = all.filter { wanted.isEmpty || wanted.contains($0.0) }
        return chosen.map { section, lines in
            (["# \(section.prefix(1).uppercased())\(section.dropFirst())"]
                + lines.map { "\($0.0):\($0.1)" }).joined(separator: "\r\n") + "\r\n"
        }.joined(separator: "\r\n")
    }

    private var serverLines: [(String, String)] {
        [
            ("version", environment.version), ("store_id", environment.storeID),
            ("store_path", environment.storePath), ("socket", environment.socketPath),
            ("started", started.rfc3339),
            ("uptime_ms", "\(environment.now() - started)"),
        ] + clockLines
    }

    private var clientLines: [(String, String)] {
        [("connected_clients", "\(environment.connections())")]
    }

    private var logLines: [(String, String)] {
        [
            ("head", "\(log.head.position)"), ("epoch", "\(environment.epoch)"),
            ("durability", "\(log.durability)"),
            ("durable", "\(log.durable)"), ("in_segments", "\(log.stored)"),
            ("sealed", "\(log.sealing.through)"),
            ("sealing", log.sealing.segment.map { "\($0)" } ?? "no"),
            ("sealing_trouble", log.sealing.trouble.map { "\($0)" } ?? "none"),
            ("newest_recorded", writer.newestRecorded.rfc3339),
            ("segments", "\(log.segmentCount)"), ("segment_bytes", "\(log.fileBytes)"),
            ("journal_bytes", "\(log.journalBytes)"), ("index_bytes", "\(writer.indexBytes)"),
        ]
    }

    private var viewLines: [(String, String)] {
        views.status.flatMap { status in
            [
                ("\(status.name)_position", "\(status.position)"),
                ("\(status.name)_state", status.state),
                ("\(status.name)_bytes", "\(status.fileBytes)"),
            ]
        } + identityLines
    }

    private var statLines: [(String, String)] {
        [
            ("commands", "\(counters.commands)"), ("refusals", "\(counters.refusals)"),
            ("events_appended", "\(counters.events)"), ("repeats", "\(writer.repeats)"),
            ("commits", "\(writer.commits)"),
        ]
    }
}

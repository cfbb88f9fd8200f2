internal import Consumers
internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP

/// INFO: how the daemon stands, in sections of `name:value` lines.
extension CommandExecutor {
    func info(_ sections: [String]) -> String {
        // PROJECTIONS tells of the views one by one, so that they are looked for by that name, too.
        var wanted = Set(sections.map { $0.lowercased() })
        if wanted.contains("projections") { wanted.insert("views") }
        // As Redis has them: exporters ask for all.
        if !wanted.isDisjoint(with: ["all", "everything", "default"]) { wanted = [] }
        // Only what is asked for is made: some of it takes a look at all who follow, or a read of the log.
        let all: [(String, (CommandExecutor) -> [(String, String)])] = [
            ("server", \.serverLines), ("clients", \.clientLines), ("log", \.logLines),
            ("commits", \.commitLines), ("views", \.viewLines), ("memory", \.memoryLines),
            ("limits", \.limitLines), ("privacy", \.privacyLines), ("stats", \.statLines),
        ]
        let chosen = all.filter { wanted.isEmpty || wanted.contains($0.0) }
        return chosen.map { section, lines in
            (["# \(section.prefix(1).uppercased())\(section.dropFirst())"]
                + lines(self).map { "\($0.0):\($0.1)" }).joined(separator: "\r\n") + "\r\n"
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
        let connections = environment.connections()
        return [
            ("connected_clients", "\(connections.open)"),
            ("maxclients", "\(limits[.connections])"),
            // As Redis names them, whose clients and exporters look for these.
            ("blocked_clients", "\(connections.waiting)"),
            ("total_connections_received", "\(connections.taken)"),
            ("rejected_connections", "\(connections.refused)"),
            ("log_lines_left_out", "\(connections.linesLeftOut)"),
            ("log_lines_unwritten", "\(connections.linesUnwritten)"),
        ] + followerLines
    }

    private var logLines: [(String, String)] {
        [
            ("head", "\(log.head.position)"), ("epoch", "\(environment.epoch)"),
            ("durability", "\(log.durability)"),
            ("durable", "\(log.durable)"), ("in_segments", "\(log.stored)"),
            ("writing_trouble", log.writingTrouble.map { "\($0)" } ?? "none"),
            ("sealed", "\(log.sealing.through)"),
            ("unsealed_segments", "\(log.sealing.unsealed)"),
            ("sealing", log.sealing.segment.map { "\($0)" } ?? "no"),
            ("sealing_trouble", log.sealing.trouble.map { "\($0)" } ?? "none"),
            ("patrol", patrolLine), ("patrol_rounds", "\(views.patrol.status.rounds)"),
            ("damage_found", "\(views.patrol.status.findings)"),
            ("damage_newest", views.patrol.status.newest.map { "\($0)" } ?? "none"),
            ("newest_recorded", writer.newestRecorded.rfc3339),
            (
                "stale_readers_cleared",
                "\(log.staleReadersCleared + views.staleReadersCleared)"
            ),
            ("room_reserve_reached", log.reserveIsReached ? "1" : "0"),
            ("segments", "\(log.segmentCount)"), ("segment_bytes", "\(log.fileBytes)"),
            ("journal_bytes", "\(log.journalBytes)"), ("index_bytes", "\(writer.indexBytes)"),
        ]
    }

    /// What is being looked at for damage.
    private var patrolLine: String { views.patrol.status.file ?? "rests" }

    /// How often each file was flushed: the journal by each round, or at intervals where the
    /// durability says that, a segment by each stride, consumers by what was changed together, a
    /// view by each checkpoint.
    private var commitLines: [(String, String)] {
        let waits = appendWait.lines(nanoseconds: environment.nanoseconds())
        return [("commits", "\(writer.commits)")] + commitTimes.lines + waits + [
            ("appends_waiting", "\(writer.stagedCount)"),
            (
                "journal_flushes",
                "\(log.durability == .always ? writer.commits : log.journalFlushes)"
            ),
            ("segment_flushes", "\(log.segmentCommits)"),
            ("consumers_flushes", "\(consumers?.store.flushes ?? 0)"),
        ] + views.status.map { ("\($0.name)_flushes", "\($0.checkpoints)") }
    }

    private var viewLines: [(String, String)] {
        views.status.flatMap { status in
            [
                ("\(status.name)_position", "\(status.position)"),
                (
                    "\(status.name)_behind",
                    "\(log.head.position.rawValue - status.position.rawValue)"
                ),
                ("\(status.name)_behind_ms", lag(of: status).map { "\($0)" } ?? "unknown"),
                ("\(status.name)_state", status.state),
                ("\(status.name)_bytes", "\(status.fileBytes)"),
            ]
        } + identityLines
    }

    /// For how long the oldest event that a view does not reflect has been in the log; nil when it
    /// cannot be read.
    private func lag(of status: ProjectionStatus) -> Int64? {
        guard status.position < log.head.position else { return 0 }
        var recorded: Timestamp?
        do throws(ReadFailure<Never>) {
            _ = try reader.event(at: status.position.next) { (event) throws(Never) in
                recorded = event.recorded
            }
        } catch {
            return nil
        }
        return recorded.map { max(0, environment.now() - $0) }
    }

    private var privacyLines: [(String, String)] {
        erasureLines + suppressionLines + disclosureLines
    }

    private var memoryLines: [(String, String)] {
        let use = environment.memory()
        return [
            ("resident_bytes", use.residentBytes.map { "\($0)" } ?? "unknown"),
            ("mapped_file_bytes", use.mappedBytes.map { "\($0)" } ?? "unknown"),
            ("connection_buffer_bytes", "\(use.bufferedBytes)"),
            ("index_buffer_bytes", "\(writer.indexBytes)"),
        ]
    }

    /// Limits that were met; LIMITS shows them all.
    private var limitLines: [(String, String)] {
        let met = Limit.allCases.filter { limitHits[$0] > 0 }
        return [("limits_met", "\(met.count)")]
            + met.map { ("met_\($0.name)", "\(limitHits[$0])") }
    }

    private var statLines: [(String, String)] {
        [
            ("commands", "\(counters.commands)"), ("refusals", "\(counters.refusals)"),
            ("protocol_errors", "\(counters.protocolErrors)"),
            ("events_appended", "\(counters.events)"), ("repeats", "\(writer.repeats)"),
            ("ids_read_ahead", "\(counters.idsReadAhead)"),
        ] + RedactionRule.allCases.map { ("redacted_\($0.name)", "\(counters.redactions[$0])") }
    }
}

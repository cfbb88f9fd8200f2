internal import EventModel
internal import LMDB

/// What the journal holds beyond the segments.
struct JournalFinding {
    var events: UInt64 = 0
    var last: Position
    var digest: Digest?
    var recorded: Timestamp?
}

/// The journal as it was read.
struct JournalRing {
    let bytes: [UInt8]
    let key: UInt64
    /// What may have been half written while it was read is newer than this.
    let newest: UInt64
}

/// Looking at the journal.
extension StoreAudit {
    private static let journal = "journal"

    /// Reads the journal twice: whatever the first look finds was whole before the second, in which
    /// it can only be missing where segments hold it.
    func readJournal(_ faults: inout FaultList) -> JournalRing? {
        guard !isBackup, let identity else { return nil }
        let path = path + "/journal"
        guard Self.exists(path) else {
            faults.add(
                VerificationFault(
                    .journal, Self.journal,
                    "it is missing: the newest events may have been in it"))
            return nil
        }
        do throws(EventLogError) {
            let head = try JournalFile.readHead(path, identity.id)
            let before = try JournalFile.readRing(path, ringBytes: head.ringBytes)
            let newest = JournalRecovery.newestSequence(before, key: head.key)
            let bytes = try JournalFile.readRing(path, ringBytes: head.ringBytes)
            return JournalRing(bytes: bytes, key: head.key, newest: newest)
        } catch {
            faults.add(VerificationFault(.journal, Self.journal, "\(error)"))
            return nil
        }
    }

    /// Holds the journal against the end of the segments.
    ///
    /// - Parameter goal: The last position that is looked at.
    func check(
        _ ring: JournalRing, _ seed: SaltSeed?, _ ending: inout StoreEnding,
        through goal: Position
    ) {
        guard let end = ending.segments.last, end.isComplete, end.endIsKnown else { return }
        let stored = end.positions?.upperBound ?? Position(end.first.rawValue - 1)
        let recovery: JournalRecovery
        do throws(EventLogError) {
            recovery = try JournalRecovery(
                ring: ring.bytes, key: ring.key, stored: stored, path: path + "/journal",
                through: ring.newest)
        } catch {
            if case .damagedJournal(_, let first, let last) = error {
                ending.faults.add(
                    VerificationFault(
                        .journal, Self.journal,
                        positions: first...max(first, Position(last.rawValue - 1)),
                        "events that were answered are damaged or missing in it"))
            } else {
                ending.faults.add(VerificationFault(.journal, Self.journal, "\(error)"))
            }
            return
        }
        var finding = JournalFinding(
            last: stored, digest: end.digest ?? end.start, recorded: end.recorded)
        var seed = seed
        for round in recovery.rounds {
            take(round, &seed, &finding, &ending.faults, through: goal)
        }
        ending.journal = finding
    }

    private func take(
        _ round: CommittedRound, _ seed: inout SaltSeed?, _ finding: inout JournalFinding,
        _ faults: inout FaultList, through goal: Position
    ) {
        for index in round.starts.indices {
            let position = Position(round.first.rawValue + UInt64(index))
            guard position > finding.last, position <= goal else { continue }
            let stop =
                index + 1 < round.starts.count ? round.starts[index + 1] : round.records.count
            let place = round.starts[index]..<stop
            let group = position.rawValue / LogLimits.positionsPerSeed
            // A round that begins a segment has a seed of its own amid a group.
            if let own = round.seeds.first(where: { $0.group == group }) {
                seed = own
            } else if seed?.group != group {
                seed = nil
            }
            finding.last = position
            finding.events += 1
            do throws(MalformedBytes) {
                try take(round.records, place, position, seed, &finding, &faults)
            } catch {
                fault(.record, position, "the \(error.what) is malformed", &faults)
                finding.digest = nil
            }
        }
    }

    private func take(
        _ records: [UInt8], _ place: Range<Int>, _ position: Position, _ seed: SaltSeed?,
        _ finding: inout JournalFinding, _ faults: inout FaultList
    ) throws(MalformedBytes) {
        let event = try EventView(checking: records.rawSpan.extracting(place))
        guard event.position == position else {
            throw MalformedBytes("position", at: EventCodec.Offset.position)
        }
        if let before = finding.recorded, event.recorded < before {
            fault(.time, position, "it was recorded before the one before it", &faults)
        }
        finding.recorded = event.recorded
        guard let seed else {
            fault(.seed, position, "the seed of its salt is missing", &faults)
            finding.digest = nil
            return
        }
        if let digest = finding.digest {
            finding.digest = DigestChain().advance(digest, by: event, seed: seed.bytes.rawSpan)
        }
    }

    private func fault(
        _ kind: VerificationFault.Kind, _ position: Position, _ what: String,
        _ faults: inout FaultList
    ) {
        faults.add(
            VerificationFault(kind, Self.journal, positions: position...position, what))
    }
}

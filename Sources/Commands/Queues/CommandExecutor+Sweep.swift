internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// Time passes by events: what silence has ended is found by the view and appended here, where the
/// order is, under the daemon's own source.
extension CommandExecutor {
    /// Stages what one sweep finds; it is committed with the round.
    ///
    /// Nothing is inferred while the view lags behind, as what was heard is not in it yet, or while
    /// the clock cannot be believed.
    ///
    /// - Returns: How many events were staged.
    /// - Throws: When the view or the log cannot be read; the next sweep tries again.
    public func sweep() throws(CommandError) -> Int {
        // An erasure that the round holds hides from its commit on: who is erased is not known before.
        guard !isStopping, environment.clock.refusal == nil, erasing.staged.isEmpty,
            status(of: .queues).fault == nil
        else { return 0 }
        startOverBehindErasure()
        guard unstaged.isEmpty else { return try stageAll() }
        let now = environment.now()
        let head = log.head.position.rawValue
        let found = try reading { () throws(ViewFault) -> [InferredEvent] in
            let snapshot = try views.queues.snapshot()
            guard snapshot.position.rawValue + CommandLimits.sweepLagMax >= head else { return [] }
            return try sweeping.find(
                now: now, zones: environment.zone, from: snapshot)
        }
        unstaged = found
        unstaged += try findNeeds(behind: head)
        unstaged += try findHouseholds(behind: head)
        unstaged += try findPopulation(behind: head, now: now)
        return try stageAll()
    }

    /// Stages inferred events; those that the round has no room for wait for the next sweep, so that
    /// none is lost of what is only looked for once.
    private func stageAll() throws(CommandError) -> Int {
        let events = unstaged
        var staged = 0
        for (place, event) in events.enumerated() {
            guard !writer.roundIsFull else { break }
            // Taken off before: one that cannot be stored does not stand in the way of the rest.
            unstaged = Array(events[(place + 1)...])
            if try stage(event) { staged += 1 }
        }
        return staged
    }

    /// Finds contacts that are about the same need as one on another channel.
    private func findNeeds(behind head: UInt64) throws(CommandError) -> [InferredEvent] {
        guard status(of: .customers).fault == nil, status(of: .identity).fault == nil else {
            return []
        }
        return try reading { () throws(ViewFault) -> [InferredEvent] in
            let snapshot = try views.customers.snapshot()
            guard snapshot.position.rawValue + CommandLimits.sweepLagMax >= head else { return [] }
            let people = try views.identity.snapshot()
            let position = snapshot.position
            return try needs.find(
                members: { (customer) throws(ViewFault) in
                    try IdentityView.customers(ofPersonOf: customer, asOf: position, people)
                }, from: snapshot)
        }
    }

    /// Finds who may live together.
    private func findHouseholds(behind head: UInt64) throws(CommandError) -> [InferredEvent] {
        // While the log is being scrubbed a view may still know who is erased.
        guard log.erasures.isEmpty, status(of: .customers).fault == nil,
            status(of: .identity).fault == nil
        else { return [] }
        return try reading { () throws(ViewFault) -> [InferredEvent] in
            let snapshot = try views.customers.snapshot()
            guard snapshot.position.rawValue + CommandLimits.sweepLagMax >= head else { return [] }
            return try households.find(
                in: try views.identity.snapshot(), definedBy: snapshot)
        }
    }

    /// Stages an inferred event; false where it is known already.
    private func stage(_ event: InferredEvent) throws(CommandError) -> Bool {
        var intake = EventIntake(isDaemon: true)
        do throws(ReadFailure<EventRefusal>) {
            let outcome = try writer.stage { (records) throws(EventRefusal) in
                try Self.write(event, &intake, into: &records)
            }
            if case .new = outcome { return true }
            return false
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            case .body(let refusal): throw .refused(refusal)
            }
        }
    }

    private static func write(
        _ event: InferredEvent, _ intake: inout EventIntake, into records: inout [UInt8]
    ) throws(EventRefusal) {
        let type = Array(event.type.utf8)
        unsafe try intake.begin(type: type.span.bytes, now: .latest)
        let words =
            [
                ("source", Reserved.source), ("id", event.id),
                ("occurred", event.occurred.rfc3339),
            ] + event.attributes.map { ($0.name, $0.value) }
        for (name, value) in words {
            let (name, value) = (Array(name.utf8), Array(value.utf8))
            unsafe try intake.take(name.span.bytes, value.span.bytes)
        }
        try intake.finish(into: &records)
    }
}

internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// Erased persons do not come back by events from before their erasure: by a backfill, or by a
/// producer that sends again what a restored backup has not.
///
/// What is refused, `-ERASED`, is new to the log, says that it occurred before the erasure, and names
/// an identifier of the person in whatever role, or an interaction in which nobody else had a part.
/// What occurred later is a new contact of a new customer.
extension CommandExecutor {
    /// Notes what a person is called, before their erasure is committed.
    ///
    /// - Parameter position: Where the first event of the erasure is staged.
    func suppress(
        _ plan: ErasurePlan, _ surrogate: Surrogate, at position: Position
    ) throws(CommandError) {
        guard let suppression = environment.suppression else { return }
        let names = try names(of: plan)
        try readingLog { () throws(EventLogError) in
            try suppression.note(
                names, surrogate: surrogate, position: position, until: environment.clock.now())
        }
    }

    /// All that events call a person, and their interactions.
    private func names(
        of plan: ErasurePlan
    ) throws(CommandError) -> Set<SuppressionList.Name> {
        let people = try reading { () throws(ViewFault) in try views.identity.snapshot() }
        let customers = try reading { () throws(ViewFault) in try views.customers.snapshot() }
        let rules = try reading { () throws(ViewFault) in try IdentityView.rules(people) }
        var patterns: [(position: Position, numbers: Set<Int>)] = []
        plan.erased.forEach { position, pattern in
            patterns.append((position, Set(pattern.entries.map(\.identifier))))
        }
        var names: Set<SuppressionList.Name> = []
        var interactions: Set<[UInt8]> = []
        for (position, numbers) in patterns {
            do throws(ReadFailure<Never>) {
                _ = try rawReader.event(at: position) { (event) throws(Never) in
                    // By the rules of then, and by those that hold when it comes again.
                    for moment in [position, people.position.next] {
                        IdentityView.forEachName(of: event, by: rules, at: moment) {
                            number, _, name in
                            guard numbers.contains(number) else { return }
                            names.insert(SuppressionList.Name(.identifier, name))
                        }
                    }
                    if let interaction = event.bytes("interaction") {
                        interactions.insert(interaction.copied())
                    }
                }
            } catch {
                switch error {
                case .log(let error): throw .log(error)
                }
            }
        }
        for interaction in interactions {
            let parties = try reading { () throws(ViewFault) in
                try InteractionLookup.customers(
                    of: String(decoding: interaction, as: UTF8.self), customers)
            }
            guard parties.allSatisfy({ plan.customers.contains($0) }) else { continue }
            names.insert(SuppressionList.Name(.interaction, interaction))
        }
        return names
    }

    /// Refuses an event that was staged last, if it would bring an erased person back.
    ///
    /// - Parameter mark: Where the round was before.
    func refuseSuppressed(
        _ position: Position, _ mark: LogWriter.Mark
    ) throws(CommandError) {
        guard let suppression = environment.suppression, let newest = suppression.newest,
            let occurred = intake.occurred, occurred < newest
        else { return }
        let rules = currentRules()
        var isHeld = false
        try readingLog { () throws(EventLogError) in
            try writer.showStaged(position) { event in
                IdentityView.forEachName(of: event, by: rules, at: Position(.max)) { _, _, name in
                    isHeld = isHeld || suppression.holds(.init(.identifier, name), occurred)
                }
                guard !isHeld, let interaction = event.bytes("interaction") else { return }
                isHeld = suppression.holds(.init(.interaction, interaction.copied()), occurred)
            }
        }
        guard isHeld else { return }
        writer.takeBack(to: mark)
        counters.suppressed += 1
        throw .suppressed
    }

    /// The rules by which identifiers are read now; while the view cannot say, those that are shipped:
    /// names are suppressed as they were written, too.
    private func currentRules() -> IdentityRulesHistory {
        do throws(ViewFault) {
            return try IdentityView.rules(try views.identity.snapshot())
        } catch {
            return IdentityRulesHistory()
        }
    }

    /// The lines of INFO.
    var suppressionLines: [(String, String)] {
        let suppression = environment.suppression
        return [
            ("suppression", suppression == nil ? "off" : "on"),
            ("suppressed_names", "\(suppression?.count ?? 0)"),
            ("suppressed_events", "\(counters.suppressed)"),
            ("suppression_trouble", suppression?.trouble.map { "\($0)" } ?? "none"),
        ]
    }
}

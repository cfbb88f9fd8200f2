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
        try readingLog { () throws(EventLogError) in
            try suppression.note(
                plan.names.names, surrogate: surrogate, position: position,
                until: environment.clock.now())
        }
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

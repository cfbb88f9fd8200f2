internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// What goes of others' events, and where others' texts say more.
extension ErasurePlan {
    /// Reads those of some events that others have and that name one of the identifiers.
    mutating func readQuotes(
        at others: [Position], _ people: borrowing ViewSnapshot, _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        let identifiers = identifiers
        // Whose later events are is not known yet: they are looked at when the plan catches up.
        for position in others
        where position <= through && quotes[position.rawValue] == nil && !isTheirs(position) {
            var pattern = ErasedPositions.Pattern()
            _ = try reader.event(at: position) { (event) throws(ViewFault) in
                var number = -1
                var walk = event.identifiers()
                while let identifier = walk.next() {
                    number += 1
                    guard identifier.role != .own, !event.isSurrogate(identifier),
                        identifiers.contains(identifier.name)
                    else { continue }
                    pattern.entries.append(.init(identifier: number, customer: 0, person: 0))
                }
                try takeVacated(in: event, people, to: &pattern)
            }
            guard !pattern.entries.isEmpty else { continue }
            quotes[position.rawValue] = pattern
            unsettled.append(position.rawValue)
        }
    }

    /// Puts what was found of others' events into order.
    mutating func settleQuotes() {
        let last = quoted.all.last?.bounds?.upperBound ?? 0
        if let first = unsettled.min(), first < last {
            // An identifier that was found late stands in earlier events.
            quoted = ErasedPortions()
            unsettled = Array(quotes.keys) + othersMoves.keys
        }
        let moves = othersMoves
        for position in Set(unsettled).sorted() {
            var pattern = quotes[position] ?? ErasedPositions.Pattern()
            pattern.entries += moves[position] ?? []
            guard !pattern.entries.isEmpty else { continue }
            quoted.add(Position(position), pattern)
        }
        unsettled.removeAll()
    }
}

/// Texts.
extension ErasurePlan {
    /// Looks for the identifiers in others' texts.
    ///
    /// - Parameter reader: Shows the log as whoever asks may see it.
    mutating func findTexts(
        from first: Position, _ reader: inout LogReader
    ) throws(EventLogError) {
        guard let pattern = QuotedIdentifiers.pattern(of: identifiers) else {
            texts = RedactionPlan()
            return
        }
        let query = RedactionQuery(pattern: pattern, fields: [])
        let range = min(first, through)...through
        texts = try RedactionPlan.find(
            query, in: range, words: [], steps: CommandLimits.erasureTextStepsMax, &reader
        ) { position, field in
            field.map { isQuoted(position, field: $0) } ?? isTheirs(position)
        }
    }

    /// Whether an identifier of another's event goes with the person.
    private func isQuoted(_ position: Position, field: String) -> Bool {
        quotes[position.rawValue]?.entries.contains {
            RedactedParts.Field.identifier($0.identifier) == field
        } == true
    }

    /// Whether a text says one of the identifiers' values.
    func isNamed(in text: String) -> Bool {
        let text = text.lowercased()
        return QuotedIdentifiers.values(of: identifiers).contains {
            text.contains($0.lowercased())
        }
    }
}

internal import EventModel

/// What is redacted, and who is erased.
extension CustomersProjection {
    /// Takes what is redacted out of what is kept of the events.
    mutating func redact<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard let parts = RedactedParts(event.text("parts") ?? "") else {
            throw .damaged(MalformedBytes("redaction", at: 0))
        }
        let cause = event.position
        for part in parts.parts {
            let numbers = part.fields.compactMap(\.identifier)
            try context.earlierEvent(at: part.position) { (earlier) throws(ViewFault) in
                let codes = SubjectRule.codes(of: earlier.type)
                guard codes != nil || !numbers.isEmpty else { return }
                try findConcerned(earlier, context)
                try earlier.show(without: part.removal, cause: cause) {
                    (redacted) throws(ViewFault) in
                    if let codes {
                        try subjects.replace(redacted, codes, for: &people, context)
                    }
                    forgetLikeness(earlier, redacted)
                }
                try forgetRelated(numbers, of: earlier, context)
                try noteChange(of: people, at: cause, context)
            }
        }
        people.removeAll(keepingCapacity: true)
    }

    /// Takes an erased person's identifiers out of what is kept of others whose events name them. What
    /// is kept of the person is found by nobody any more, and is not there once the view is folded
    /// from the log without them.
    mutating func forget<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard let quoted = ErasedPositions(event.text("quoted") ?? "") else {
            throw .damaged(MalformedBytes("erasure", at: 0))
        }
        var found: [(position: Position, numbers: [Int])] = []
        quoted.forEach { found.append(($0, $1.entries.map(\.identifier))) }
        let cause = event.position
        for (position, numbers) in found {
            try context.earlierEvent(at: position) { (earlier) throws(ViewFault) in
                try findConcerned(earlier, context)
                try forgetRelated(numbers, of: earlier, context)
                try noteChange(of: people, at: cause, context)
            }
        }
        people.removeAll(keepingCapacity: true)
    }

    private mutating func noteChange<Context: FoldContext & ~Copyable>(
        of people: [CustomerID], at cause: Position, _ context: borrowing Context
    ) throws(ViewFault) {
        for customer in people {
            let slot = try self.slot(customer, context)
            guard !customers[slot].isEmpty else { continue }
            customers[changing: slot].noteChange(at: cause)
        }
    }

    /// Puts whom an earlier event concerns into `people`, as far as its things do not tell.
    private mutating func findConcerned<Context: FoldContext & ~Copyable>(
        _ earlier: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        try context.findCustomers(of: earlier, into: &people)
        if interactions.begin(earlier) != nil { people += try interactions.customers(context) }
        guard let order = earlier.text("order") else { return }
        people += try subjects.customers(ofOrder: order, context)
    }

    /// Forgets whom an event names by the identifiers of these numbers, with all in `people`. Where
    /// other events name them too they come back when the view is folded anew, as it is then.
    private mutating func forgetRelated<Context: FoldContext & ~Copyable>(
        _ numbers: [Int], of earlier: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard !numbers.isEmpty else { return }
        for customer in people {
            RelatedRecord.writeKey(customer, to: &key)
            let place = try related.slot(key, context)
            guard !related[place].isEmpty else { continue }
            var number = -1
            var walk = earlier.identifiers()
            while let identifier = walk.next() {
                number += 1
                if numbers.contains(number) { related[changing: place].forget(identifier) }
            }
        }
    }
}

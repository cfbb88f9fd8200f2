internal import EventModel

/// Others whom events name, households, and whom an incident touches.
extension CustomersProjection {
    /// Notes whom an event names beside a customer.
    mutating func noteRelated<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, of customer: CustomerID, in slot: Int,
        _ context: borrowing Context
    ) throws(ViewFault) {
        RelatedRecord.writeKey(customer, to: &key)
        let place = try related.slot(key, context)
        var walk = event.identifiers()
        while let identifier = walk.next() {
            // Who sends to themselves is no other.
            guard identifier.role != .own, !event.isSurrogate(identifier),
                !customers[slot].hasIdentifier(identifier.kind, identifier.value)
            else { continue }
            related[changing: place].see(identifier, event.occurred, event.position)
        }
        if !related[place].isEmpty { customers[changing: slot].note(kinds: SubjectKind.relatedBit) }
    }

    /// Adds the customers whom a statement about a household names by their ids to those it concerns:
    /// an operator knows no other name of somebody who was only seen.
    mutating func addNamed<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        let words = (event.text("customers") ?? "").split { $0 == " " || $0 == "," }
        for word in words.prefix(EventLimits.identifiersMax) {
            let bytes = Array(word.utf8)
            guard let id = unsafe CustomerID(text: bytes.span.bytes),
                let customer = try customer(meantBy: id, event, context),
                !concerned.contains(customer)
            else { continue }
            concerned.append(customer)
        }
    }

    /// The customer whom an event means by an id: whose it is, or, where nobody has it, whom the event
    /// shows that it names, if that is one. Ids go where rules for all events find another spelling of an
    /// identifier that is somebody's already; identity reads statements in the same way.
    mutating func customer<Context: FoldContext & ~Copyable>(
        meantBy id: CustomerID, _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) -> CustomerID? {
        guard !id.isSurrogate, id.founded > .zero, id.founded < event.position else { return nil }
        if try isKnown(id, context) { return id }
        var shown: [CustomerID] = []
        try context.earlierEvent(at: id.founded) { (earlier) throws(ViewFault) in
            // Of whom something was erased, who is left may be somebody else.
            guard !earlier.hasRemnant else { return }
            try context.findCustomers(of: earlier, into: &shown)
        }
        guard shown.count == 1, try isKnown(shown[0], context) else { return nil }
        return shown[0]
    }

    /// Whether anything has ever concerned a customer.
    private mutating func isKnown<Context: FoldContext & ~Copyable>(
        _ customer: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) -> Bool {
        // Looked for first: in one expression the table is read before it has the slot.
        let slot = try slot(customer, context)
        return !customers[slot].isEmpty
    }

    /// Notes with each of those concerned that they live with the others, or may, or do not.
    mutating func noteHousehold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ codes: Range<Int>, _ context: borrowing Context
    ) throws(ViewFault) {
        let members = concerned.prefix(EventLimits.identifiersMax)
        for customer in members {
            for other in members where other != customer {
                try subjects.applyToHousehold(event, codes, of: customer, with: other, context)
            }
        }
    }

    /// Notes with those whose orders an incident names that it touches them. It is no event of theirs.
    mutating func noteIncident<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ codes: Range<Int>, _ context: borrowing Context
    ) throws(ViewFault) {
        for order in event.list("orders").prefix(ViewLimits.incidentOrdersMax) {
            for customer in try subjects.customers(ofOrder: order, context)
            where !concerned.contains(customer) {
                let slot = try slot(customer, context)
                guard !customers[slot].isEmpty else { continue }
                customers[changing: slot].noteChange(at: event.position)
                customers[changing: slot].note(kinds: SubjectKind.incidentLink.bit)
                try subjects.applyToFacts(event, codes, of: customer, context)
            }
        }
    }
}

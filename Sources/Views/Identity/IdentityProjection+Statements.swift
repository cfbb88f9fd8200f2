internal import ContactCentre
internal import EventModel

/// Events that say something about identity itself: explicit, and stronger than the rules.
extension IdentityProjection {
    mutating func apply<Context: FoldContext & ~Copyable>(
        statementOf event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        let type = event.type
        guard type.byteCount >= 14, type.byteCount <= 17 else { return }
        if type.starts(with: "identity.") {
            try apply(identity: event, context)
        } else if type.equals("definition.set"), let kind = event.bytes("kind"),
            kind.equals("identityRules") || kind.equals("ownNumbers")
        {
            let slot = try definitions.slot(IdentityDefinitions.key, context)
            let (version, body) = (event.text("version") ?? "", event.text("body") ?? "")
            if kind.equals("ownNumbers") {
                definitions[changing: slot].add(ownNumbers: body, version, at: event.position)
            } else {
                definitions[changing: slot].add(version, body, at: event.position)
            }
            try takeRules(context)
        }
    }

    private mutating func apply<Context: FoldContext & ~Copyable>(
        identity event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        switch true {
        case event.type.equals("identity.merged"):
            let named = try customers(namedBy: event, context)
            for customer in named.dropFirst() {
                let persons = (
                    try person(of: named[0], context), try person(of: customer, context)
                )
                if persons.0 != persons.1,
                    try !wereOne((named[0], persons.0), (customer, persons.1), context),
                    try areOfOneScope(named[0], customer, context)
                {
                    try unite(named[0], customer, .merged, event, context)
                }
            }
        case event.type.equals("identity.unmerged"):
            let named = try customers(namedBy: event, context)
            for customer in named.dropFirst() where customer != named[0] {
                try separate(named[0], customer, event, context)
            }
        case event.type.equals("identity.released"), event.type.equals("identity.blocked"):
            guard let name = event.bytes("identifier"),
                let slot = try identifier(named: name, event, context)
            else { return }
            try note(statementAt: event.position, naming: key, context)
            let isBlocked = event.type.equals("identity.blocked")
            if isBlocked {
                try vacateAndEnd(slot, .blocked, event.position, context)
            } else if !identifiers[slot].isEmpty {
                try vacate(slot, .released, event.position, context)
            }
        case event.type.equals("identity.linked"):
            try link(event, context)
        default: return
        }
    }

    /// Nothing unites what lies in two scopes.
    private mutating func areOfOneScope<Context: FoldContext & ~Copyable>(
        _ left: CustomerID, _ right: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) -> Bool {
        let slots = (try identifier(of: left, context), try identifier(of: right, context))
        return identifiers.key(slots.0).prefix { $0 != 0 }
            .elementsEqual(identifiers.key(slots.1).prefix { $0 != 0 })
    }

    /// From here on two customers are two, whatever the rules say; what made them one ends.
    private mutating func separate<Context: FoldContext & ~Copyable>(
        _ left: CustomerID, _ right: CustomerID, _ event: borrowing EventView,
        _ context: borrowing Context
    ) throws(ViewFault) {
        try unite(left, right, .separated, event, context)
        let slot = try identifier(of: left, context)
        guard let name = identifiers[slot].holdings.first(where: { $0.customer == left })?.group
        else { return }
        GroupRecord.writeKey(name, to: &key)
        let group = try groups.slot(key, context)
        change(group: group) { $0.cut(left, from: right, at: event.position) }
        try noteAlert(group, event.position, context)
    }

    /// What a source links is as if one event had shown both, proved where it says by whom.
    private mutating func link<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        let strength: IdentifierStrength =
            event.bytes("verified_by") == nil ? .stated : .verified
        var ends: [Sight] = []
        for end in 0...1 {
            guard let name = end == 0 ? event.bytes("from") : event.bytes("to"),
                let colon = name.firstOffset(of: UInt8(ascii: ":"))
            else {
                // Where the one end has been erased, the other founds whom it founded.
                guard event.hasRemnant else { return }
                let stars = (end == 0 ? event.bytes("from") : event.bytes("to"))?.byteCount ?? 0
                if stars > 0 { foundedCount += 1 }
                continue
            }
            beginKey(event)
            let kind = writeKey(
                name.extracting(0..<colon), name.extracting(colon + 1..<name.byteCount))
            try note(statementAt: event.position, naming: key, context)
            guard let sight = try sight(kind, strength, event, context) else {
                // All that is named is to be found by its name.
                if end == 0 { try noteOtherEnd(event, context) }
                return
            }
            if sight.isNew { try begin(sight.slot, sight.strength, event, context) }
            ends.append(sight)
        }
        guard ends.count == 2 else { return }
        findFacts(event)
        ends.sort { rules.traits($0.kind).priority < rules.traits($1.kind).priority }
        guard let left = identifiers[ends[0].slot].customer,
            let right = identifiers[ends[1].slot].customer,
            try areTwo(left, right, context)
        else { return }
        if !isTold(left, right) {
            guard case .unite = try decide(ends[0], ends[1], event, context) else { return }
        }
        try unite(left, right, .linked, event, context)
    }

    /// Whether two customers are not one person, nor were by somebody who is erased.
    private mutating func areTwo<Context: FoldContext & ~Copyable>(
        _ left: CustomerID, _ right: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) -> Bool {
        let persons = (try person(of: left, context), try person(of: right, context))
        guard persons.0 != persons.1 else { return false }
        return try !wereOne((left, persons.0), (right, persons.1), context)
    }

    private mutating func noteOtherEnd<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard let name = event.bytes("to"), let colon = name.firstOffset(of: UInt8(ascii: ":"))
        else { return }
        beginKey(event)
        _ = writeKey(name.extracting(0..<colon), name.extracting(colon + 1..<name.byteCount))
        try note(statementAt: event.position, naming: key, context)
    }

    /// The customers an event names in `customers`: ids and identifiers with blanks or commas
    /// between them; whom nobody knows is passed over.
    private mutating func customers<Context: FoldContext & ~Copyable>(
        namedBy event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) -> [CustomerID] {
        var named: [CustomerID] = []
        let words = (event.text("customers") ?? "").split { $0 == " " || $0 == "," }
        for (place, word) in words.enumerated() {
            let bytes = Array(word.utf8)
            if let customer = unsafe CustomerID(text: bytes.span.bytes) {
                FounderRecord.writeKey(customer, to: &key)
                let founder = try founders.slot(key, context)
                guard !founders[founder].isEmpty else {
                    if let holder = try holder(insteadOf: customer, event.position, context) {
                        named.append(holder)
                    }
                    continue
                }
                named.append(customer)
                let identifier = founders[founder].identifier
                try note(statementAt: event.position, naming: identifier, context)
            } else if let slot = try unsafe identifier(named: bytes.span.bytes, event, context) {
                try note(statementAt: event.position, naming: key, context)
                if let customer = identifiers[slot].customer { named.append(customer) }
            } else if place == 0, event.hasRemnant, unsafe bytes.span.bytes.isFilled {
                // The others were said to be one with, or two from, somebody who has been erased.
                return []
            }
        }
        return named
    }

    /// Whom an id means that earlier rules gave out and these do not: whom its event shows, where that is
    /// one person. An identifier that was another spelling of a known one founded nobody by these.
    private mutating func holder<Context: FoldContext & ~Copyable>(
        insteadOf id: CustomerID, _ position: Position, _ context: borrowing Context
    ) throws(ViewFault) -> CustomerID? {
        guard isOverAll, id.founded > .zero, id.founded < position else { return nil }
        var slots: [(slot: Int, entry: ErasedPositions.Pattern.Entry?)] = []
        try context.earlierEvent(at: id.founded) { (earlier) throws(ViewFault) in
            try findSlots([], of: earlier, context, &slots)
        }
        var found: CustomerID?
        for (slot, _) in slots {
            guard let customer = identifiers[slot].holding(asOf: id.founded)?.customer else {
                continue
            }
            if let found, try person(of: found, context) != person(of: customer, context) {
                return nil
            }
            found = found ?? customer
        }
        return found
    }

    /// The slot of an identifier written `kind:value`, of the event's scope.
    mutating func identifier<Context: FoldContext & ~Copyable>(
        named name: RawSpan, _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) -> Int? {
        guard let colon = name.firstOffset(of: UInt8(ascii: ":")), colon > 0,
            colon <= EventLimits.identifierKindBytesMax,
            name.byteCount - colon - 1 <= EventLimits.identifierValueBytesMax
        else { return nil }
        beginKey(event)
        _ = writeKey(name.extracting(0..<colon), name.extracting(colon + 1..<name.byteCount))
        return try identifiers.slot(key, context)
    }
}

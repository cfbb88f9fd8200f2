internal import ContactCentre
internal import EventModel

/// What agrees or not, beside contact points: order numbers, names, birth dates.
///
/// Facts are kept as FNV-1a hashes of kind and value: 64 bits, the same in every process.
extension IdentityProjection {
    /// Reads the facts of an event: `facts`, `redactableFact`.
    mutating func findFacts(_ event: borrowing EventView) {
        facts.removeAll(keepingCapacity: true)
        if let order = event.bytes("order") { facts.append(Self.hash("order", order)) }
        redactableFact = Self.redactableFact(of: event)
        if let fact = redactableFact { facts.append(fact) }
    }

    /// What an event tells in its `value`; nil where it tells no such thing.
    private static func redactableFact(of event: borrowing EventView) -> UInt64? {
        guard let kind = IdentityView.factKind(of: event) else { return nil }
        guard let value = event.text("value") else {
            return event.hasRemnant ? gone(event) : nil
        }
        // What is masked agrees with nothing, whoever masked it.
        guard !value.utf8.contains(UInt8(ascii: "*")) else { return gone(event) }
        guard kind == .name else { return unsafe hash("birth", value.utf8Span.span.bytes) }
        // Capitals, accents, points and which name comes first differ between those who type.
        let words = NameLikeness.words(value).sorted { $0.lexicographicallyPrecedes($1) }
        guard !words.isEmpty else { return gone(event) }
        let letters = Array(words.joined(separator: [UInt8(ascii: " ")]))
        return unsafe hash("name", letters.span.bytes)
    }

    /// Takes what an event tells in its `value` from those who stay and of whom it told it.
    ///
    /// - Parameter stays: Whether the identifier of a number stays.
    mutating func loseFact<Context: FoldContext & ~Copyable>(
        of event: borrowing EventView, _ context: borrowing Context,
        ofIdentifiers stays: (_ number: Int) -> Bool = { _ in true }
    ) throws(ViewFault) {
        guard let fact = Self.redactableFact(of: event) else { return }
        var number = -1
        var walk = event.identifiers()
        while let identifier = walk.next() {
            number += 1
            let isTold = identifier.strength == .stated || identifier.strength == .verified
            guard identifier.role == .own, isTold, stays(number), !event.isSurrogate(identifier)
            else { continue }
            beginKey(event)
            guard !rules.traits(writeKey(identifier.kind, identifier.value)).isDevice else {
                continue
            }
            let slot = try identifiers.slot(key, context)
            guard !identifiers[slot].isEmpty else { continue }
            identifiers[changing: slot].lose(fact, leaving: Self.gone(event), at: event.position)
        }
    }

    /// What stands for a fact that is redacted, or some of it: something was told, and it agrees with
    /// nothing else. Whom it united before, events tell: `toldUnions`.
    private static func gone(_ event: borrowing EventView) -> UInt64 {
        var position: [UInt8] = []
        position.append(bigEndian: event.position.rawValue)
        return unsafe hash("gone", position.span.bytes)
    }

    /// Finds whom an event united by facts that are redacted.
    mutating func findToldUnions(_ event: borrowing EventView) {
        var walk = event.identifiers()
        while let identifier = walk.next() {
            guard event.isSurrogate(identifier), let holder = identifier.surrogates, holder.isUnion
            else { continue }
            toldUnions.append((holder.customer, holder.person))
        }
    }

    /// Whether the event united two customers by facts that are redacted.
    func isTold(_ left: CustomerID, _ right: CustomerID) -> Bool {
        toldUnions.contains { $0 == (left, right) || $0 == (right, left) }
    }

    /// Notes the facts with the identifiers that stand for a person.
    mutating func noteFacts() {
        for sight in sights where sight.strength == .stated || sight.strength == .verified {
            let known = identifiers[sight.slot].current?.facts ?? []
            let isKnown = facts.allSatisfy { fact in known.contains { $0.hash == fact } }
            guard !isKnown || redactableFact != nil else { continue }
            identifiers[changing: sight.slot].know(facts, redactableFact)
        }
    }

    /// The hash of an order number; what joins a guest's order to the account that opens it.
    static func hash(_ kind: StaticString, _ value: RawSpan) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func take(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        kind.withUTF8Buffer { bytes in
            for index in bytes.indices { take(unsafe bytes[index]) }
        }
        take(0)
        for offset in 0..<value.byteCount { take(value[offset]) }
        return hash
    }
}

/// What an event tells of a person in which two can agree.
enum FactKind {
    case name
    case birthDate
}

extension IdentityView {
    /// Which fact an event tells in its `value`; nil where it tells none that can be redacted.
    static func factKind(of event: borrowing EventView) -> FactKind? {
        guard event.type.equals("trait.set"), let name = event.bytes("name") else { return nil }
        if name.equals("name") || name.equals("full_name") { return .name }
        return name.equals("birth_date") ? .birthDate : nil
    }
}

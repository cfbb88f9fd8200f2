internal import ContactCentre
public import EventModel

/// What a list of suppressed names asks of the identity view.
extension IdentityView {
    /// Shows what an event calls its persons, each with the identifier's number there: scope, kind and
    /// value in the form that the rules give them, and as it was written where that is another.
    ///
    /// - Parameter rules: The rules that the log set; those for the event at `position` hold.
    public static func forEachName(
        of event: borrowing EventView, by rules: IdentityRulesHistory, at position: Position,
        _ body: (_ number: Int, _ role: IdentifierRole, _ name: [UInt8]) -> Void
    ) {
        let rules = rules.rules(forEventAt: position)
        var scope: [UInt8] = []
        if rules.hasScopes, let brand = event.bytes("brand") { scope = rules.scope(ofBrand: brand) }
        var (key, written, form): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        var number = -1
        var walk = event.identifiers()
        while let identifier = walk.next() {
            number += 1
            guard !event.isSurrogate(identifier) else { continue }
            IdentifierKey.begin(scope, &key)
            IdentifierKey.begin(scope, &written)
            _ = IdentifierKey.write(identifier.kind, identifier.value, by: rules, &form, to: &key)
            written.append(keyText: identifier.kind)
            written.append(keyText: identifier.value)
            body(number, identifier.role, key)
            if written != key { body(number, identifier.role, written) }
        }
    }
}

internal import EventModel

/// Keeps the definitions that the card reads.
struct DefinitionFold {
    private var definitions = Table<DefinitionRecord>()
    private var versions = RowChanges()
    private var key: [UInt8] = []
    private var versionKey: [UInt8] = []

    init() {}

    /// Tells whether an event defines something for the card: `definition.set` of the kinds
    /// `stages` (thresholds, key `default`), `signal` (by its word), `card` (a section's
    /// authentication level, by the section), `season` (by its name), `need` and `household` (key `default`), and
    /// `thresholds.published`.
    static func reads(_ event: borrowing EventView) -> Bool {
        if event.type.equals("thresholds.published") { return true }
        guard event.type.equals("definition.set"), let kind = event.bytes("kind") else {
            return false
        }
        return kind.equals("stages") || kind.equals("signal") || kind.equals("card")
            || kind.equals("season") || kind.equals("need") || kind.equals("household")
    }

    @inline(__always)
    mutating func apply<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        guard Self.reads(event), writeKey(event) else { return }
        let slot = try definitions.slot(key, context)
        define(event, slot)
        guard definitions[slot].position == event.position else { return }
        DefinitionVersionRow.writeKey(of: key, event.position, to: &versionKey)
        versions.put(versionKey, DefinitionVersionRow())
    }

    private mutating func writeKey(_ event: borrowing EventView) -> Bool {
        if event.bytes("values") != nil {
            key = DefinitionRecord.key("thresholds", "default")
            return true
        }
        guard let kind = event.bytes("kind"), let name = event.bytes("key") else { return false }
        DefinitionRecord.writeKey(kind, name, to: &key)
        return true
    }

    private mutating func define(_ event: borrowing EventView, _ slot: Int) {
        let name = event.text("version") ?? ""
        if let values = event.bytes("values") {
            definitions[changing: slot].define(values, named: name, at: event.position)
        } else if let body = event.bytes("body") {
            definitions[changing: slot].define(body, named: name, at: event.position)
        }
    }

    /// Hands over the changed rows in key order: the prefixes d, e.
    mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try definitions.takeChanges(body)
        try versions.take(body)
    }
}

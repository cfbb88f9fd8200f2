internal import ContactCentre
public import EventModel
internal import Synchronization

/// Reads the identity view.
public enum IdentityView {
    /// Returns the customer whom an identifier founded that is written `kind:value` or
    /// `scope/kind:value`; nil when it is nobody's, and for other text.
    ///
    /// - Parameter position: Whom it belonged to at that position; nil for the reader's own.
    public static func customer<Reader: ViewReader & ~Copyable>(
        of identifier: RawSpan, asOf position: Position? = nil, _ reader: borrowing Reader
    ) throws(ViewFault) -> CustomerID? {
        let position = position ?? reader.position
        guard let key = try key(of: identifier, asOf: position, reader) else { return nil }
        return try holder(key, asOf: position, reader)?.customer
    }

    /// Finds the customers that an event's own identifiers belong to as of its position, in the
    /// order of the identifiers, each once: what the other folds are given with the event.
    ///
    /// - Parameters:
    ///   - history: The rules, where they are at hand.
    ///   - memo: What was found in this view before; takes what is found now.
    ///   - found: Takes them, instead of what was in it.
    ///   - key: Room to work in.
    public static func findCustomers<Reader: ViewReader & ~Copyable>(
        of event: borrowing EventView, _ reader: borrowing Reader,
        by history: IdentityRulesHistory? = nil, knowing memo: HolderMemo? = nil,
        into found: inout [CustomerID], key: inout [UInt8]
    ) throws(ViewFault) {
        found.removeAll(keepingCapacity: true)
        if let known = memo?.customer(of: event) { return found.append(known) }
        let history = try Self.history(history, reader)
        var isLast = event.identifierCount == 1
        try forEachHolder(of: event, reader, history, &key) { (holder, _) throws(ViewFault) in
            let customer: CustomerID
            switch holder {
            case .surrogate(let surrogate):
                isLast = false
                customer = surrogate
            case .held(let known, _, let holdsToTheEnd):
                isLast = isLast && holdsToTheEnd
                customer = known
            }
            if !found.contains(customer) { found.append(customer) }
        }
        // Under other rules, or of another brand, the same identifier may be another's.
        guard let memo, isLast, let customer = found.first,
            history.since(forEventAt: reader.position) < event.position,
            !history.rules(forEventAt: event.position).hasScopes
        else { return }
        memo.note(customer, of: event, through: reader.position)
    }

    private static func history<Reader: ViewReader & ~Copyable>(
        _ known: IdentityRulesHistory?, _ reader: borrowing Reader
    ) throws(ViewFault) -> IdentityRulesHistory {
        if let known { return known }
        return try rules(reader)
    }

    /// Whose an identifier is as of its event.
    enum Holder {
        /// A customer, the group they were ever in, and whether no other holding begins later.
        case held(CustomerID, group: CustomerID?, isLast: Bool)
        /// Somebody who has been erased: their surrogate.
        case surrogate(CustomerID)
    }

    /// Shows whose an event's own identifiers are, with the number of each in the event.
    static func forEachHolder<Reader: ViewReader & ~Copyable>(
        of event: borrowing EventView, _ reader: borrowing Reader,
        _ history: IdentityRulesHistory, _ key: inout [UInt8],
        _ body: (Holder, _ number: Int) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        let rules = history.rules(forEventAt: event.position)
        var scope: [UInt8] = []
        var form: [UInt8] = []
        if rules.hasScopes, let brand = event.bytes("brand") { scope = rules.scope(ofBrand: brand) }
        var number = -1
        var walk = event.identifiers()
        while let identifier = walk.next() {
            number += 1
            guard identifier.role == .own else { continue }
            if event.isSurrogate(identifier) {
                guard let surrogate = identifier.surrogates else { continue }
                try body(.surrogate(surrogate.customer), number)
                continue
            }
            IdentifierKey.begin(scope, &key)
            _ = IdentifierKey.write(identifier.kind, identifier.value, by: rules, &form, to: &key)
            if let holder = try holder(key, asOf: event.position, reader),
                let customer = holder.customer
            {
                try body(
                    .held(customer, group: holder.group, isLast: holder.isLast), number)
            }
        }
    }

    private static func holder<Reader: ViewReader & ~Copyable>(
        _ key: [UInt8], asOf position: Position, _ reader: borrowing Reader
    ) throws(ViewFault) -> IdentifierRecord.Holder? {
        var found: IdentifierRecord.Holder?
        try reader.row(key) { (row) throws(ViewFault) in
            do throws(MalformedBytes) {
                found = try IdentifierRecord.holder(in: row, asOf: position)
            } catch {
                throw .damaged(error)
            }
        }
        return found
    }

    /// The rules that the log set, read once for each state of them.
    public static func rules<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> IdentityRulesHistory {
        let state = reader.sharedState
        if let state, let known = parsed.withLock({ $0.state == state ? $0.history : nil }) {
            return known
        }
        let row = try reader.row(IdentityDefinitions.key) ?? []
        let history = try history(row)
        parsed.withLock { $0 = (state, row, history) }
        return history
    }

    /// The rules that a row sets; those that the log has not changed for an empty one.
    private static func history(_ row: [UInt8]) throws(ViewFault) -> IdentityRulesHistory {
        let known = parsed.withLock { $0.row == row ? $0.history : nil }
        if let known { return known }
        guard !row.isEmpty, let definitions = try IdentityDefinitions.decoded(row) else {
            return IdentityRulesHistory()
        }
        return try IdentityRulesHistory(definitions)
    }

    /// What was read last, and of which state.
    private static let parsed = Mutex<
        (state: ViewState?, row: [UInt8], history: IdentityRulesHistory)
    >((nil, [], IdentityRulesHistory()))
}

public import EventModel

/// Cards as they were written last, for who asks again before anything has happened to the person:
/// followers whose view moves, wallboards, a second desk.
///
/// A card follows from rows that only events concerning the person change, and each of these changes
/// the row of the customer; from definitions; and from the clock, whose moments of change
/// `CardMoment` notes. One thread's.
public final class CardCache {
    /// What a card was written from, and what came of it.
    final class Entry {
        /// The state of the view in which it was last found to be right.
        var state: ViewState
        /// The customers' rows.
        let rows: CustomerRows
        let definitions: CardDefinitions
        let written: Timestamp
        /// When it has to be written anew.
        let changes: Timestamp
        /// The document behind the customer's name, and ages in it.
        let body: [UInt8]
        let ages: [CardMoment.Age]
        /// The least that one must see of persons for nothing in it to be hidden, as far as is known.
        var shownFrom: DataClass?

        init(
            state: ViewState, rows: CustomerRows, definitions: CardDefinitions,
            written: Timestamp, changes: Timestamp, body: [UInt8], ages: [CardMoment.Age]
        ) {
            self.state = state
            self.rows = rows
            self.definitions = definitions
            self.written = written
            self.changes = changes
            self.body = body
            self.ages = ages
        }

        func holds(at now: Timestamp) -> Bool { now >= written && now < changes }
    }

    /// Two generations: the older one goes when the younger is full.
    private var young: [CustomerID: Entry] = [:]
    private var old: [CustomerID: Entry] = [:]
    private var youngBytes = 0
    private let bytesMax: Int

    /// Makes an empty cache.
    public init(bytesMax: Int = ViewLimits.keptCardsBytesMax) { self.bytesMax = bytesMax }

    /// Returns a person's card if it is known of this state of the view and holds now: no row needs
    /// to be looked at.
    func entry(
        _ members: [CustomerID], _ ends: [IdentifierEnd], in state: ViewState, now: Timestamp
    ) -> Entry? {
        guard let entry = young[members[0]] ?? promoted(members[0]), entry.state == state,
            entry.holds(at: now), entry.rows.members == members, entry.rows.ends == ends
        else { return nil }
        return entry
    }

    /// Returns a person's card if it is what would be written now of these rows; it is known of
    /// their state then. One of another file may have been folded otherwise.
    func entry(
        _ rows: CustomerRows, _ definitions: CardDefinitions, in state: ViewState,
        now: Timestamp
    ) -> Entry? {
        let person = rows.members[0]
        guard let entry = young[person] ?? promoted(person), entry.state.file == state.file,
            entry.holds(at: now), entry.definitions.rows == definitions.rows,
            entry.rows.areSame(as: rows)
        else { return nil }
        entry.state = state
        return entry
    }

    /// Notes that nothing of a person's card is hidden from who sees so much of persons.
    public func note(shownFrom class: DataClass, of person: CustomerID) {
        young[person]?.shownFrom = `class`
    }

    /// How much one must see of persons for nothing of a person's card to be hidden, as far as is
    /// known.
    public func shownFrom(_ person: CustomerID) -> DataClass? { young[person]?.shownFrom }

    private func promoted(_ person: CustomerID) -> Entry? {
        guard let entry = old.removeValue(forKey: person) else { return nil }
        keep(entry)
        return entry
    }

    /// Keeps a person's card.
    func keep(_ entry: Entry) {
        if let known = young.updateValue(entry, forKey: entry.rows.members[0]) {
            youngBytes -= Self.bytes(known)
        }
        youngBytes += Self.bytes(entry)
        guard youngBytes > bytesMax / 2 else { return }
        old = young
        young = [:]
        youngBytes = 0
    }

    private static func bytes(_ entry: Entry) -> Int {
        entry.rows.bytes.count + entry.body.count + entry.ages.count * 24 + 300
    }

    /// How many cards are kept.
    var count: Int { young.count + old.count }
}

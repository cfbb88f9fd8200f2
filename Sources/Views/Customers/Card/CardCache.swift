internal import EventModel

/// Cards as they were written last, for who asks again before anything has happened to the person:
/// followers whose view moves, wallboards, a second desk.
///
/// A card follows from rows that only events concerning the person change, and each of these changes
/// the row of the customer; from definitions; and from the clock, whose moments of change
/// `CardMoment` notes. One thread's.
public final class CardCache {
    /// What a card was written from, and what came of it.
    struct Entry {
        /// The customers' rows.
        let rows: [UInt8]
        let definitions: CardDefinitions
        let written: Timestamp
        /// When it has to be written anew.
        let changes: Timestamp
        /// The document behind the customer's name, and ages in it.
        let body: [UInt8]
        let ages: [CardMoment.Age]
    }

    /// Two generations: the older one goes when the younger is full.
    private var young: [CustomerID: Entry] = [:]
    private var old: [CustomerID: Entry] = [:]
    private var youngBytes = 0
    private weak var file: AnyObject?
    private let bytesMax: Int

    /// Makes an empty cache.
    public init(bytesMax: Int = ViewLimits.keptCardsBytesMax) { self.bytesMax = bytesMax }

    /// Says which file the view is read from: cards of another, which was folded otherwise, go.
    public func use(_ file: AnyObject) {
        guard self.file !== file else { return }
        self.file = file
        young = [:]
        old = [:]
        youngBytes = 0
    }

    /// Returns a person's card if it is what would be written now.
    func entry(
        _ person: CustomerID, rows: [UInt8], _ definitions: CardDefinitions, now: Timestamp
    ) -> Entry? {
        guard let entry = young[person] ?? promoted(person),
            entry.definitions.rows == definitions.rows,
            now >= entry.written, now < entry.changes, entry.rows == rows
        else { return nil }
        return entry
    }

    private func promoted(_ person: CustomerID) -> Entry? {
        guard let entry = old.removeValue(forKey: person) else { return nil }
        keep(entry, of: person)
        return entry
    }

    /// Keeps a person's card.
    func keep(_ entry: Entry, of person: CustomerID) {
        if let known = young.updateValue(entry, forKey: person) { youngBytes -= Self.bytes(known) }
        youngBytes += Self.bytes(entry)
        guard youngBytes > bytesMax / 2 else { return }
        old = young
        young = [:]
        youngBytes = 0
    }

    private static func bytes(_ entry: Entry) -> Int {
        entry.rows.count + entry.body.count + entry.ages.count * 24 + 200
    }

    /// How many cards are kept.
    var count: Int { young.count + old.count }
}

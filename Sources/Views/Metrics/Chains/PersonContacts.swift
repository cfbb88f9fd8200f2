internal import EventModel

/// The interactions of one person put together to contacts, and contacts to tries.
///
/// A contact is a first interaction with the legs made out of it. A try is a contact by which the customer
/// reached out, with its redials: what they try again within ten minutes of the end of an abandoned or
/// dropped contact is the same try going on, no repeat.
struct PersonContacts {
    /// A contact by which the customer reached out, and what it went on with.
    struct Try {
        /// The first contact of it, by its place among the entries.
        let head: Int
        /// All contacts of it, rising.
        var contacts: [Int]
        /// Of all interactions of it.
        var reasons: [UInt64] = []
        var isTransferred = false
        var isResolved = false
        /// The first contact in which a person took it.
        var handled: Int?

        func shares(_ other: Try) -> Bool { reasons.contains { other.reasons.contains($0) } }
    }

    private static let redialMilliseconds: Int64 = 600_000

    let entries: [ChainEntry]
    /// For each entry the first one of its contact; nil where that is nobody's here.
    private var roots: [Int?]
    /// In the order in which they began.
    private(set) var tries: [Try] = []
    /// The contacts that go on with a try.
    private(set) var redials: [Int] = []

    init(_ entries: [ChainEntry]) {
        self.entries = entries
        roots = Array(entries.indices)
        let hasLinks = entries.contains { $0.link != 0 }
        let hashes = hasLinks ? entries.map(\.nameHash) : []
        if hasLinks { findRoots(hashes) }
        var tryOf = [Int?](repeating: nil, count: entries.count)
        for index in entries.indices where isTry(index, hashes) {
            if let lost = lostBefore(index, tryOf) {
                tries[lost].contacts.append(index)
                tryOf[index] = lost
                redials.append(index)
            } else {
                tryOf[index] = tries.count
                tries.append(Try(head: index, contacts: [index]))
            }
        }
        for index in entries.indices {
            guard let root = roots[index], let place = tryOf[root] else { continue }
            tries[place].reasons += entries[index].reasons
            if entries[index].has(.transferred) { tries[place].isTransferred = true }
            if entries[index].has(.resolved) { tries[place].isResolved = true }
            if entries[index].has(.handled), root < tries[place].handled ?? .max {
                tries[place].handled = root
            }
        }
    }

    /// A leg may be made out of a leg.
    private mutating func findRoots(_ hashes: [UInt64]) {
        for index in entries.indices where !entries[index].has(.contact) {
            var root: Int? = index
            var steps = 0
            while let place = root, !entries[place].has(.contact) {
                let link = entries[place].link
                steps += 1
                root = steps > 8 ? nil : hashes.firstIndex(of: link)
            }
            roots[index] = root
        }
    }

    /// Whether the customer reached out, and not in answer to us.
    private func isTry(_ index: Int, _ hashes: [UInt64]) -> Bool {
        let entry = entries[index]
        guard entry.has(.inbound), entry.has(.contact) else { return false }
        guard entry.link != 0, let place = hashes.firstIndex(of: entry.link) else { return true }
        return !entries[place].has(.outbound)
    }

    /// The try that was lost shortly before an entry began.
    private func lostBefore(_ index: Int, _ tryOf: [Int?]) -> Int? {
        let created = entries[index].created
        var found: Int?
        for (place, entry) in entries.enumerated() {
            guard entry.has(.abandoned) || entry.has(.dropped), let ended = entry.ended,
                ended <= created, created - ended <= Self.redialMilliseconds,
                let root = roots[place], root < index, let lost = tryOf[root]
            else { continue }
            found = max(found ?? lost, lost)
        }
        return found
    }

    /// Whether an entry is the first of its contact.
    func isFirst(_ index: Int) -> Bool { entries[index].has(.contact) }

    /// The interactions of a contact that have a flag.
    func legs(of contact: Int, _ flag: ChainEntry.Flags) -> [ChainEntry] {
        entries.indices.filter { roots[$0] == contact && entries[$0].has(flag) }
            .map { entries[$0] }
    }
}

internal import EventModel

/// The interactions of one person put together to contacts, and contacts to tries.
///
/// A contact is a first interaction with the legs made out of it. A try is a contact by which the customer
/// reached out, with its redials: what they try again within ten minutes after they were gone from an
/// abandoned or dropped contact is the same try going on, no repeat.
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
    /// Of the entries' names; empty where none names another.
    let places: [UInt64: Int]
    /// For each entry the first one of its contact; nil where that is nobody's here.
    private var roots: [Int?]
    /// In the order in which they began.
    private(set) var tries: [Try] = []
    /// The contacts that go on with a try.
    private(set) var redials: [Int] = []
    /// By contact the last interaction of it that was abandoned, and that was dropped; empty where none was.
    private var abandoned: [Int: Int] = [:]
    private var dropped: [Int: Int] = [:]

    init(_ entries: [ChainEntry]) {
        self.entries = entries
        roots = Array(entries.indices)
        places = Self.places(entries)
        if !places.isEmpty { findRoots() }
        let lost = findLost()
        var tryOf = [Int?](repeating: nil, count: entries.count)
        for index in entries.indices where isTry(index) {
            if let lost = lost.isEmpty ? nil : tryLost(before: index, lost, tryOf) {
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

    /// Where each interaction stands, by the hash of its name; empty where none names another.
    static func places(_ entries: [ChainEntry]) -> [UInt64: Int] {
        guard entries.contains(where: { $0.link != 0 }) else { return [:] }
        return Dictionary(
            entries.indices.map { (entries[$0].nameHash, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// A leg may be made out of a leg.
    private mutating func findRoots() {
        for index in entries.indices where !entries[index].has(.contact) {
            var root: Int? = index
            var steps = 0
            while let place = root, !entries[place].has(.contact) {
                let link = entries[place].link
                steps += 1
                root = steps > 8 ? nil : places[link]
            }
            roots[index] = root
        }
    }

    /// Notes what was abandoned or dropped.
    ///
    /// - Returns: When the customer was gone from each, and its contact, by time.
    private mutating func findLost() -> [(moment: Timestamp, root: Int)] {
        var lost: [(moment: Timestamp, root: Int)] = []
        for index in entries.indices {
            let entry = entries[index]
            guard entry.has(.abandoned) || entry.has(.dropped), let root = roots[index] else {
                continue
            }
            if entry.has(.abandoned) { abandoned[root] = index }
            if entry.has(.dropped) { dropped[root] = index }
            if let moment = entry.lost { lost.append((moment, root)) }
        }
        lost.sort { $0.moment < $1.moment }
        return lost
    }

    /// Whether the customer reached out, and not in answer to us.
    private func isTry(_ index: Int) -> Bool {
        let entry = entries[index]
        guard entry.has(.inbound), entry.has(.contact) else { return false }
        guard entry.link != 0, let place = places[entry.link] else { return true }
        return !entries[place].has(.outbound)
    }

    /// The try that was lost shortly before an entry began.
    private func tryLost(
        before index: Int, _ lost: [(moment: Timestamp, root: Int)], _ tryOf: [Int?]
    ) -> Int? {
        let created = entries[index].created
        var found: Int?
        var (low, high) = (0, lost.count)
        while low < high {
            let middle = (low + high) / 2
            if lost[middle].moment <= created { low = middle + 1 } else { high = middle }
        }
        for entry in lost[..<low].reversed() {
            guard created - entry.moment <= Self.redialMilliseconds else { break }
            guard entry.root < index, let lost = tryOf[entry.root] else { continue }
            found = max(found ?? lost, lost)
        }
        return found
    }

    /// Whether an entry is the first of its contact.
    func isFirst(_ index: Int) -> Bool { entries[index].has(.contact) }

    /// The last interaction of a contact that was abandoned.
    func abandoned(of contact: Int) -> ChainEntry? { abandoned[contact].map { entries[$0] } }

    /// The last interaction of a contact that was dropped.
    func dropped(of contact: Int) -> ChainEntry? { dropped[contact].map { entries[$0] } }

    /// Whether the customer reached out by another contact within a time of the beginning of one.
    func isFollowed(_ index: Int, within milliseconds: Int64) -> Bool {
        let entry = entries[index]
        var first = index
        while first > 0, entries[first - 1].created == entry.created { first -= 1 }
        for other in entries[first...] {
            guard other.created - entry.created <= milliseconds else { return false }
            if other.name != entry.name, other.has(.inbound), other.has(.contact) { return true }
        }
        return false
    }
}

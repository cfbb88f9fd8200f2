internal import EventModel
internal import Views

/// Rows of a view that are others once a round of erasures is carried out.
struct RowReplacements {
    /// A row before and after; nil where there is none.
    struct Replacement {
        let key: [UInt8]
        let before: [UInt8]?
        let after: [UInt8]?
    }

    /// In key order.
    private(set) var rows: [Replacement] = []
    /// Those of kept states.
    private(set) var states: [Position: [Replacement]] = [:]

    /// What they take.
    private(set) var byteCount = 0

    /// Replaces none.
    init() {}

    /// Holds the rows of events as they are against those of events as the round leaves them.
    init(_ before: PastRows, _ after: PastRows) {
        var (left, right) = (0, 0)
        while left < before.count || right < after.count {
            let key: [UInt8]
            if left == before.count {
                key = after.keys[right]
            } else if right == after.count {
                key = before.keys[left]
            } else {
                key =
                    after.keys[right].lexicographicallyPrecedes(before.keys[left])
                    ? after.keys[right] : before.keys[left]
            }
            var (old, new): ([UInt8]?, [UInt8]?)
            if left < before.count, before.keys[left] == key {
                old = before.rows[left]
                left += 1
            }
            if right < after.count, after.keys[right] == key {
                new = after.rows[right]
                right += 1
            }
            guard old != new else { continue }
            rows.append(Replacement(key: key, before: old, after: new))
            byteCount += key.count + (old?.count ?? 0) + (new?.count ?? 0)
        }
    }

    /// Adds those of other events.
    ///
    /// - Returns: Whether no row is replaced by both: which of them would be right is not known.
    mutating func add(_ other: RowReplacements) -> Bool {
        guard let merged = Self.merged(rows, other.rows) else { return false }
        rows = merged
        for (position, more) in other.states {
            guard let merged = Self.merged(states[position] ?? [], more) else { return false }
            states[position] = merged
        }
        byteCount += other.byteCount
        return true
    }

    private static func merged(_ left: [Replacement], _ right: [Replacement]) -> [Replacement]? {
        guard !left.isEmpty else { return right }
        var (merged, place): ([Replacement], Int) = ([], 0)
        merged.reserveCapacity(left.count + right.count)
        for replacement in right {
            while place < left.count, left[place].key.lexicographicallyPrecedes(replacement.key) {
                merged.append(left[place])
                place += 1
            }
            if place < left.count, left[place].key == replacement.key { return nil }
            merged.append(replacement)
        }
        return merged + left[place...]
    }

    /// Takes those of a kept state.
    mutating func take(_ state: [Replacement], at position: Position) { states[position] = state }

    /// The row that is replaced under a key, or nil. Complexity: O(log n).
    func replacement(_ key: [UInt8]) -> Replacement? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].key.lexicographicallyPrecedes(key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < rows.count && rows[low].key == key ? rows[low] : nil
    }

    /// Whether a view has all of the rows that are replaced, and none of those that come.
    func fit(_ view: borrowing ViewSnapshot) throws(ViewFault) -> Bool {
        for replacement in rows where try view.row(replacement.key) != replacement.before {
            return false
        }
        return true
    }

    /// Whether all rows of some customers, who are erased, are replaced.
    func takeAll<Fold: Projection & ~Copyable>(
        of customers: Set<CustomerID>, _ view: borrowing ViewSnapshot, _: Fold.Type
    ) throws(ViewFault) -> Bool {
        for customer in customers {
            let (start, end) = Fold.rows(of: customer)
            var isReplaced = true
            try view.rows(from: start, below: end) { (key, _) in
                isReplaced = replacement(key.copied()) != nil
                return isReplaced
            }
            guard isReplaced else { return false }
        }
        return true
    }
}

/// Rows that kept states hold, of two folds side by side.
struct KeptPairs {
    private var before: [[UInt8]: [UInt8]] = [:]
    private var after: [[UInt8]: [UInt8]] = [:]
    private var differing: Set<[UInt8]> = []

    /// Takes a changed row of the events as they are.
    mutating func put(before row: [UInt8]?, under key: [UInt8]) {
        before[key] = row
        look(key)
    }

    /// Takes a changed row of the events as they will be.
    mutating func put(after row: [UInt8]?, under key: [UInt8]) {
        after[key] = row
        look(key)
    }

    private mutating func look(_ key: [UInt8]) {
        if before[key] == after[key] { differing.remove(key) } else { differing.insert(key) }
    }

    /// Those that differ now, in key order.
    var replacements: [RowReplacements.Replacement] {
        differing.sorted { $0.lexicographicallyPrecedes($1) }.map {
            RowReplacements.Replacement(key: $0, before: before[$0], after: after[$0])
        }
    }
}

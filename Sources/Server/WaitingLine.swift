/// Those who wait, found by their reader in constant time, and let go in the order in which they came.
struct WaitingLine<Waiter> {
    private var waiters: [ObjectIdentifier: (number: UInt64, waiter: Waiter)] = [:]
    private var next: UInt64 = 0

    /// How many there are.
    var count: Int { waiters.count }

    /// Has a reader wait, which must not do so already.
    mutating func add(_ waiter: Waiter, of reader: AnyObject) {
        let before = waiters.updateValue((next, waiter), forKey: ObjectIdentifier(reader))
        precondition(before == nil, "a reader waits for one thing at a time")
        next += 1
    }

    /// Takes a reader's out; nil where it does not wait.
    mutating func take(of reader: AnyObject) -> Waiter? {
        waiters.removeValue(forKey: ObjectIdentifier(reader))?.waiter
    }

    /// Takes out those of whom `isOver` says so, in the order in which they came.
    ///
    /// - Complexity: O(n + k log k) for k of n.
    mutating func take(where isOver: (Waiter) -> Bool) -> [Waiter] {
        var over: [(reader: ObjectIdentifier, number: UInt64, waiter: Waiter)] = []
        for (reader, place) in waiters where isOver(place.waiter) {
            over.append((reader, place.number, place.waiter))
        }
        // Sorted before they are taken out: in the order of a hash table that would cost each of them
        // the moving of many others.
        over.sort { $0.number < $1.number }
        for place in over { waiters[place.reader] = nil }
        return over.map(\.waiter)
    }
}

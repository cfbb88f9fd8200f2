internal import EventModel

/// Keeps the interactions of customers and threads and which customers are one person, and what both
/// have changed in figures since the fold settled.
///
/// A chain stays with its customer, and what its person's figures are is computed of the chains of
/// all of their customers: who is united and parted again has the figures from before.
struct ChainFold {
    /// What a person or a thread added to figures before, and adds now.
    struct Step {
        let before: [MetricFact]
        let after: [MetricFact]
    }

    private var chains = Table<ChainRow>()
    /// What a chain says: its figures, and of a person who goes on with threads that are named elsewhere.
    private struct Said {
        var facts: [MetricFact] = []
        var followers: [LinkedThreads.Follower] = []
    }

    /// Persons and threads that have changed, and what they said before.
    private var touched: [(slot: Int, said: Said)] = []
    private var key: [UInt8] = []

    init() {}

    /// Says that the view has no chains yet.
    mutating func beginEmpty() { chains.beginEmpty() }

    /// Takes a customer to another person, with all customers whose person they were.
    mutating func move<Context: FoldContext & ~Copyable>(
        _ move: PersonMove, _ context: borrowing Context
    ) throws(ViewFault) {
        let slot = try slot(of: move.customer, context)
        let old = chains[slot].person ?? move.customer
        var new = move.customer
        if move.person != move.customer {
            // Of those who were erased an event says the person as of then, who may be another's now.
            let place = try self.slot(of: move.person, context)
            new = chains[place].person ?? move.person
        }
        guard old != new else { return }
        let (from, to) = (try self.slot(of: old, context), try self.slot(of: new, context))
        try touch(from, context)
        try touch(to, context)
        let followers = old == move.customer ? chains[from].members : []
        for customer in [move.customer] + followers {
            let own = try self.slot(of: customer, context)
            chains[changing: own].person = customer == new ? nil : new
            chains[changing: from].members.removeAll { $0 == customer }
            guard customer != new else { continue }
            let place = chains[to].members.firstIndex { $0 > customer }
            chains[changing: to].members.insert(customer, at: place ?? chains[to].members.count)
        }
    }

    /// Puts an interaction into the chain of a customer, or takes it out.
    mutating func change<Context: FoldContext & ~Copyable>(
        _ entry: ChainEntry, isIn: Bool, of customer: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) {
        let slot = try slot(of: customer, context)
        guard chains[slot].isChanged(by: entry, isIn: isIn) else { return }
        var person = slot
        if let other = chains[slot].person { person = try self.slot(of: other, context) }
        try touch(person, context)
        change(entry, isIn, slot)
    }

    /// Puts an interaction into the chain of a thread, or takes it out.
    mutating func change<Context: FoldContext & ~Copyable>(
        _ entry: ChainEntry, isIn: Bool, ofThread thread: String, _ context: borrowing Context
    ) throws(ViewFault) {
        ChainKey.write(thread: thread, to: &key)
        let slot = try chains.slot(key, context)
        guard chains[slot].isChanged(by: entry, isIn: isIn) else { return }
        try touch(slot, context)
        change(entry, isIn, slot)
    }

    private mutating func change(_ entry: ChainEntry, _ isIn: Bool, _ slot: Int) {
        if isIn {
            chains[changing: slot].insert(entry)
        } else {
            chains[changing: slot].remove(entry)
        }
    }

    /// Returns what has changed since the last call.
    mutating func settle<Context: FoldContext & ~Copyable>(
        _ context: borrowing Context
    ) throws(ViewFault) -> [Step] {
        var steps: [Step] = []
        var next = 0
        // Threads come behind the persons whose interactions go on with them.
        while next < touched.count {
            let change = touched[next]
            next += 1
            chains[unstored: change.slot].isTouched = false
            let after = try said(change.slot, context)
            if change.said.followers != after.followers {
                try move(change.said.followers, after.followers, context)
            }
            steps.append(Step(before: change.said.facts, after: after.facts))
        }
        touched.removeAll(keepingCapacity: true)
        return steps
    }

    /// Takes interactions out of the threads they went on with, and puts them into those they go on with.
    private mutating func move<Context: FoldContext & ~Copyable>(
        _ before: [LinkedThreads.Follower], _ after: [LinkedThreads.Follower],
        _ context: borrowing Context
    ) throws(ViewFault) {
        for follower in before where !after.contains(follower) {
            try change(follower.entry, isIn: false, ofThread: follower.thread, context)
        }
        for follower in after where !before.contains(follower) {
            try change(follower.entry, isIn: true, ofThread: follower.thread, context)
        }
    }

    private mutating func slot<Context: FoldContext & ~Copyable>(
        of customer: CustomerID, _ context: borrowing Context
    ) throws(ViewFault) -> Int {
        ChainKey.write(person: customer, to: &key)
        return try chains.slot(key, context)
    }

    private mutating func touch<Context: FoldContext & ~Copyable>(
        _ slot: Int, _ context: borrowing Context
    ) throws(ViewFault) {
        guard !chains[slot].isTouched else { return }
        touched.append((slot, try said(slot, context)))
        chains[unstored: slot].isTouched = true
    }

    /// What a person or a thread says; of a customer who is another's nothing is asked.
    private mutating func said<Context: FoldContext & ~Copyable>(
        _ slot: Int, _ context: borrowing Context
    ) throws(ViewFault) -> Said {
        guard ChainKey.isPerson(chains.key(slot)) else {
            return Said(facts: ThreadFacts.facts(of: chains[slot].entries))
        }
        guard chains[slot].person == nil else { return Said() }
        let members = chains[slot].members
        guard !members.isEmpty else { return said(chains[slot].entries) }
        var all = [chains[slot].entries]
        for member in members {
            // Looked for first: the table is read before what stands between its brackets.
            let own = try self.slot(of: member, context)
            all.append(chains[own].entries)
        }
        return said(PersonChain.entries(of: all))
    }

    private func said(_ entries: [ChainEntry]) -> Said {
        Said(
            facts: PersonFacts.facts(of: entries),
            followers: LinkedThreads.followers(of: entries))
    }

    /// Hands over the changed chains in key order: the prefix p.
    mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) { try chains.takeChanges(body) }
}

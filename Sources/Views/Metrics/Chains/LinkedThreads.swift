internal import EventModel

/// Interactions that name no thread, but another interaction of the customer's: they go on with its thread.
///
/// By itself such an interaction is a thread, and so is the one it goes on with: what they say alone is
/// taken back. Where the other names a thread, they are put among the interactions of that; else the whole
/// stands in their place here. So nothing has to be looked for where an interaction names nobody, in
/// whatever order they come.
enum LinkedThreads {
    /// An interaction that goes on with a thread that it does not name.
    struct Follower: Equatable {
        var entry: ChainEntry
        let thread: String
    }

    /// The followers of named threads among a person's interactions.
    static func followers(of entries: [ChainEntry]) -> [Follower] {
        guard entries.contains(where: { $0.link != 0 && $0.thread.isEmpty }) else { return [] }
        let heads = heads(of: entries, PersonContacts.places(entries))
        return entries.indices.compactMap { index in
            guard let thread = thread(of: index, entries, heads) else { return nil }
            var entry = entries[index]
            entry.flags.insert(.follows)
            return Follower(entry: entry, thread: thread)
        }
    }

    /// The thread that an interaction goes on with and does not name; nil for others.
    static func thread(of name: String, among entries: [ChainEntry]) -> String? {
        guard let index = entries.firstIndex(where: { $0.name == name }) else { return nil }
        return thread(of: index, entries, heads(of: entries, PersonContacts.places(entries)))
    }

    /// The interactions of a thread that nobody names, that of `entry`.
    static func unnamed(with entry: ChainEntry, among entries: [ChainEntry]) -> [ChainEntry] {
        guard entries.contains(where: { $0.link != 0 }),
            let index = entries.firstIndex(where: { $0.name == entry.name })
        else { return [entry] }
        let heads = heads(of: entries, PersonContacts.places(entries))
        return entries.indices.filter {
            entries[$0].thread.isEmpty && heads[$0] == heads[index]
        }.map { entries[$0] }
    }

    private static func thread(
        of index: Int, _ entries: [ChainEntry], _ heads: [Int]
    ) -> String? {
        let head = heads[index]
        return head == index || entries[head].thread.isEmpty ? nil : entries[head].thread
    }

    /// Returns what linked interactions change in the figures of threads that nobody names, or those facts
    /// of it that are filed where the interaction of that name is.
    ///
    /// - Parameter places: Where the entries stand, by the hashes of their names.
    static func facts(
        of entries: [ChainEntry], _ places: [UInt64: Int], only name: String?
    ) -> [MetricFact] {
        var facts: [MetricFact] = []
        func takeBack(_ entry: ChainEntry) {
            for fact in ThreadFacts.facts(of: [entry], only: name) {
                var back = fact
                back.isTakenBack = true
                facts.append(back)
            }
        }
        let heads = heads(of: entries, places)
        var members = [[Int]](repeating: [], count: entries.count)
        for (index, head) in heads.enumerated() { members[head].append(index) }
        for (index, head) in heads.enumerated() where entries[index].thread.isEmpty {
            if head == index, members[index].count == 1 { continue }
            takeBack(entries[index])
            guard head == index else { continue }
            facts += ThreadFacts.facts(of: members[index].map { entries[$0] }, only: name)
        }
        return facts
    }

    /// Where the thread of each entry begins: the one that it goes on with, as far as none names a thread.
    /// Of interactions that go on with each other it is the first.
    private static func heads(of entries: [ChainEntry], _ places: [UInt64: Int]) -> [Int] {
        var heads = [Int?](repeating: nil, count: entries.count)
        var walks = [Int](repeating: -1, count: entries.count)
        for start in entries.indices where heads[start] == nil {
            var path: [Int] = []
            var place = start
            var head: Int?
            while head == nil {
                if let known = heads[place] {
                    head = known
                } else if walks[place] == start {
                    head = path[(path.firstIndex(of: place) ?? 0)...].min()
                } else {
                    walks[place] = start
                    path.append(place)
                    let entry = entries[place]
                    if entry.thread.isEmpty, entry.link != 0, let next = places[entry.link],
                        next != place
                    {
                        place = next
                    } else {
                        head = place
                    }
                }
            }
            for place in path { heads[place] = head }
        }
        return heads.enumerated().map { $1 ?? $0 }
    }

    /// Takes away what cancels: a fact that is taken back, and the fact itself.
    static func cancelled(_ facts: [MetricFact]) -> [MetricFact] {
        guard facts.contains(where: \.isTakenBack) else { return facts }
        var kept = facts.filter { !$0.isTakenBack }
        for back in facts where back.isTakenBack {
            var fact = back
            fact.isTakenBack = false
            if let place = kept.firstIndex(of: fact) {
                kept.remove(at: place)
            } else {
                kept.append(back)
            }
        }
        return kept
    }
}

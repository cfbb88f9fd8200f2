internal import EventLog
internal import EventModel
internal import Views

/// Erasures of a round that touch each other's events, and what they touch: their rows follow from those
/// events, whatever the others of the round take.
struct RoundPortion {
    private(set) var erasures: [Erasure]
    /// The events of which something goes.
    private(set) var changing: Set<Position>
    var touched: TouchedEvents

    /// Begins with one.
    ///
    /// - Parameters:
    ///   - changing: The events of which it takes something.
    ///   - most: The most events that it may touch.
    init(_ erasure: Erasure, _ changing: [Position], most: Int) {
        touched = TouchedEvents(most: most)
        erasures = [erasure]
        self.changing = Set(changing)
        // Folds that come to an erasure look at its events.
        touched.take(erasure.position)
    }

    mutating func join(_ other: RoundPortion) {
        erasures += other.erasures
        changing.formUnion(other.changing)
        touched.formUnion(other.touched)
    }
}

extension [RoundPortion] {
    /// Puts those together that touch each other, and of the others as many as are folded at once.
    ///
    /// - Parameters:
    ///   - recent: Events that not all views have seen; each portion takes them, but for those of other
    ///     portions.
    ///   - most: How many events are folded at once.
    func packed(with recent: [Position], most: Int) -> [RoundPortion] {
        var owners: [Position: Int] = [:]
        var leaders = Array<Int>(indices)
        func leader(_ place: Int) -> Int {
            var place = place
            while leaders[place] != place { place = leaders[place] }
            return place
        }
        func join(_ one: Int, _ other: Int) {
            let pair = (leader(one), leader(other))
            leaders[Swift.max(pair.0, pair.1)] = Swift.min(pair.0, pair.1)
        }
        for (place, portion) in enumerated() {
            for position in portion.changing.union(portion.erasures.map(\.position)) {
                if let owner = owners[position] {
                    join(owner, place)
                } else {
                    owners[position] = place
                }
            }
        }
        for (place, portion) in enumerated() {
            for position in portion.touched.positions {
                if let owner = owners[position] { join(owner, place) }
            }
        }
        var joined: [Int: RoundPortion] = [:]
        for (place, portion) in enumerated() {
            let first = leader(place)
            if joined[first] == nil {
                joined[first] = portion
            } else {
                joined[first]?.join(portion)
            }
        }
        var packed: [RoundPortion] = []
        for (_, portion) in joined.sorted(by: { $0.key < $1.key }) {
            let room = most - recent.count
            let known = packed.last?.touched.positions.count ?? .max / 2
            if known + portion.touched.positions.count <= room {
                packed[packed.count - 1].join(portion)
            } else {
                packed.append(portion)
            }
        }
        for place in packed.indices {
            let own = packed[place].changing.union(packed[place].erasures.map(\.position))
            for position in recent where owners[position] == nil || own.contains(position) {
                packed[place].touched.take(position)
            }
        }
        return packed
    }
}

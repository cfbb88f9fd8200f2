/// Things that come and go, each in a slot that a later one takes over: as much room as there were
/// at once, not as there were in all.
struct Pool<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var free: [Int] = []

    /// How many are in it.
    var count: Int { elements.count - free.count }

    /// How many slots there are.
    var slots: Int { elements.count }

    /// The slots that are taken, lowest first. Complexity: O(slots).
    var occupied: [Int] {
        let free = Set(free)
        return elements.indices.filter { !free.contains($0) }
    }

    mutating func insert(_ element: Element) -> Int {
        guard let slot = free.popLast() else {
            elements.append(element)
            return elements.count - 1
        }
        elements[slot] = element
        return slot
    }

    mutating func remove(_ slot: Int) { free.append(slot) }

    subscript(slot: Int) -> Element {
        get { elements[slot] }
        _modify { yield &elements[slot] }
    }
}

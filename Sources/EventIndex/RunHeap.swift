/// The runs that are being merged, the one with the lowest entry first; of equal entries the older
/// run comes first, so that positions stay in order.
struct RunHeap<Key: Comparable> {
    private struct Item {
        var key: Key
        var run: Int

        static func < (left: Item, right: Item) -> Bool {
            left.key != right.key ? left.key < right.key : left.run < right.run
        }
    }

    private var items: [Item] = []

    /// The run whose entry is the lowest, nil when all are at their end.
    var lowest: Int? { items.first?.run }

    mutating func insert(_ key: Key, run: Int) {
        items.append(Item(key: key, run: run))
        var place = items.count - 1
        while place > 0, items[place] < items[(place - 1) / 2] {
            items.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Gives the lowest run its next entry; without one it leaves.
    mutating func replaceLowest(_ key: Key?) {
        if let key {
            items[0].key = key
        } else {
            items.swapAt(0, items.count - 1)
            items.removeLast()
        }
        var place = 0
        while true {
            var child = place * 2 + 1
            guard child < items.count else { return }
            if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
            guard items[child] < items[place] else { return }
            items.swapAt(place, child)
            place = child
        }
    }
}

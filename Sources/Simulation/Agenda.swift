/// What will happen and when: a binary heap by (time, order of scheduling), so that equal times
/// keep their order and a run is the same every time.
struct Agenda: Sendable {
    private struct Entry {
        let time: Int64
        let order: UInt64
        let action: Action

        func isBefore(_ other: Entry) -> Bool {
            time != other.time ? time < other.time : order < other.order
        }
    }

    private var heap: [Entry] = []
    private var scheduled: UInt64 = 0

    /// How much is planned.
    var count: Int { heap.count }

    /// The time of what comes next, in milliseconds since 1970.
    var nextTime: Int64? { heap.first?.time }

    mutating func schedule(_ action: Action, at time: Int64) {
        let entry = Entry(time: time, order: scheduled, action: action)
        scheduled += 1
        heap.append(entry)
        var index = heap.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard entry.isBefore(heap[parent]) else { break }
            heap[index] = heap[parent]
            index = parent
        }
        heap[index] = entry
    }

    mutating func removeNext() -> (time: Int64, action: Action)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty { sink(last) }
        return (first.time, first.action)
    }

    private mutating func sink(_ entry: Entry) {
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(entry) else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = entry
    }
}

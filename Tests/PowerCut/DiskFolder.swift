/// A folder of the simulated disk. What is made, renamed or removed in it is durable once the
/// folder itself has been flushed, and may be on disk before, each change by itself.
final class DiskFolder {
    enum Node {
        case file(DiskFile)
        case folder(DiskFolder)
    }

    /// One change: names and what they stand for after it.
    private struct Change {
        let entries: [(name: String, node: Node?)]
        var isDurable = false
    }

    private var durable: [String: Node] = [:]
    private var changes: [Change] = []
    private var settled = 0
    /// What running programs see.
    private(set) var seen: [String: Node] = [:]

    func set(_ entries: [(name: String, node: Node?)]) {
        changes.append(Change(entries: entries))
        for entry in entries { seen[entry.name] = entry.node }
    }

    func flushPoint() -> Set<Int> { Set(changes.indices.map { $0 + settled }) }

    func flushEnded(_ point: Set<Int>) {
        for index in changes.indices where point.contains(index + settled) {
            changes[index].isDurable = true
        }
        while let first = changes.first, first.isDurable {
            for entry in first.entries { durable[entry.name] = entry.node }
            changes.removeFirst()
            settled += 1
        }
    }

    /// Returns what the disk may hold if the power goes now.
    func image(_ choice: inout Choice) -> [String: Node] {
        var image = durable
        choice.beginFile(changes: changes.count)
        for (index, change) in changes.enumerated()
        where change.isDurable || choice.keepsChange(index) {
            for entry in change.entries { image[entry.name] = entry.node }
        }
        return image
    }
}

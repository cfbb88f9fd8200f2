/// A file of the simulated disk: what is durable, and what has been asked for since.
///
/// The disk writes sectors of 512 bytes, each whole or not. Whenever it writes one, it writes what
/// the file then held there; so a sector holds what it held after some number of the writes to it,
/// and never fewer than are durable.
final class DiskFile {
    static let sector = 512

    private struct Change {
        enum What {
            case write(offset: Int, bytes: [UInt8])
            case cut(length: Int)
        }

        let what: What
        let serial: UInt64
        /// Whether the call has returned.
        var hasEnded: Bool
        var isDurable = false
    }

    private var durable: [UInt8] = []
    private var changes: [Change] = []
    /// How many changes are part of `durable` and no longer in the list.
    private var settled = 0

    /// Whether the disk may hold anything but one image.
    var isSettled: Bool { changes.isEmpty }

    func write(_ bytes: [UInt8], at offset: Int, serial: UInt64) {
        changes.append(
            Change(what: .write(offset: offset, bytes: bytes), serial: serial, hasEnded: false))
    }

    func cut(to length: Int) {
        changes.append(Change(what: .cut(length: length), serial: 0, hasEnded: true))
    }

    /// Notes that a write has returned having written so many bytes.
    func writeEnded(_ serial: UInt64, count: Int, isDurable: Bool) {
        guard let index = changes.lastIndex(where: { $0.serial == serial }),
            case .write(let offset, let bytes) = changes[index].what
        else { return }
        let kept = Array(bytes.prefix(max(0, count)))
        changes[index] = Change(
            what: .write(offset: offset, bytes: kept), serial: serial, hasEnded: true,
            isDurable: isDurable)
        settle()
    }

    /// What a flush that begins now will have made durable: the writes that have returned.
    func flushPoint() -> Set<Int> {
        Set(changes.indices.filter { changes[$0].hasEnded }.map { $0 + settled })
    }

    func flushEnded(_ point: Set<Int>) {
        for index in changes.indices where point.contains(index + settled) {
            changes[index].isDurable = true
        }
        settle()
    }

    private func settle() {
        while let first = changes.first, first.isDurable {
            Self.apply(first.what, to: &durable) { _ in true }
            changes.removeFirst()
            settled += 1
        }
    }

    /// Returns what the disk may hold if the power goes now.
    func image(_ choice: inout Choice) -> [UInt8] {
        guard !changes.isEmpty else { return durable }
        var until = [Int](repeating: -1, count: changes.map(Self.end).reduce(0, max) / 512 + 1)
        choice.beginFile(changes: changes.count)
        for (index, change) in changes.enumerated() {
            guard case .write(let offset, let bytes) = change.what, !bytes.isEmpty else { continue }
            choice.beginWrite(index)
            for sector in offset / Self.sector...(offset + bytes.count - 1) / Self.sector
            where change.isDurable || choice.keepsSector(index) {
                until[sector] = index
            }
        }
        var image = durable
        var end = 0
        for (index, change) in changes.enumerated() {
            if case .cut = change.what, !change.isDurable, !choice.keepsChange(index) { continue }
            end = max(end, Self.end(change))
            Self.apply(change.what, to: &image) { until[$0] >= index }
        }
        // The length may be on disk before the bytes are.
        if choice.keepsLength(), image.count < end {
            image += [UInt8](repeating: 0, count: end - image.count)
        }
        return image
    }

    private static func end(_ change: Change) -> Int {
        switch change.what {
        case .write(let offset, let bytes): offset + bytes.count
        case .cut(let length): length
        }
    }

    private static func apply(
        _ what: Change.What, to image: inout [UInt8], sector isKept: (Int) -> Bool
    ) {
        switch what {
        case .cut(let length):
            if length <= image.count {
                image.removeLast(image.count - length)
            } else {
                image += [UInt8](repeating: 0, count: length - image.count)
            }
        case .write(let offset, let bytes):
            var done = 0
            while done < bytes.count {
                let place = offset + done
                let count = min(sector - place % sector, bytes.count - done)
                if isKept(place / sector) {
                    if image.count < place + count {
                        image += [UInt8](repeating: 0, count: place + count - image.count)
                    }
                    image.replaceSubrange(place..<place + count, with: bytes[done..<done + count])
                }
                done += count
            }
        }
    }
}

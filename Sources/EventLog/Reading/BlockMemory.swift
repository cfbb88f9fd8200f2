internal import EventModel

/// Blocks of segments that were unpacked not long ago, for the readers of one thread: whoever asks
/// for events here and there meets the same blocks again.
public final class BlockMemory {
    private struct Kept {
        let block: UnpackedBlock
        /// When it was asked for last, as `asked` counts.
        var asked: UInt64
    }

    private let bytesMax: Int
    /// What the blocks take up.
    private(set) var byteCount = 0
    /// In the order of positions, which do not overlap.
    private var kept: [Kept] = []
    private var asked: UInt64 = 0
    /// As of which `SegmentSet.generation` they were read: what has been erased since is not to be
    /// shown.
    private var generation: UInt64 = 0

    /// - Parameter bytes: What the blocks take up at most.
    public init(bytes: Int) { bytesMax = bytes }

    /// How many blocks are kept.
    var count: Int { kept.count }

    /// The block that holds a position, if it is kept as of a generation.
    func find(_ position: Position, generation: UInt64) -> UnpackedBlock? {
        guard generation == self.generation else {
            kept.removeAll()
            byteCount = 0
            self.generation = generation
            return nil
        }
        let place = place(behind: position) - 1
        guard place >= 0, kept[place].block.positions.contains(position.rawValue) else {
            return nil
        }
        asked += 1
        kept[place].asked = asked
        return kept[place].block
    }

    /// Keeps a block that was not found; where it gets too much, first the half of them is forgotten
    /// that nobody has asked for the longest.
    func keep(_ block: UnpackedBlock, generation: UInt64) {
        guard generation == self.generation, !block.positions.isEmpty else { return }
        while byteCount + block.byteCount > bytesMax {
            guard !kept.isEmpty else { return }
            forgetHalf()
        }
        asked += 1
        kept.insert(
            Kept(block: block, asked: asked), at: place(behind: Position(block.first)))
        byteCount += block.byteCount
    }

    /// How many blocks begin at a position or before it.
    private func place(behind position: Position) -> Int {
        var low = 0
        var high = kept.count
        while low < high {
            let middle = (low + high) / 2
            if kept[middle].block.first <= position.rawValue {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private func forgetHalf() {
        let middle = kept.map(\.asked).sorted()[kept.count / 2]
        kept.removeAll { $0.asked <= middle }
        byteCount = kept.reduce(0) { $0 + $1.block.byteCount }
    }
}

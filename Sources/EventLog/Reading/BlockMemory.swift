internal import EventModel

/// Blocks of segments that were unpacked not long ago, for the readers of one thread: whoever asks
/// for events here and there meets the same blocks again.
public final class BlockMemory {
    private struct Kept {
        let block: UnpackedBlock
        /// Whether it was asked for since `hand` came by.
        var wasAsked = false
    }

    private let bytesMax: Int
    /// What the blocks take up.
    private(set) var byteCount = 0
    /// In the order of positions, which do not overlap.
    private var kept: [Kept] = []
    /// Where the next one is looked for that is to be forgotten.
    private var hand = 0
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
        kept[place].wasAsked = true
        return kept[place].block
    }

    /// Forgets a block where the next one would hardly find room.
    ///
    /// - Returns: One whose buffers the next one may be unpacked into.
    func makeRoom() -> UnpackedBlock {
        guard !kept.isEmpty, byteCount + byteCount / kept.count > bytesMax else {
            return UnpackedBlock()
        }
        return forgetOne()
    }

    /// Keeps a block that was not found.
    func keep(_ block: UnpackedBlock, generation: UInt64) {
        guard generation == self.generation, !block.positions.isEmpty else { return }
        while byteCount + block.byteCount > bytesMax {
            guard !kept.isEmpty else { return }
            _ = forgetOne()
        }
        let place = place(behind: Position(block.first))
        kept.insert(Kept(block: block), at: place)
        if place < hand { hand += 1 }
        byteCount += block.byteCount
    }

    /// Forgets the next block in turn that was not asked for since its last turn.
    private func forgetOne() -> UnpackedBlock {
        while true {
            if hand >= kept.count { hand = 0 }
            guard kept[hand].wasAsked else { break }
            kept[hand].wasAsked = false
            hand += 1
        }
        let block = kept.remove(at: hand).block
        byteCount -= block.byteCount
        return block
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
}

internal import EventModel

/// Blocks of segments that were unpacked not long ago, for the readers of one thread: whoever asks
/// for events here and there meets the same blocks again.
public final class BlockMemory {
    private struct Kept {
        var block: UnpackedBlock
        /// Whether it was asked for since `hand` came by.
        var wasAsked = false
    }

    /// Small, since many are moved where one comes between.
    private struct Place {
        let first: UInt64
        let slot: Int32
    }

    private let bytesMax: Int
    /// What the blocks take up.
    private(set) var byteCount = 0
    /// The blocks, in no order; those of free slots hold nothing.
    private var slots: [Kept] = []
    private var free: [Int32] = []
    /// Where they are, in the order of positions, which do not overlap.
    private var places: [Place] = []
    /// The slot that is looked at next when one is to be forgotten.
    private var hand = 0
    /// As of which `SegmentSet.generation` they were read: what has been erased since is not to be
    /// shown.
    private var generation: UInt64 = 0

    /// - Parameter bytes: What the blocks take up at most.
    public init(bytes: Int) { bytesMax = bytes }

    /// How many blocks are kept.
    var count: Int { places.count }

    /// The block that holds a position, if it is kept as of a generation.
    func find(_ position: Position, generation: UInt64) -> UnpackedBlock? {
        guard generation == self.generation else {
            forgetAll()
            self.generation = generation
            return nil
        }
        let place = count(through: position.rawValue) - 1
        guard place >= 0 else { return nil }
        let slot = Int(places[place].slot)
        guard slots[slot].block.positions.contains(position.rawValue) else { return nil }
        slots[slot].wasAsked = true
        return slots[slot].block
    }

    /// Forgets a block where the next one would hardly find room.
    ///
    /// - Returns: One whose buffers the next one may be unpacked into.
    func makeRoom() -> UnpackedBlock {
        guard count > 0, byteCount + byteCount / count > bytesMax else { return UnpackedBlock() }
        return forgetOne()
    }

    /// Keeps a block that was not found.
    func keep(_ block: UnpackedBlock, generation: UInt64) {
        guard generation == self.generation, !block.positions.isEmpty else { return }
        while byteCount + block.byteCount > bytesMax {
            guard count > 0 else { return }
            _ = forgetOne()
        }
        let slot = free.popLast() ?? Int32(slots.count)
        if slot == slots.count {
            slots.append(Kept(block: block))
        } else {
            slots[Int(slot)] = Kept(block: block)
        }
        places.insert(Place(first: block.first, slot: slot), at: count(through: block.first))
        byteCount += block.byteCount
    }

    /// Forgets the next block in turn that was not asked for since its last turn; there is one.
    private func forgetOne() -> UnpackedBlock {
        while slots[hand].block.positions.isEmpty || slots[hand].wasAsked {
            slots[hand].wasAsked = false
            hand = (hand + 1) % slots.count
        }
        var block = UnpackedBlock()
        swap(&block, &slots[hand].block)
        free.append(Int32(hand))
        places.remove(at: count(through: block.first) - 1)
        byteCount -= block.byteCount
        return block
    }

    private func forgetAll() {
        slots.removeAll()
        free.removeAll()
        places.removeAll()
        hand = 0
        byteCount = 0
    }

    /// How many blocks begin at a position or before it.
    private func count(through position: UInt64) -> Int {
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle].first <= position {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

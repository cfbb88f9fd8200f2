internal import LMDB
internal import Synchronization

/// Room on the disk that appends leave: without it nothing could be sealed any more and nobody be
/// erased, both of which write a segment and its index anew beside the old ones.
final class RoomReserve: Sendable {
    /// Bytes of the largest segment's file. One thread writes it, that of the log's strides.
    private let largest: Atomic<UInt64>
    private let reached = Atomic<Bool>(false)

    /// - Parameter largest: The bytes of the largest segment's file.
    init(largest: UInt64) { self.largest = Atomic(largest) }

    /// Whether no more than the reserve is left, as of the last look.
    var isReached: Bool { reached.load(ordering: .relaxed) }

    /// The bytes that are left, beside a margin: what the largest segment and its index take.
    var bytes: UInt64 { Self.bytes(largest: largest.load(ordering: .relaxed)) }

    private static func bytes(largest: UInt64) -> UInt64 { largest + largest / 2 }

    /// Looks how much is left where a segment lies, the newest.
    func look(at segment: Segment) {
        let bytes = max(
            largest.load(ordering: .relaxed), segment.environment.information.usedBytes)
        largest.store(bytes, ordering: .relaxed)
        // A volume that does not answer refuses the writes themselves.
        let isLeft = (try? Self.isLeft(beside: Self.bytes(largest: bytes), segment)) ?? true
        reached.store(!isLeft, ordering: .relaxed)
    }

    /// Whether there is room for so many bytes where a segment lies, and a margin for what others
    /// write meanwhile: a sixteenth of a small volume.
    static func isLeft(beside bytes: UInt64, _ segment: Segment) throws(LMDBError) -> Bool {
        let volume = try segment.environment.volume()
        let margin = min(LogLimits.freeBytesMin, volume.bytes / 16)
        return volume.availableBytes > bytes + margin
    }
}

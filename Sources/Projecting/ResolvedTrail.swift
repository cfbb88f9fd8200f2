internal import EventLog
internal import EventModel
internal import Synchronization
internal import Threads
internal import Views

/// The newest batches of the identity fold, for the folds behind it.
///
/// While a long log is caught up with, it holds `ProjectingLimits.trailBytesMax` bytes, and identity
/// waits for the slowest fold that is still within the trail, so that the log is read once; a fold
/// that has fallen out of it reads for itself. Near the head identity never waits, and the trail
/// holds `ProjectingLimits.trailBytesNearHead`.
final class ResolvedTrail: Sendable {
    fileprivate struct State {
        var batches: [ResolvedBatch] = []
        var byteCount = 0
        var byteCountMax = ProjectingLimits.trailBytesNearHead
        var followers: [HeadSignal] = []
    }

    private let state = Mutex(State())
    private let isAwaited = Atomic<Bool>(false)
    private let wakeup = Wakeup()

    /// A fold follows from now on: its progress tells how far.
    func join(_ progress: HeadSignal) {
        state.withLock { $0.followers.append(progress) }
    }

    /// A fold follows no more.
    func leave(_ progress: HeadSignal) {
        state.withLock { $0.followers.removeAll { $0 === progress } }
        wakeup.wakeAll()
    }

    /// Whether anybody follows.
    var isFollowed: Bool { state.withLock { !$0.followers.isEmpty } }

    /// What it holds.
    var byteCount: Int { state.withLock { $0.byteCount } }

    /// Lets go of all batches: what they hold of erased people is gone from the log.
    func clear() {
        state.withLock { $0.removeFirst($0.batches.count) }
        wakeup.wakeAll()
    }

    /// Says that a follower has moved.
    func followerMoved() {
        if isAwaited.load(ordering: .sequentiallyConsistent) { wakeup.wakeAll() }
    }

    /// Adds the batch behind the last, and lets go of what has been passed or has no room.
    func append(_ batch: ResolvedBatch) {
        state.withLock { state in
            if let newest = state.batches.last, newest.last.next != batch.first {
                state.removeFirst(state.batches.count)
            }
            state.batches.append(batch)
            state.byteCount += batch.byteCount
            state.removePassed()
            while state.byteCount > state.byteCountMax, state.batches.count > 1 {
                state.removeFirst(1)
            }
        }
    }

    /// Returns the batch that holds a position, or where the batches begin behind it.
    func find(_ position: Position) -> (batch: ResolvedBatch?, begins: Position?) {
        state.withLock { state in
            let batch = state.batches.first { $0.first <= position && position <= $0.last }
            let begins = state.batches.first.map(\.first)
            return (batch, begins.flatMap { $0 > position ? $0 : nil })
        }
    }

    /// Prepares for what identity folds next, which ends so many events behind the log's head. Far
    /// behind it waits until there is room, unless nobody within the trail needs it.
    func prepare(behind: UInt64) {
        let isFarBehind = behind > ProjectingLimits.eventsPerCheckpointMax
        state.withLock {
            $0.byteCountMax =
                isFarBehind ? ProjectingLimits.trailBytesMax : ProjectingLimits.trailBytesNearHead
        }
        guard isFarBehind, isFull else { return }
        isAwaited.store(true, ordering: .sequentiallyConsistent)
        wakeup.wait { isFull }
        isAwaited.store(false, ordering: .sequentiallyConsistent)
    }

    private var isFull: Bool {
        state.withLock { state in
            state.removePassed()
            guard state.byteCount > state.byteCountMax / 2,
                let first = state.batches.first
            else { return false }
            // Who needs the oldest batch is within the trail; who is behind it reads alone.
            return state.followers.contains {
                $0.position.next >= first.first && $0.position < first.last
            }
        }
    }
}

extension ResolvedTrail.State {
    fileprivate mutating func removePassed() {
        let slowest = followers.map(\.position).min() ?? Position(.max)
        removeFirst(batches.prefix { $0.last <= slowest }.count)
    }

    fileprivate mutating func removeFirst(_ count: Int) {
        for batch in batches.prefix(count) { byteCount -= batch.byteCount }
        batches.removeFirst(count)
    }
}

/// What identity folds between two checkpoints, left in the trail piece by piece: a checkpoint of
/// large events would take many times the trail's room. Nobody reads a piece before the checkpoint
/// is committed; pieces of one that fails are let go of with the next, which does not follow them.
struct TrailPieces: ~Copyable {
    private let trail: ResolvedTrail
    private let end: Position
    private var piece: ResolvedBatch

    /// nil where nobody follows.
    init?(_ trail: ResolvedTrail, from first: Position, through end: Position) {
        guard trail.isFollowed else { return nil }
        self.trail = trail
        self.end = end
        piece = Self.begin(first, end)
    }

    private static func begin(_ first: Position, _ end: Position) -> ResolvedBatch {
        ResolvedBatch(first: first, room: Int(end.next.rawValue - first.rawValue))
    }

    /// Adds the next event, with whose its identifiers are and whose person it has made another.
    mutating func append(
        _ event: borrowing EventView, _ customers: [CustomerID], moves: [PersonMove]
    ) {
        piece.append(event, customers, moves: moves)
        guard piece.byteCount >= ProjectingLimits.trailPieceBytes else { return }
        trail.append(piece)
        piece = Self.begin(event.position.next, end)
    }

    /// Adds what the last piece holds.
    consuming func finish() {
        if piece.last >= piece.first { trail.append(piece) }
    }
}

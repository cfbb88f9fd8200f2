internal import EventIndex
public import EventModel
internal import LMDB
internal import Synchronization

/// The erasures and redactions that are in the log and not yet carried out: what is hidden although it still lies
/// there. It is a function of the log.
public final class Erasures: Sendable {
    /// What is to go of one event.
    struct Removal: Sendable {
        var part: PartRemoval
        var cause: Position

        /// What redactions take of it, the erasures of persons left out; nil where that is nothing.
        var redaction: PartRemoval? {
            let surrogates = part.surrogates.filter { $0.value.isEmpty }
            guard !(part.fields.isEmpty && part.cuts.isEmpty && surrogates.isEmpty) else {
                return nil
            }
            return PartRemoval(
                takesAll: false, surrogates: surrogates, fields: part.fields, cuts: part.cuts)
        }
    }

    private struct State {
        var pending: [Erasure] = []
        var removals: [UInt64: Removal] = [:]
    }

    let writer: RemnantWriter
    private let state = Mutex(State())
    private let count = Atomic<Int>(0)

    init(writer: RemnantWriter) { self.writer = writer }

    /// Whether everything is carried out.
    public var isEmpty: Bool { count.load(ordering: .sequentiallyConsistent) == 0 }

    /// Those that are not carried out, the oldest first.
    public var pending: [Erasure] { state.withLock { $0.pending } }

    /// The position of the newest of them; zero when everything is carried out.
    public var newest: Position {
        isEmpty ? .zero : state.withLock { $0.pending.map(\.position).max() ?? .zero }
    }

    /// Adds one that is committed.
    public func add(_ erasure: Erasure) {
        state.withLock { state in
            guard !state.pending.contains(where: { $0.position == erasure.position }) else {
                return
            }
            state.pending.append(erasure)
            Self.add(erasure, to: &state.removals)
            count.store(state.pending.count, ordering: .sequentiallyConsistent)
        }
    }

    private static func add(_ erasure: Erasure, to removals: inout [UInt64: Removal]) {
        erasure.forEachRemoval { position, part in
            guard var known = removals[position.rawValue] else {
                removals[position.rawValue] = Removal(part: part, cause: erasure.position)
                return
            }
            known.part.merge(part)
            known.cause = max(known.cause, erasure.position)
            removals[position.rawValue] = known
        }
    }

    /// Lets go of those that are carried out, named by the positions of their events.
    public func complete(_ positions: Set<Position>) {
        state.withLock { state in
            state.pending.removeAll { positions.contains($0.position) }
            state.removals.removeAll()
            for erasure in state.pending { Self.add(erasure, to: &state.removals) }
            count.store(state.pending.count, ordering: .sequentiallyConsistent)
        }
    }

    func removal(at position: Position) -> Removal? {
        isEmpty ? nil : state.withLock { $0.removals[position.rawValue] }
    }

    /// What is to go of the events of a range, by erasures up to a position.
    func removals(in range: Range<UInt64>, through last: Position) -> [UInt64: Removal] {
        var found: [UInt64: Removal] = [:]
        for erasure in pending where erasure.position <= last { Self.add(erasure, to: &found) }
        return found.filter { range.contains($0.key) }
    }
}

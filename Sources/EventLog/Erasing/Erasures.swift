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

        /// Adds what one more takes.
        static func add(_ part: PartRemoval, by erasure: Erasure, to known: inout Removal?) {
            guard var all = known else {
                known = Removal(part: part, cause: erasure.position)
                return
            }
            all.part.merge(part)
            all.cause = max(all.cause, erasure.position)
            known = all
        }

        /// What redactions take of it, the erasures of persons left out; nil where that is nothing.
        var redaction: PartRemoval? {
            let surrogates = part.surrogates.filter { $0.value.isEmpty }
            let redaction = PartRemoval(
                takesAll: false, surrogates: surrogates, unions: part.unions, fields: part.fields,
                cuts: part.cuts)
            return redaction == PartRemoval(takesAll: false) ? nil : redaction
        }
    }

    private struct State {
        var pending: [Erasure] = []
        /// What goes of each event, by those of few events.
        var removals: [UInt64: Removal] = [:]
        /// Those of many events, each with its first and last one. They are looked into when an event
        /// is asked for: to list all of theirs would keep everybody waiting.
        var large: [(erasure: Erasure, bounds: ClosedRange<UInt64>)] = []

        mutating func add(_ erasure: Erasure) {
            pending.append(erasure)
            if erasure.eventCount > LogLimits.erasedEventsListed,
                let bounds = erasure.what.boundsOfPerson
            {
                large.append((erasure, bounds))
            } else {
                erasure.forEachRemoval { position, part in
                    Removal.add(part, by: erasure, to: &removals[position.rawValue])
                }
            }
        }

        func removal(at position: Position) -> Removal? {
            var found = removals[position.rawValue]
            for (erasure, bounds) in large where bounds.contains(position.rawValue) {
                guard let part = erasure.removalOfPerson(at: position) else { continue }
                Removal.add(part, by: erasure, to: &found)
            }
            return found
        }
    }

    let writer: RemnantWriter
    private let state = Mutex(State())
    private let count = Atomic<Int>(0)
    private let last = Atomic<UInt64>(0)

    init(writer: RemnantWriter) { self.writer = writer }

    /// Whether everything is carried out.
    public var isEmpty: Bool { count.load(ordering: .sequentiallyConsistent) == 0 }

    /// Those that are not carried out, the oldest first.
    public var pending: [Erasure] { state.withLock { $0.pending } }

    /// The position of the newest of them; zero when everything is carried out.
    public var newest: Position {
        isEmpty ? .zero : state.withLock { $0.pending.map(\.position).max() ?? .zero }
    }

    /// The position of the newest there has been since the log was opened, carried out or not.
    public var latest: Position { Position(last.load(ordering: .sequentiallyConsistent)) }

    /// Adds one that is committed.
    public func add(_ erasure: Erasure) {
        state.withLock { state in
            guard !state.pending.contains(where: { $0.position == erasure.position }) else {
                return
            }
            state.add(erasure)
            last.max(erasure.position.rawValue, ordering: .sequentiallyConsistent)
            count.store(state.pending.count, ordering: .sequentiallyConsistent)
        }
    }

    /// Lets go of those that are carried out, named by the positions of their events.
    public func complete(_ positions: Set<Position>) {
        state.withLock { state in
            let left = state.pending.filter { !positions.contains($0.position) }
            state = State()
            for erasure in left { state.add(erasure) }
            count.store(state.pending.count, ordering: .sequentiallyConsistent)
        }
    }

    /// How many moves of customers, whose erasure is not carried out, an event is still to tell of.
    public func movesToCome(of event: borrowing EventView) -> Int {
        guard let removal = removal(at: event.position) else { return 0 }
        return event.moves(in: removal.part).count
    }

    func removal(at position: Position) -> Removal? {
        isEmpty ? nil : state.withLock { $0.removal(at: position) }
    }

    /// What is to go of the events of a range, by erasures up to a position.
    func removals(in range: Range<UInt64>, through last: Position) -> [UInt64: Removal] {
        var found: [UInt64: Removal] = [:]
        for erasure in pending where erasure.position <= last {
            erasure.forEachRemoval(in: range) { position, part in
                Removal.add(part, by: erasure, to: &found[position.rawValue])
            }
        }
        return found
    }
}

internal import EventIndex
public import EventModel
internal import LMDB
internal import Synchronization

/// One `customer.erased` as it stands in the log.
public struct Erasure: Hashable, Sendable {
    /// Which of the log's erasures it is, from 1 on; its event's id holds it.
    public let number: UInt64
    /// The position of its event.
    public let position: Position
    /// What stands for the person.
    public let surrogate: Surrogate
    /// The events of which everything about a person goes.
    public let erased: ErasedPositions
    /// The events of others, of which only identifiers go.
    public let quoted: ErasedPositions

    /// The type of its event.
    public static let type = "customer.erased"
    /// The type of the event that says that it is carried out.
    public static let completionType = "customer.erasureCompleted"

    /// Names one.
    public init(
        number: UInt64, position: Position, surrogate: Surrogate, erased: ErasedPositions,
        quoted: ErasedPositions
    ) {
        self.number = number
        self.position = position
        self.surrogate = surrogate
        self.erased = erased
        self.quoted = quoted
    }

    /// Reads the event; nil where it is not one as the daemon writes them.
    public init?(number: UInt64, _ event: borrowing EventView) {
        guard event.type.equals("customer.erased"), let name = event.text("surrogate"),
            let surrogate = Surrogate(name),
            let erased = ErasedPositions(event.text("positions") ?? ""),
            let quoted = ErasedPositions(event.text("quoted") ?? "")
        else { return nil }
        self.init(
            number: number, position: event.position, surrogate: surrogate, erased: erased,
            quoted: quoted)
    }

    /// The id of the event.
    public static func id(_ number: UInt64) -> String { "\(type):\(number)" }

    /// The id of the event that says that it is carried out.
    public static func completionID(_ number: UInt64) -> String { "\(completionType):\(number)" }

    func forEachRemoval(_ body: (Position, PartRemoval) -> Void) {
        for (positions, takesAll) in [(erased, true), (quoted, false)] {
            positions.forEach { position, pattern in
                var surrogates: [Int: String] = [:]
                for entry in pattern.entries {
                    surrogates[entry.identifier] =
                        "\(surrogate[entry.customer]) \(surrogate[entry.person])"
                }
                body(position, PartRemoval(takesAll: takesAll, surrogates: surrogates))
            }
        }
    }
}

/// The erasures that are in the log and not yet carried out: what is hidden although it still lies
/// there. It is a function of the log.
public final class Erasures: Sendable {
    /// What is to go of one event.
    struct Removal: Sendable {
        var part: PartRemoval
        var cause: Position
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
            guard !state.pending.contains(where: { $0.number == erasure.number }) else { return }
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
            known.part.takesAll = known.part.takesAll || part.takesAll
            known.part.surrogates.merge(part.surrogates) { first, _ in first }
            known.cause = max(known.cause, erasure.position)
            removals[position.rawValue] = known
        }
    }

    /// Lets go of those that are carried out.
    public func complete(_ numbers: Set<UInt64>) {
        state.withLock { state in
            state.pending.removeAll { numbers.contains($0.number) }
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

extension Erasures {
    /// Shows an event as the removal will leave it.
    func show<Failure: Error, Answer>(
        _ event: borrowing EventView, without removal: Removal,
        _ body: (borrowing EventView) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        var record: [UInt8] = []
        writer.writeShown(event, removing: removal.part, cause: removal.cause, to: &record)
        let bytes = record
        let shown: EventView
        do throws(MalformedBytes) {
            shown = try EventView(checking: bytes.rawSpan)
        } catch {
            preconditionFailure("a removal left a malformed \(error.what)")
        }
        return try body(shown)
    }
}

internal import EventModel
internal import LMDB
internal import Synchronization

/// The rounds that are committed and not yet in a segment, for all threads to read.
///
/// A position that is not here is in a segment: a round leaves only after that.
final class RecentRounds: Sendable {
    private struct State {
        var rounds: [CommittedRound] = []
        var start = 0
        var bytes = 0
    }

    private let state = Mutex(State())

    init(_ rounds: [CommittedRound] = []) {
        for round in rounds { append(round) }
    }

    /// Adds the newest round.
    func append(_ round: CommittedRound) {
        state.withLock { state in
            state.rounds.append(round)
            state.bytes += round.records.count
        }
    }

    /// All of them, oldest first.
    var all: [CommittedRound] { state.withLock { Array($0.rounds[$0.start...]) } }

    /// The bytes of all records.
    var byteCount: Int { state.withLock { $0.bytes } }

    /// The first position that is held; nil when none is.
    var first: Position? {
        state.withLock { $0.start < $0.rounds.count ? $0.rounds[$0.start].first : nil }
    }

    /// Returns the round that holds a position, or nil when none does.
    func round(holding position: Position) -> CommittedRound? {
        state.withLock { state in
            guard state.start < state.rounds.count,
                state.rounds[state.start].first <= position
            else { return nil }
            var low = state.start
            var high = state.rounds.count
            while high - low > 1 {
                let middle = (low + high) / 2
                if state.rounds[middle].first <= position {
                    low = middle
                } else {
                    high = middle
                }
            }
            let round = state.rounds[low]
            return round.last >= position ? round : nil
        }
    }

    /// Lets go of the rounds that a segment holds.
    func drop(through stored: Position) {
        state.withLock { state in
            while state.start < state.rounds.count, state.rounds[state.start].last <= stored {
                state.bytes -= state.rounds[state.start].records.count
                state.start += 1
            }
            if state.start > 64, state.start > state.rounds.count / 2 {
                state.rounds.removeFirst(state.start)
                state.start = 0
            } else if state.start == state.rounds.count {
                state.rounds.removeAll(keepingCapacity: true)
                state.start = 0
            }
        }
    }
}

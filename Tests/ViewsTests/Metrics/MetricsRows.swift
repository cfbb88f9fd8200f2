import EventModel
import FoldTesting
import TestSupport

@testable import Views

extension SimulatedContact {
    /// The rows of the metrics view over contacts and what else is told, whose changes are taken now
    /// and then.
    static func folded(
        _ contacts: [SimulatedContact], _ random: inout SeededGenerator, isShuffled: Bool = true,
        also others: [Happening] = []
    ) throws -> MemoryRows {
        var log = log(of: contacts, isShuffled: isShuffled, &random)
        log.append(others)
        var run = FoldRun<MetricsProjection>()
        try run.run(log) { position in position.rawValue % 61 == 0 ? .take : .none }
        return run.rows
    }
}

extension Happening {
    /// A `definition.set`.
    static func definition(
        _ kind: String, _ key: String, _ body: String, at moment: Int64 = SimulatedContact.start
    ) -> Happening {
        Happening(
            "definition.set", moment, nil,
            [
                "kind": .text(kind), "key": .text(key), "version": .text("1"), "body": .text(body),
            ])
    }
}

/// A zone that is two hours ahead of UTC and from a moment on one hour, as in autumn, or the other
/// way round.
struct JumpingZone: ZoneOffsets {
    var jump: Timestamp
    var before: Int64 = 2
    var after: Int64 = 1

    func offsetMilliseconds(at moment: Timestamp) -> Int64 {
        (moment < jump ? before : after) * 3_600_000
    }
}

import Client
import RESP
import Simulation

/// Sends batches of events, many of them under way, and counts what became of them.
struct EventSender: ~Copyable {
    /// What became of the events.
    struct Summary {
        /// Events that are stored now and were not before.
        var stored = 0
        /// Events that had been stored before.
        var repeated = 0
        /// The greatest position answered.
        var lastPosition: Int64 = 0
        /// The first reply that was no success.
        var refusal: String?
    }

    private var pipeline: Pipeline
    private let box: Box

    /// Takes over a connection on which every request is answered.
    init(_ connection: consuming Connection) {
        let box = Box()
        self.box = box
        pipeline = Pipeline(connection) { _, reply in box.summary.take(reply) }
    }

    /// Sends a batch as one request; waits while too many are under way.
    ///
    /// - Throws: `ToolFailure`, also for what the daemon answered to an earlier batch.
    mutating func send(_ batch: EventBatch) throws(ToolFailure) {
        do {
            try pipeline.submit { encoder in
                encoder.begin(argumentCount: 2 + batch.wordCount)
                encoder.append("APPENDBATCH")
                encoder.append(batch.eventCount)
                batch.forEachWord { encoder.append($0) }
            }
        } catch {
            throw ToolFailure("\(error)")
        }
        try check()
    }

    /// Waits for all replies.
    ///
    /// - Throws: as `send`.
    mutating func finish() throws(ToolFailure) -> Summary {
        do {
            try pipeline.drain()
        } catch {
            throw ToolFailure("\(error)")
        }
        try check()
        return box.summary
    }

    private func check() throws(ToolFailure) {
        guard let refusal = box.summary.refusal else { return }
        throw ToolFailure("the daemon refused events: \(refusal)")
    }

    /// What the pipeline's handler, which outlives any borrow, writes to.
    private final class Box {
        var summary = Summary()
    }
}

extension EventSender.Summary {
    /// Takes the reply to a batch into account: positions, and `REPEAT` behind them if all were
    /// stored before.
    fileprivate mutating func take(_ reply: Reply) {
        switch reply {
        case .array(let values):
            let positions = values.compactMap(\.integerValue)
            lastPosition = max(lastPosition, positions.max() ?? 0)
            if values.last?.text == "REPEAT" {
                repeated += positions.count
            } else {
                stored += positions.count
            }
        case .error(let code, let message): refusal = refusal ?? "\(code) \(message)"
        default: refusal = refusal ?? "the reply is no answer to APPENDBATCH"
        }
    }
}

internal import ContactCentre
public import EventModel

/// WAIT: how long it will take, for who comes now or for one who waits.
///
///     {"position":…,"metrics_position":…,"now":"…","queue":"billing",
///      "interaction":"c-1","waited_ms":…,"unknown":true,
///      "method":"empirical","low_ms":…,"high_ms":…,"announce_ms":…,"longer_than_announced":false,
///      "empirical":{"answered":…,"low_ms":…,"high_ms":…},
///      "erlang":{"model":"A","low_ms":…,"high_ms":…,"waiting_share":…,"mean_wait_ms":…,
///                "abandoned_share":…},
///      "inputs":{"from":"…","to":"…","arrivals_per_hour":…,"handling_ms":…,"patience_ms":…,
///                "agents":…,"free":…,"ahead":…}}
///
/// `agents` are those who could be offered work of the queue but for their slots, and at least those
/// who are on a contact of it, on the channel of the one who waits, else on that with most; `patience_ms` is all waits over those given up.
/// `low_ms` is the median, `high_ms` what four of five do not exceed. `empirical` takes the waits
/// answered in the last hour, from 50 on; `erlang` the model A where somebody gave up in that hour,
/// else C, which has no value (`"overloaded":true`) when more arrive than can be served. `method`
/// says whose range is given: `none` when neither has one. `announce_ms` is `high_ms` in whole
/// minutes, kept to what was announced before while it can be kept. `unknown` says that the source
/// which told of the wait is silent: nobody knows whether it lasts.
public enum WaitDocument {
    /// Writes the document.
    ///
    /// - Returns: Whether the queue is known, and the interaction, where one is named, waits in
    ///   it; if not, nothing is written.
    public static func write<Reader: ViewReader & ~Copyable, Figures: ViewReader & ~Copyable>(
        _ queue: String, interaction: String?, now: Timestamp, from reader: borrowing Reader,
        metrics: borrowing Figures, to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        guard let state = try WaitState.read(queue, interaction, reader) else { return false }
        let sample = try WaitSample.read(queue, now: now, from: metrics)
        let waited = state.entered?.age(at: now)
        let empirical = WaitEstimate.empirical(sample.answered, elapsed: waited ?? 0)
        let erlang = state.erlang(sample, now)
        let modelled = erlang.map {
            WaitEstimate.modelled($0, ahead: state.ahead, free: state.free)
        }
        json.beginObject()
        json.field("position", reader.position)
        json.field("metrics_position", metrics.position)
        json.field("now", now)
        json.field("queue", queue)
        json.field("interaction", interaction)
        json.field("waited_ms", waited)
        if state.isUnknown { json.field("unknown", true) }
        let method: StaticString =
            empirical != nil ? "empirical" : modelled != nil ? "erlang" : "none"
        json.field("method", word: method)
        if let estimate = empirical ?? modelled { write(estimate, state, now, &json) }
        if let empirical {
            json.key("empirical")
            json.beginObject()
            json.field("answered", sample.answered.count)
            json.field("low_ms", empirical.low)
            json.field("high_ms", empirical.high)
            json.endObject()
        }
        if let erlang, let modelled { write(erlang, modelled, &json) }
        write(sample, state, now, &json)
        json.endObject()
        return true
    }

    private static func write(
        _ estimate: WaitEstimate, _ state: WaitState, _ now: Timestamp, _ json: inout JSONWriter
    ) {
        json.field("low_ms", estimate.low)
        json.field("high_ms", estimate.high)
        let minutes = (estimate.high + 59_999) / 60_000 * 60_000
        let left = state.announced.map { told in
            max(0, (told.highMilliseconds ?? told.expectedMilliseconds) - (now - told.moment))
        }
        let told = WaitEstimate.announcement(minutes, left: left)
        json.field("announce_ms", told.milliseconds)
        if left != nil { json.field("longer_than_announced", told.isLonger) }
    }

    private static func write(
        _ queue: Erlang, _ estimate: WaitEstimate, _ json: inout JSONWriter
    ) {
        json.key("erlang")
        json.beginObject()
        json.field("model", word: queue.impatience > 0 ? "A" : "C")
        json.field("low_ms", estimate.low)
        json.field("high_ms", estimate.high)
        if let all = queue.withAbandonment {
            json.field("waiting_share", all.waitingShare)
            json.field("mean_wait_ms", Int64((all.meanWait * 1_000).rounded()))
            json.field("abandoned_share", all.abandonedShare)
        } else {
            json.field("overloaded", true)
        }
        json.endObject()
    }

    private static func write(
        _ sample: WaitSample, _ state: WaitState, _ now: Timestamp, _ json: inout JSONWriter
    ) {
        func milliseconds(_ seconds: Double?) -> Int64? {
            seconds.map { Int64(($0 * 1_000).rounded()) }
        }
        json.key("inputs")
        json.beginObject()
        json.field("from", sample.from)
        json.field("to", sample.to)
        json.field("answered", sample.answered.count)
        json.field("abandoned", sample.abandoned.count)
        json.field("arrivals_per_hour", sample.arrivals(until: now) * 3_600)
        json.field("handling_ms", milliseconds(sample.handling))
        json.field("patience_ms", milliseconds(sample.patience))
        json.field("agents", state.agents)
        json.field("free", state.free)
        json.field("ahead", state.ahead)
        json.endObject()
    }
}

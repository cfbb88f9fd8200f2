extension Catalogue {
    /// The state of the feeds, the definitions that folds read, and which channels are open.
    ///
    /// An event's own `source` says whose feed it is about; `feed` says so where the store itself
    /// writes the event about another source. `store.epoch` begins a new count of a log that is
    /// shorter than something recorded: `last_common` is the last position both have.
    static let sources = """
        definition.set kind! key! version! body! effective_from:time reason
        thresholds.published version! as_of!:time values! method n:integer
        stage.inferred customer_id!:ref \
        stage!=anonymous|prospect|firstPurchase|building|loyal|atRisk|lapsed|wonBack rule! \
        previous_stage=anonymous|prospect|firstPurchase|building|loyal|atRisk|lapsed|wonBack
        source.heartbeat,source.silent,source.resumed,source.restarted \
        covered_until!:time expected_gap_ms:integer lag_ms:integer reason feed:ref
        source.claimed metric! from!:time to!:time value!:integer interactions
        store.epoch epoch!:integer reason!=restored|logShorter last_common!:integer previous:integer
        import.completed covered_until:time rows:integer feed:ref
        channel.opened,channel.closed,channel.degraded,channel.restored \
        channel! reason until:time by
        queue.opened,queue.closed queue! reason until:time by
        """
}

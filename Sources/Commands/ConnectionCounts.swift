/// How many connections there are and were, as INFO tells it.
public struct ConnectionCounts {
    /// Open now.
    public var open: Int
    /// Of those, how many wait for a view, an event, an answer about the past or a flush.
    public var waiting: Int
    /// Taken since the start.
    public var taken: UInt64
    /// Refused since the start: without a role, beyond a limit, while the daemon stopped.
    public var refused: UInt64
    /// Lines of the log about peers that were left out since the start.
    public var linesLeftOut: UInt64
    /// Lines of the log that could not be written since the start, as where nobody reads them.
    public var linesUnwritten: UInt64

    /// Counts connections.
    public init(
        open: Int, waiting: Int = 0, taken: UInt64 = 0, refused: UInt64 = 0,
        linesLeftOut: UInt64 = 0, linesUnwritten: UInt64 = 0
    ) {
        self.open = open
        self.waiting = waiting
        self.taken = taken
        self.refused = refused
        self.linesLeftOut = linesLeftOut
        self.linesUnwritten = linesUnwritten
    }
}

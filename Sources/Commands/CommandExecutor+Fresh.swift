internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// Freshness: a reader names the position it must see and waits for just that.
extension CommandExecutor {
    /// Tells whether a view reflects what AFTER asks for.
    ///
    /// - Returns: nil when it does; else what the command has to wait for.
    /// - Throws: `ahead` for a position beyond the head, `halted` when the projection stands
    ///   still, `rebuilding` while there is nothing to read, `stale` when WITHIN is over.
    func whatToAwait(
        _ name: ViewName, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution? {
        let standing = try checkServed(name)
        let head = log.head.position
        let named = try arguments.position("AFTER")
        if let named, named > head { throw .ahead(asked: named, head: head) }
        // A commit that failed gives its positions to others: what lies beyond the head never was.
        let own = session.readsOwnAppends ? min(session.newestAppend, head) : .zero
        // What an erasure took, a view shows until it has seen it.
        let asked = max(named ?? .zero, own, log.erasures.newest)
        let within =
            try arguments.integer("WITHIN", in: 0...CommandLimits.waitMillisecondsMax)
            ?? CommandLimits.waitMillisecondsDefault
        guard standing.position < asked else { return nil }
        guard !isTimeUp(session, within: within) else {
            throw .stale(
                view: name.rawValue, asked: asked, reached: standing.position,
                milliseconds: within)
        }
        return .waits(for: .view(name, asked.rawValue))
    }

    /// Why a view cannot be read, by what it says now: `halted`, `rebuilding`.
    private func notServed(_ name: ViewName) -> CommandError {
        let status = status(of: name)
        if let fault = status.fault {
            return .halted(view: name.rawValue, position: status.position, reason: fault)
        }
        return .rebuilding(
            view: name.rawValue, position: status.position, head: status.head,
            milliseconds: status.remainingMilliseconds)
    }

    /// Checks that a view can be read.
    ///
    /// - Throws: `halted`, `rebuilding`.
    func checkServed(_ name: ViewName) throws(CommandError) -> ViewStanding {
        let standing = standing(of: name)
        guard standing.isServed else { throw notServed(name) }
        return standing
    }

    /// Checks AFTER for a command that reads the log itself: whatever the log has, it sees.
    ///
    /// - Throws: `ahead` for a position beyond the head.
    func checkHead(_ arguments: borrowing ArgumentReader) throws(CommandError) {
        _ = try arguments.integer("WITHIN", in: 0...CommandLimits.waitMillisecondsMax)
        let head = log.head.position
        guard let asked = try arguments.position("AFTER"), asked > head else { return }
        throw .ahead(asked: asked, head: head)
    }

    /// Runs a read of the log and turns its errors into this module's.
    func readingLog<Result>(
        _ body: () throws(EventLogError) -> Result
    ) throws(CommandError) -> Result {
        do throws(EventLogError) {
            return try body()
        } catch {
            throw .log(error)
        }
    }

    /// Runs a read of a view and turns its faults into this module's errors.
    func reading<Result: ~Copyable>(
        _ body: () throws(ViewFault) -> Result
    ) throws(CommandError) -> Result {
        do throws(ViewFault) {
            return try body()
        } catch {
            throw .view(error)
        }
    }
}

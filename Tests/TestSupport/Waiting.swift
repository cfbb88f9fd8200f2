/// Asks again and again until something holds, with no pause: what is asked takes its own time.
///
/// - Throws: `NotInTime` where it has not come to hold within `patience`, and what asking throws. A
///   test that would wait for ever fails instead, by what it waited for.
public func waitUntil(
    _ what: String, patience: Duration = .seconds(120), _ holds: () throws -> Bool
) throws {
    let end = ContinuousClock.now + patience
    while try !holds() {
        guard ContinuousClock.now < end else { throw NotInTime(what: what) }
    }
}

/// As `waitUntil` for one thread, where asking suspends: it then waits for one of few threads, which
/// other tests may keep for minutes.
public func waitUntil(
    _ what: String, patience: Duration = .seconds(900), _ holds: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + patience
    while try await !holds() {
        guard ContinuousClock.now < end else { throw NotInTime(what: what) }
    }
}

/// What a test waited for and did not see.
public struct NotInTime: Error {
    /// What was to hold.
    public let what: String
}

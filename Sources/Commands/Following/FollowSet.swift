/// What one connection follows.
struct FollowSet {
    var log: [LogFollow] = []
    var documents: [DocumentFollow] = []
    private var newest: UInt64 = 0

    var count: Int { log.count + documents.count }

    /// Returns the id of the next follow: they count from 1 on each connection.
    mutating func makeID() -> UInt64 {
        newest += 1
        return newest
    }
}

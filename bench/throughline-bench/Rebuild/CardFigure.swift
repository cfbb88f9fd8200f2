internal import EventModel
internal import Projecting
internal import ReferenceEvents
internal import Views

/// What writing customers' cards takes, without the socket.
struct CardFigure {
    let nanosecondsEach: Double
    let bytesEach: Double

    /// Customers whose cards are neither empty nor full of open interactions: reference events
    /// disconnect interactions and complete none.
    private static let ranks = 300..<310
    private static let laps = 2_000

    /// Writes cards as CUSTOMER does: a snapshot of identity, one of customers.
    init(_ views: ViewSet) throws {
        var bytes = 0
        let begin = Clock.threadCPU()
        for _ in 0..<Self.laps {
            for rank in Self.ranks {
                let name = Array("crm:\(ReferenceEvents.customerValue(rank: rank))".utf8)
                guard
                    let customer = try unsafe IdentityView.customer(
                        of: name.span.bytes, views.identity.snapshot())
                else { throw BenchFailure("a customer is missing") }
                var json = JSONWriter()
                _ = try CustomerDocument.write(
                    [customer], now: Timestamp(milliseconds: 1_767_268_800_000),
                    from: views.customers.snapshot(), to: &json)
                bytes += json.span.byteCount
            }
        }
        let count = Double(Self.laps * Self.ranks.count)
        nanosecondsEach = Double(Clock.threadCPU() - begin) / count
        bytesEach = Double(bytes) / count
    }
}

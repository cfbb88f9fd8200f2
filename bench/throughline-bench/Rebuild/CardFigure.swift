internal import EventModel
internal import Projecting
internal import ReferenceEvents
internal import Views

/// What writing customers' cards takes, without the socket.
struct CardFigure {
    /// Of one that is written from its rows.
    let nanosecondsEach: Double
    /// Of one that is as it was written last.
    let nanosecondsKept: Double
    let bytesEach: Double
    /// Of a POP.
    let nanosecondsPop: Double
    let bytesPop: Double

    /// Customers whose cards are neither empty nor full of open interactions: reference events
    /// disconnect interactions and complete none.
    private static let ranks = 300..<310
    private static let laps = 2_000

    /// Writes cards as CUSTOMER does: a snapshot of identity, one of customers.
    init(_ views: ViewSet) throws {
        (nanosecondsEach, bytesEach) = try Self.measure(views) { (customer, snapshot, json) in
            _ = try CustomerDocument.write(
                [customer], now: Self.now, from: snapshot, keptIn: nil, to: &json)
        }
        let cache = CardCache()
        (nanosecondsKept, _) = try Self.measure(views) { (customer, snapshot, json) in
            _ = try CustomerDocument.write(
                [customer], now: Self.now, from: snapshot, keptIn: (cache, snapshot.state),
                to: &json)
        }
        (nanosecondsPop, bytesPop) = try Self.measure(views) { (customer, snapshot, json) in
            _ = try PopDocument.write(
                PopDocument.Question(members: [customer], by: customer), now: Self.now,
                zone: { _ in nil }, from: snapshot, to: &json)
        }
    }

    private static let now = Timestamp(milliseconds: 1_767_268_800_000)

    private static func measure(
        _ views: ViewSet,
        _ write: (CustomerID, borrowing ViewSnapshot, inout JSONWriter) throws -> Void
    ) throws -> (nanoseconds: Double, bytes: Double) {
        var bytes = 0
        var json = JSONWriter()
        let begin = Clock.threadCPU()
        for _ in 0..<laps {
            for rank in ranks {
                let name = Array("crm:\(ReferenceEvents.customerValue(rank: rank))".utf8)
                guard
                    let customer = try unsafe IdentityView.customer(
                        of: name.span.bytes, views.identity.snapshot())
                else { throw BenchFailure("a customer is missing") }
                json.removeAll()
                let snapshot = try views.customers.snapshot()
                try write(customer, snapshot, &json)
                bytes += json.span.byteCount
            }
        }
        let count = Double(laps * ranks.count)
        return (Double(Clock.threadCPU() - begin) / count, Double(bytes) / count)
    }
}

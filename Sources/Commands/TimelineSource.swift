internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// Where the positions of a timeline come from.
protocol TimelineSource: ~Copyable {
    /// Adds at most so many positions from a start on, in its order.
    func find(
        _ start: TimelineQuery.Start, limit: Int, into list: inout [Position]
    ) throws(CommandError)
}

/// A stream: the log's indexes.
struct StreamSource: TimelineSource {
    let stream: StreamName
    let writer: LogWriter

    func find(
        _ start: TimelineQuery.Start, limit: Int, into list: inout [Position]
    ) throws(CommandError) {
        do throws(EventLogError) {
            switch start {
            case .from(let first):
                try writer.positions(of: stream, from: first, limit: limit, into: &list)
            case .before(let bound):
                try writer.positions(of: stream, before: bound, limit: limit, into: &list)
            }
        } catch {
            throw .log(error)
        }
    }
}

/// A customer: one state of the customers view.
struct CustomerSource: TimelineSource, ~Copyable {
    let customer: CustomerID
    let snapshot: ViewSnapshot

    func find(
        _ start: TimelineQuery.Start, limit: Int, into list: inout [Position]
    ) throws(CommandError) {
        do throws(ViewFault) {
            switch start {
            case .from(let first):
                list += try Timeline.positions(of: customer, from: first, count: limit, snapshot)
            case .before(let bound):
                list += try Timeline.positions(of: customer, before: bound, count: limit, snapshot)
            }
        } catch {
            throw .view(error)
        }
    }
}

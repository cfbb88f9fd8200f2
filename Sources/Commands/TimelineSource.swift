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

/// A person: one state of the customers view, in which each of their customers has a timeline.
struct CustomerSource: TimelineSource, ~Copyable {
    let customers: [CustomerID]
    let snapshot: ViewSnapshot
    /// Whether events count, too, that came before anybody was known whom they concern.
    var takesEarlier = false

    func find(
        _ start: TimelineQuery.Start, limit: Int, into list: inout [Position]
    ) throws(CommandError) {
        var found: [Position] = []
        do throws(ViewFault) {
            for customer in customers {
                let stream = Timeline.Stream.customer(customer)
                switch start {
                case .from(let first):
                    found += try Timeline.positions(
                        of: stream, from: first, count: limit, snapshot)
                case .before(let bound):
                    found += try Timeline.positions(
                        of: stream, before: bound, count: limit, snapshot)
                }
            }
        } catch {
            throw .view(error)
        }
        if takesEarlier, case .from(let first) = start {
            var earlier = EarlierEvents()
            do throws(ViewFault) {
                try earlier.takeThings(of: customers, snapshot)
                try earlier.takeInteractions(of: customers, from: first, snapshot)
            } catch {
                throw .view(error)
            }
            found += earlier.own.filter { $0 >= first }
        }
        if customers.count > 1 || takesEarlier {
            if case .from = start { found.sort() } else { found.sort(by: >) }
        }
        // An event that shows several of the person's identifiers stands in the timeline of each.
        let end = list.count + limit
        for position in found where position != list.last && list.count < end {
            list.append(position)
        }
    }
}

import RESP

/// What the daemon has acknowledged to the producer: for each request from the first on, the
/// positions of its events.
struct Ledger {
    private(set) var positions: [[Int64]] = []

    /// The requests that are acknowledged.
    var count: Int { positions.count }
    /// The events that are acknowledged.
    var eventCount: Int { positions.reduce(0) { $0 + $1.count } }

    /// Notes the answer to the next request.
    mutating func note(_ answer: Answer) { positions.append(answer.positions) }
}

/// An append's answer.
struct Answer {
    let positions: [Int64]
    let isRepeat: Bool

    /// Reads the reply to a request of that many events; nil when it is a refusal or malformed.
    init?(_ reply: Reply, events: Int) {
        var values = reply.elements ?? [reply]
        if values.last == .simple("REPEAT") {
            values.removeLast()
            isRepeat = true
        } else {
            isRepeat = false
        }
        let integers = values.compactMap(\.integerValue)
        guard values.count == events, integers.count == events else { return nil }
        positions = integers
    }
}

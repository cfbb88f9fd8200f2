import Client
import DaemonTesting
import RESP
import TestSupport
import Testing

/// Somebody who follows the log, and breaks off now and then.
struct Follower {
    let daemon: DaemonProcess
    let filter: FollowedEvents.Filter
    /// The positions it was pushed.
    private(set) var seen: [Int64] = []
    /// Where it goes on.
    private(set) var next: Int64

    init(_ daemon: DaemonProcess, _ filter: FollowedEvents.Filter, from: Int64) {
        self.daemon = daemon
        self.filter = filter
        next = from
    }

    /// Follows until everything up to a position has been pushed.
    mutating func follow(through goal: Int64, _ generator: inout SeededGenerator) throws {
        while next <= goal {
            let credit = generator.once(in: 3) ? nil : Int.random(in: 0...40, using: &generator)
            try followOnce(through: goal, credit, &generator)
        }
    }

    private mutating func followOnce(
        through goal: Int64, _ credit: Int?, _ generator: inout SeededGenerator
    ) throws {
        var connection = try daemon.connect()
        _ = try connection.call("HELLO", "3")
        let words =
            ["FOLLOW", "LOG", "FROM", "\(next)", "EPOCH", "1"] + filter.words
            + (credit.map { ["CREDIT", "\($0)"] } ?? [])
        let id = try #require(try connection.call(words).integerValue)
        var left = credit
        var pushesUntilGone =
            generator.once(in: 2) ? Int.random(in: 1...60, using: &generator) : .max
        while next <= goal {
            if left == 0 {
                let more = Int.random(in: 1...40, using: &generator)
                let reply = try connection.call("CREDIT", "\(id)", "\(more)")
                #expect(reply == .integer(Int64(more)))
                left = more
            }
            guard case .push(let push) = try connection.receive() else {
                Issue.record("a reply that nobody asked for")
                return
            }
            try #require(push.count >= 4 && push[0].text == "follow")
            #expect(push[1] == .integer(id))
            let position = try #require(push[3].integerValue)
            switch push[2].text {
            case "event":
                seen.append(position)
                next = position + 1
                left = left.map { $0 - 1 }
            case "live": next = position
            case "behind":
                next = position
                #expect(push[4].integerValue ?? 0 > 0)
            default: Issue.record("push \(push)")
            }
            pushesUntilGone -= 1
            if pushesUntilGone == 0 { return }
        }
    }
}

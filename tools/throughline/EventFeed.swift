import RESP

/// The log as the daemon pushes it: what is there, then what comes.
struct EventFeed {
    /// The last position when it was asked first.
    let head: UInt64
    private let filter: [String]
    /// The follow that is open, by its number.
    private var follow: Int64?
    /// Where the next read begins.
    private var position: UInt64

    /// Asks for the protocol that has pushes.
    ///
    /// - Parameter filter: What follows FROM and its value in FOLLOW LOG.
    init(_ session: inout DaemonSession, filter: [String]) throws {
        _ = try session.call(["HELLO", "3"])
        guard let head = try session.call(["HEAD"]).integerValue else {
            throw ToolFailure("HEAD answered no position")
        }
        self.head = UInt64(max(0, head))
        self.filter = filter
        position = self.head + 1
    }

    /// Returns the latest events that pass, oldest first.
    ///
    /// Complexity: Looks at ever more of the log until enough have passed.
    mutating func latest(_ session: inout DaemonSession, _ count: Int) throws -> [Document] {
        var window = filter.isEmpty ? UInt64(count) : max(UInt64(count), 4_096)
        while true {
            let start = head >= window ? head - window + 1 : 1
            var found: [Document] = []
            try read(&session, from: start) { event in
                found.append(event)
                if found.count > count + 1_024 { found.removeFirst(found.count - count) }
                return true
            }
            if found.count >= count || start == 1 { return Array(found.suffix(count)) }
            window = window.multipliedReportingOverflow(by: 8).partialValue
        }
    }

    /// Shows what is there from a position on, until `body` wants no more. `next` goes on there.
    mutating func read(
        _ session: inout DaemonSession, from start: UInt64, _ body: (Document) throws -> Bool
    ) throws {
        position = start
        try begin(&session)
        while true {
            switch try take(&session) {
            case .event(let event):
                guard try body(event) else { return try end(&session) }
            case .live:
                return try end(&session)
            }
        }
    }

    /// Waits for what comes next and shows it.
    mutating func next(
        _ session: inout DaemonSession, _ body: (Document) throws -> Void
    ) throws {
        if follow == nil { try begin(&session) }
        if case .event(let event) = try take(&session) { try body(event) }
    }

    private enum Push {
        case event(Document)
        /// All there was has been pushed.
        case live
    }

    private mutating func begin(_ session: inout DaemonSession) throws {
        let words = ["FOLLOW", "LOG", "FROM", "\(position)"] + filter
        guard let id = try session.call(words).integerValue else {
            throw ToolFailure(
                "FOLLOW answered no number; daemon and tool may be of different versions")
        }
        follow = id
    }

    private mutating func end(_ session: inout DaemonSession) throws {
        guard let id = follow else { return }
        follow = nil
        _ = try session.call(["UNFOLLOW", "\(id)"])
    }

    private mutating func take(_ session: inout DaemonSession) throws -> Push {
        while true {
            guard case .push(let parts) = try session.receive(), parts.count >= 4,
                parts[1].integerValue == follow
            else { continue }
            let place = UInt64(max(0, parts[3].integerValue ?? 0))
            switch parts[2].text {
            case "event":
                guard parts.count > 4, case .bulk(let bytes) = parts[4] else {
                    throw ToolFailure("the daemon pushed an event without a document")
                }
                position = place + 1
                return .event(Document(bytes))
            case "live":
                position = place
                return .live
            case "closing":
                throw ToolFailure("the daemon stops; go on later with --from \(place)")
            case "ended":
                let why = parts.count > 4 ? parts[4].text ?? "" : ""
                throw ToolFailure("the daemon ended it at position \(place): \(why)")
            default: continue
            }
        }
    }
}

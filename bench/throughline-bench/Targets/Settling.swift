internal import Client
internal import RESP
internal import ReferenceEvents

/// Waits until all views of a daemon have seen the head, for as long as they come nearer to it.
struct Settling {
    let socketPath: String
    /// How long all views may stand still before they are given up.
    var patienceMilliseconds = 60_000

    private static let questions = [
        ["CUSTOMER", "crm:\(ReferenceEvents.customerValue(rank: 0))"], ["QUEUE", "billing"],
        ["METRICS", "FROM", "2020-01-01T00:00:00Z", "TO", "2020-01-01T01:00:00Z"],
    ]

    /// - Throws: `BenchFailure` where no view has moved for that long.
    func run() throws {
        var connection = try Connection(socketPath: socketPath)
        guard let head = try connection.call("HEAD").integerValue else {
            throw BenchFailure("HEAD answered no position")
        }
        for words in Self.questions { try waitUntilSeen(head, words, &connection) }
    }

    private func waitUntilSeen(
        _ head: Int64, _ words: [String], _ connection: inout Connection
    ) throws {
        // Far behind, they take many times as long as one question may wait.
        var before: [String] = []
        while true {
            try Interruption.check()
            let reply = try connection.call(
                words + ["AFTER", "\(head)", "WITHIN", "\(patienceMilliseconds)"])
            guard case .error(let code, let message) = reply else { return }
            guard code == "STALE" else { throw BenchFailure("\(words[0]): \(code) \(message)") }
            let now = try positions(&connection)
            guard now != before else {
                throw BenchFailure(
                    "no view has moved for \(patienceMilliseconds) ms, head \(head): "
                        + now.joined(separator: ", "))
            }
            before = now
        }
    }

    /// The lines of INFO that tell how far views are.
    private func positions(_ connection: inout Connection) throws -> [String] {
        let text = try connection.call("INFO", "views").text ?? ""
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
            .filter { $0.contains("_position:") }
        guard !lines.isEmpty else { throw BenchFailure("INFO tells no view's position") }
        return lines
    }
}

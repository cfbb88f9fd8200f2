import Commands
import EventLog
import EventModel
import RESP

/// Single requests and their answers, for tests that say what they ask.
extension FuzzedStore {
    /// Asks one thing as who may do anything and returns the answer as text, once it is
    /// committed: a refusal with its code before it, nothing as the empty text.
    public func answer(_ words: [String]) throws(FuzzFailure) -> String {
        try catchUp()
        let session = Session(id: 2, role: .privacy, user: 0)
        defer { opened.executor.closed(session) }
        try ask(words.map { Array($0.utf8) }, session)
        try commit([session])
        let (replies, _) = try AnswerCheck.replies(
            in: session.replies.buffer, from: 0, after: words.map { Array($0.utf8) })
        guard let reply = replies.first else { throw FuzzFailure("no answer") }
        if case .error(let code, let message) = reply { return "-\(code) \(message)" }
        return reply.text ?? reply.integerValue.map { "\($0)" } ?? ""
    }

    /// Appends an event under an id of its own and returns its position.
    @discardableResult
    public func tell(_ type: String, _ words: [String]) throws(FuzzFailure) -> Int {
        let id = "told-\(UInt64.random(in: .min ... .max))"
        let answer = try answer(["APPEND", type, "source", "s", "id", id] + words)
        guard let position = Int(answer) else {
            throw FuzzFailure("\(type) \(words): \(answer)")
        }
        return position
    }

    /// Asks for every event of the log, by rising position, as it lies.
    public func events() throws(FuzzFailure) -> [String] {
        var events: [String] = []
        while events.count < Int(opened.log.head.position.rawValue) {
            events.append(try answer(["EVENT", "\(events.count + 1)"]))
        }
        return events
    }

    /// How many identifiers an event has, and moves of erased customers behind them.
    public func identifierCount(at position: UInt64) throws -> Int {
        var reader = try opened.log.makeReader()
        var count = 0
        _ = try reader.event(at: Position(position)) { (event) throws(Never) in
            count = event.identifierCount
        }
        return count
    }

    /// Lets time pass.
    public func pass(days: Int) { clock.pass(milliseconds: Int64(days) * 86_400_000) }
}

import EventLog
import RESP
import Testing

@testable import Commands

@Suite("appends in a round")
struct AppendTests {
    private let store: OpenStore
    private let session = Session(id: 1, role: .writer)

    init() throws { store = try OpenStore() }

    private func append(_ id: Int, _ more: String = "") {
        store.run("APPEND agent.loggedIn source s id \(id) agent ana\(more)", for: session)
    }

    @Test("a round that fails refuses its appends and keeps what else was said, in order")
    func failed() {
        append(1)
        store.run("APPEND agent.loggedIn source s id 2", for: session)
        append(3)
        append(3)
        store.run("NONSENSE", for: session)
        #expect(session.awaitsCommit)
        session.roundFailed(.log(.full(operation: "commit")))
        let lines = session.takeLines()
        let codes = lines.map { String($0.prefix { $0 != " " }) }
        #expect(codes == ["-FULL", "-MISSING", "-FULL", "-FULL", "-ERR"])
        #expect(!session.awaitsCommit)
    }

    @Test("the error that ends a connection stands behind the refusals of a round that fails")
    func protocolError() throws {
        append(1)
        var parser = RequestParser()
        let broken = Array("*1\r\n!\r\n".utf8)
        guard case .failure(let error) = parser.parse(unsafe broken.span.bytes) else {
            Issue.record("the bytes are a request")
            return
        }
        session.replies.error(error)
        session.roundFailed(.log(.full(operation: "commit")))
        let lines = session.takeLines()
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("-FULL ") == true)
        #expect(lines.last?.hasPrefix("-ERR Protocol error") == true)
    }

    @Test("what was answered before the first append of a round stays as it is")
    func before() {
        store.run("PING", for: session)
        append(1)
        session.roundFailed(.stopping)
        #expect(session.takeLines().map { String($0.prefix(6)) } == ["+PONG", "-STOPP"])
    }

    @Test("a round that is committed makes its answers true")
    func committed() throws {
        append(1)
        append(2)
        append(1)
        #expect(try store.executor.commitRound([session]))
        #expect(!session.awaitsCommit)
        #expect(session.takeLines() == [":1", ":2", "*2", ":1", "+REPEAT"])
        append(2)
        #expect(!session.awaitsCommit)
        #expect(session.takeLines() == ["*2", ":2", "+REPEAT"])
    }

    @Test("while the daemon stops, appends are refused, the staged ones stored, reads answered")
    func stopping() throws {
        append(1)
        let other = Session(id: 2, role: .operator)
        store.executor.beginStopping()
        store.run("APPEND agent.loggedIn source s id 2 agent ana", for: other)
        store.run("APPENDBATCH 1 7 agent.loggedIn source s id 3 agent ana", for: other)
        store.run("PING", for: other)
        #expect(
            other.takeLines() == [
                "-STOPPING the daemon is stopping; reconnect and retry",
                "-STOPPING the daemon is stopping; reconnect and retry", "+PONG",
            ])
        #expect(try store.executor.commitRound([session]))
        #expect(session.takeLines() == [":1"])
        store.run("HEAD", for: other)
        #expect(other.takeLines() == [":1"])
    }

    private func batch(_ events: String...) -> String {
        let parts = events.map { "\($0.split(separator: " ").count) \($0)" }
        store.run("APPENDBATCH \(events.count) " + parts.joined(separator: " "), for: session)
        return session.takeLines().joined()
    }

    private func login(_ id: Int, _ agent: String = "ana") -> String {
        "agent.loggedIn source s id \(id) agent \(agent)"
    }

    @Test("a batch that says an event twice is refused and names both")
    func twice() throws {
        #expect(
            batch(login(1), login(2), login(3), login(2))
                == "-PARTIALREPEAT events 2 and 4 of the batch have the same source and id; "
                + "nothing was stored; send it once")
        #expect(
            batch(login(1), login(1, "bea"))
                == "-IDCONFLICT events 1 and 2 of the batch have the same source and id and "
                + "different content; nothing was stored; give each event an id of its own")
        #expect(!store.executor.hasStaged)
    }

    @Test("twins inside a batch are told before what is stored already")
    func twiceAndStored() throws {
        append(1)
        #expect(try store.executor.commitRound([session]))
        _ = session.takeLines()
        #expect(batch(login(1), login(2), login(2)).contains("events 2 and 3 of the batch"))
        #expect(
            batch(login(2), login(1)).hasPrefix(
                "-PARTIALREPEAT 1 of 2 events are stored already, the first of them is number 2"))
        #expect(batch(login(1), login(1)) == "*3:1:1+REPEAT")
        #expect(batch(login(2), login(1, "bea")).hasPrefix("-IDCONFLICT this source and id"))
    }
}

import RESP
import Testing

@testable import Commands

@Suite("An answer of events ends where the loop has others to serve")
struct ReplyBoundTests {
    private static let count = 200
    private static let eventBytes = 8_192
    private let store: OpenStore
    private let writer = Session(id: 1, role: .writer)

    init() throws {
        store = try OpenStore()
        let text = String(repeating: "x", count: Self.eventBytes)
        for number in 1...Self.count {
            store.run("APPEND note.taken source a id \(number) crm 1 DATA \(text)", for: writer)
            #expect(try store.executor.commitRound([writer]))
            #expect(writer.takeLines() == [":\(number)"])
        }
    }

    /// Asks on from each answer's `next`; each is within the bound, and no event is left out.
    private func readAll(_ role: Role, _ request: (Int64) -> String) throws {
        // Who sees everything has longer answers than who is shown masks.
        let bytesMax = role == .privacy ? 262_144 : 65_536
        let session = Session(id: 2, role: role)
        var (next, read, answers) = (Int64(1), 0, 0)
        while read < Self.count {
            #expect(store.run(request(next), for: session) == .answered)
            let bytes = session.replies.buffer.count
            #expect(bytes <= bytesMax + 2 * Self.eventBytes, "\(bytes) bytes")
            let lines = session.takeLines()
            try #require(lines.first == "*2")
            let shown = try #require(Int(lines[2].dropFirst()))
            try #require(shown > 0)
            // All of them but those that are read in the last.
            #expect(
                shown >= bytesMax / (2 * Self.eventBytes)
                    || read + shown == Self.count)
            read += shown
            answers += 1
            next = try #require(Int64(lines[1].dropFirst()))
            #expect(next == Int64(read + 1))
        }
        #expect(
            answers >= Self.count * Self.eventBytes
                / (bytesMax + Self.eventBytes))
    }

    @Test("EVENTS goes on from next", arguments: [Role.reader, .privacy])
    func events(_ role: Role) throws { try readAll(role) { "EVENTS FROM \($0) COUNT 1000" } }

    @Test("CONSUMER READ goes on by itself", arguments: [Role.reader, .privacy])
    func consumer(_ role: Role) throws {
        _ = try store.finish("CONSUMER CREATE c FROM 1", for: writer)
        #expect(writer.takeLines() == ["+OK"])
        try readAll(role) { _ in "CONSUMER READ c COUNT 1000" }
    }
}

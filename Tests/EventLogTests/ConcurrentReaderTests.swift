import EventModel
import Synchronization
import Testing

@testable import EventLog

@Suite("Readers beside the writer")
struct ConcurrentReaderTests {
    @Test("readers on their own threads see whole committed rounds, in order, while more come")
    func prefixes() throws {
        let seed = Scale.seed
        print("concurrent readers: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let rounds = (0..<150).map { _ in Int.random(in: 1...40, using: &random) }
        var boundaries: Set<UInt64> = [0]
        var total: UInt64 = 0
        for round in rounds {
            total += UInt64(round)
            boundaries.insert(total)
        }

        let folder = try TemporaryFolder()
        let opened = try OpenLog(folder.path)
        let watch = Watch(log: opened.log, boundaries: boundaries, end: total)
        let followers = (0..<2).map { _ in TestThread { watch.follow() } }
        let jumper = TestThread { watch.jump(seed: seed) }

        var id = 0
        for (index, round) in rounds.enumerated() {
            for _ in 0..<round {
                id += 1
                try opened.stage(Self.said(id))
            }
            try opened.commit(after: Int64(index))
        }
        for thread in followers { thread.join() }
        opened.log.head.stop()
        jumper.join()
        #expect(watch.faults == [], "seed \(seed)")
        #expect(try opened.events().count == Int(total))
    }

    fileprivate static func said(_ id: Int) -> Said {
        var said = Said("\(id)")
        said.personal = [
            Attribute("text", .text(String(repeating: "\(id) ", count: 1 + id % 60)))
        ]
        return said
    }
}

/// What the readers' threads look for, and what they found wrong.
private final class Watch: Sendable {
    private let log: EventLog
    private let boundaries: Set<UInt64>
    private let end: UInt64
    private let found = Mutex<[String]>([])

    init(log: EventLog, boundaries: Set<UInt64>, end: UInt64) {
        self.log = log
        self.boundaries = boundaries
        self.end = end
    }

    var faults: [String] { found.withLock { $0 } }

    private func fault(_ text: String) { found.withLock { $0.append(text) } }

    /// Reads what has come, waits for more, until all is read.
    func follow() {
        do {
            var reader = try log.makeReader()
            var next = Position(1)
            while next.rawValue <= end {
                guard log.head.wait(beyond: Position(next.rawValue - 1)) else {
                    return fault("stopped before \(next)")
                }
                let head = log.head.position
                if !boundaries.contains(head.rawValue) { fault("head \(head) is within a round") }
                var expected = next
                next = try reader.events(from: next, through: head) { (event) throws(Never) in
                    if event.position != expected { fault("\(event.position) after \(expected)") }
                    check(event)
                    expected = expected.next
                    return true
                }
                if next != head.next { fault("came to \(next), head \(head)") }
            }
        } catch {
            fault("\(error)")
        }
    }

    /// Reads single events anywhere up to the head, until the signal stops.
    func jump(seed: UInt64) {
        do {
            var random = SeededRandom(seed: seed &+ 1)
            var reader = try log.makeReader()
            while !log.head.isStopped {
                let head = log.head.position.rawValue
                guard head > 0 else { continue }
                let position = Position(UInt64.random(in: 1...head, using: &random))
                let isThere = try reader.event(at: position) { (event) throws(Never) in
                    if event.position != position { fault("\(event.position), not \(position)") }
                    check(event)
                }
                if !isThere { fault("nothing at \(position), head \(head)") }
            }
        } catch {
            fault("\(error)")
        }
    }

    private func check(_ event: borrowing EventView) {
        let id = Int(event.position.rawValue)
        if event.copied().draft != ConcurrentReaderTests.said(id).draft {
            fault("event \(id) has other content")
        }
    }
}

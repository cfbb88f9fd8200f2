import Client
import DaemonTesting
import RESP
import TestSupport
import Testing

/// One store that is killed again and again while one producer sends it a centre's events.
///
/// The producer sends in order on one connection and goes on from the first request without an
/// answer. So whatever the log holds is a beginning of what was sent, cut between two requests.
final class CrashRun {
    let centre: ProducedCentre
    let daemon: DaemonProcess
    private(set) var ledger = Ledger()
    private var random: SeededGenerator

    init(_ centre: ProducedCentre, seed: UInt64) throws {
        self.centre = centre
        daemon = try DaemonProcess()
        random = SeededGenerator(seed: seed)
    }

    /// Starts the daemon on a log of small segments, so that a short run begins many.
    private func start(failpoint: String? = nil) throws -> Bool {
        try daemon.start(
            failpoint: failpoint,
            arguments: [
                "--segment-events", "4", "--stride-bytes", "1000", "--journal-bytes", "10485760",
            ])
    }

    /// Starts the daemon and sends until it has died.
    ///
    /// - Returns: Whether it died as told; everything being sent, it may not have come to that.
    func die(by kill: Kill) throws -> Bool {
        if ledger.count > 0 { try expectVerified() }
        guard try start(failpoint: kill.failpoint) else {
            #expect(daemon.waitUntilKilled(), "\(kill): the daemon gave up before it listened")
            return true
        }
        do {
            if ledger.count > 0 { try expectLog() }
            if try produce(dying: kill) {
                daemon.killNow()
                return true
            }
            try askAll()
            if kill.failpoint != nil {
                try daemon.seal()
                // What the daemon does behind its answers it does at the latest when it ends.
                _ = daemon.stop()
                return daemon.waitUntilKilled()
            }
        } catch is ClientError {
            #expect(daemon.waitUntilKilled(), "\(kill): the daemon closed but was not killed")
            return true
        }
        daemon.killNow()
        return false
    }

    /// Sends what has no answer yet; returns true when it is time for a kill by signal.
    private func produce(dying kill: Kill) throws -> Bool {
        var acknowledgements = Int.max
        if case .signal(let count) = kill { acknowledgements = count }
        var connection = try daemon.connect()
        while ledger.count < centre.requests.count {
            let first = ledger.count
            let count = Int.random(in: 1...6, using: &random)
            let window = centre.requests[first..<min(first + count, centre.requests.count)]
            for request in window { connection.send(request.words) }
            let asks = Bool.random(using: &random)
            let head = ledger.eventCount + window.reduce(0) { $0 + $1.events.count }
            if asks { connection.send(["QUEUES", "AFTER", "\(head)", "WITHIN", "60000"]) }
            for request in window {
                note(try connection.receive(), to: request)
                acknowledgements -= 1
                if acknowledgements == 0 { return true }
            }
            if asks {
                let reply = try connection.receive()
                #expect(!reply.isError, "\(reply)")
            }
        }
        return false
    }

    private func note(_ reply: Reply, to request: ProducedRequest) {
        guard let answer = Answer(reply, events: request.events.count) else {
            Issue.record("request \(ledger.count) was answered \(reply)")
            return
        }
        #expect(
            answer.positions == positions(behind: ledger.eventCount, request),
            "acknowledged out of order or with a gap")
        ledger.note(answer)
    }

    private func positions(behind count: Int, _ request: ProducedRequest) -> [Int64] {
        (0..<request.events.count).map { Int64(count + $0 + 1) }
    }

    /// Makes every view fold everything.
    private func askAll() throws { _ = try ViewDocuments(of: centre, from: daemon) }

    /// Checks that the log is whole: every acknowledged event at its position with its content,
    /// positions without gaps, nothing twice, no batch in parts, nothing that was never sent.
    func expectLog() throws {
        let stored = try ServedLog(of: daemon)
        #expect(stored.head == Int64(stored.events.count))
        #expect(stored.positions == (0..<stored.events.count).map { Int64($0 + 1) })
        #expect(stored.head >= Int64(ledger.eventCount), "an acknowledged event is lost")
        let sent = centre.events
        #expect(stored.events == Array(sent.prefix(stored.events.count)))
        #expect(requestCount(storing: stored.events.count) != nil, "a batch is stored in parts")
    }

    /// How many requests make that many events; nil when the count falls inside one.
    private func requestCount(storing events: Int) -> Int? {
        var (count, sum) = (0, 0)
        while sum < events, count < centre.requests.count {
            sum += centre.requests[count].events.count
            count += 1
        }
        return sum == events ? count : nil
    }

    /// Restarts for good, sends everything again from the first on and returns what views say.
    func finish() throws -> ViewDocuments {
        try #require(try start())
        try expectLog()
        let head = try ServedLog(of: daemon).head
        let known = try #require(requestCount(storing: Int(head)))
        try sendAll(known: known)
        try sendAll(known: centre.requests.count)
        try expectLog()
        let documents = try ViewDocuments(of: centre, from: daemon)
        #expect(daemon.stop() == 0)
        try expectVerified()
        return documents
    }

    /// Checks that the tool finds nothing wrong with what a death, or an orderly end, has left.
    private func expectVerified() throws {
        let (code, output, error) = try daemon.tool(["verify", daemon.store])
        #expect(code == 0, "\(output)\(error)")
    }

    /// Sends every request; the first `known` of them must be repeats, the others new.
    private func sendAll(known: Int) throws {
        var connection = try daemon.connect()
        for request in centre.requests { connection.send(request.words) }
        var events = 0
        for (index, request) in centre.requests.enumerated() {
            let reply = try connection.receive()
            guard let answer = Answer(reply, events: request.events.count) else {
                Issue.record("request \(index), sent again, was answered \(reply)")
                continue
            }
            #expect(answer.positions == positions(behind: events, request))
            #expect(answer.isRepeat == (index < known), "request \(index) of \(known) known")
            events += request.events.count
        }
    }
}

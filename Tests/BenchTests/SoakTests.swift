import Synchronization
import Testing

@testable import throughline_bench

@Suite("What a soak makes of a server that dies or forgets")
struct SoakTests {
    /// Appends only, the n-th `APPEND n`.
    private static var kinds: [MixedLoop.Kind] {
        [
            MixedLoop.Kind(name: "APPEND", perSecond: 200, connections: 2, keepsPositions: true) {
                $1 += RESPRequest.bytes("APPEND", "\($0)")
            }
        ]
    }

    private static func pass(
        _ server: FakeServer, endsServer: Bool, after: Double = 0.2,
        _ begin: @escaping () throws -> Void
    ) throws -> MixedLoop.Progress {
        let stretch = SoakStretch(socketPath: server.path, kinds: kinds) { progress in
            try progress[0].positions.check(server.path, except: { _ in false }) {
                $1 += RESPRequest.bytes("APPEND", "\($0)")
            }
        }
        var progress = [MixedLoop.Progress()]
        _ = try stretch.run(
            seconds: 0.5, progress: &progress,
            .init(after: after, endsServer: endsServer, begin: begin))
        return progress[0]
    }

    /// A log of so many events that knows what it has.
    private final class Log: Sendable {
        private let positions = Mutex<[String: Int]>([:])

        func answer(_ words: [String]) -> String {
            positions.withLock { positions in
                guard words[0] == "APPEND" else { return ":\(positions.count)\r\n" }
                if let known = positions[words[1]] { return "*2\r\n:\(known)\r\n+REPEAT\r\n" }
                positions[words[1]] = positions.count + 1
                return ":\(positions.count)\r\n"
            }
        }

        /// Forgets the newest, as one does that has not written what it answered.
        func forget(_ count: Int) {
            positions.withLock { positions in
                let last = positions.count - count
                positions = positions.filter { $0.value <= last }
            }
        }
    }

    @Test("an end that was planned is passed over, and what was answered before is known")
    func planned() throws {
        let log = Log()
        let server = try FakeServer { words, _ in log.answer(words) }
        defer { server.stop() }
        let progress = try Self.pass(server, endsServer: true) { server.closeAll() }
        #expect(progress.answered == progress.next)
        #expect(progress.unanswered.isEmpty)
        #expect(progress.next >= 90)
    }

    @Test("a server that forgets what it answered last is found, by its head or by its answers")
    func forgets() throws {
        for refills in [false, true] {
            let log = Log()
            let server = try FakeServer { words, _ in log.answer(words) }
            defer { server.stop() }
            let failure = #expect(throws: BenchFailure.self) {
                try Self.pass(server, endsServer: true) {
                    log.forget(10)
                    // Others append meanwhile: the head alone would not tell.
                    if refills {
                        for number in 0..<10 { _ = log.answer(["APPEND", "x\(number)"]) }
                    }
                    server.closeAll()
                }
            }
            #expect(failure?.description.hasPrefix("LOST") == true)
        }
    }

    @Test(
        "an answer that is an error fails the minute, whatever happens in it",
        arguments: [true, false])
    func errors(endsServer: Bool) throws {
        let server = try FakeServer { _, number in number == 3 ? "-ERR x\r\n" : ":\(number)\r\n" }
        defer { server.stop() }
        let failure = #expect(throws: BenchFailure.self) {
            try Self.pass(server, endsServer: endsServer) { server.closeAll() }
        }
        #expect(failure?.description.contains("-ERR x") == true)
    }

    @Test(
        "an end before the planned one, or where none is planned, fails the minute",
        arguments: [true, false])
    func early(endsServer: Bool) throws {
        let server = try FakeServer { _, number in number == 5 ? nil : ":\(number)\r\n" }
        defer { server.stop() }
        let failure = #expect(throws: BenchFailure.self) {
            try Self.pass(server, endsServer: endsServer) { server.closeAll() }
        }
        #expect(failure?.kind == .closed)
    }

    @Test("a server that goes on though it was to end fails the minute")
    func noEnd() throws {
        let server = try FakeServer { _, number in ":\(number)\r\n" }
        defer { server.stop() }
        #expect(throws: BenchFailure.self) { try Self.pass(server, endsServer: true) {} }
    }

    @Test("how long the server was away is in the latencies of what was due meanwhile")
    func outage() throws {
        let log = Log()
        let server = try FakeServer { words, _ in log.answer(words) }
        defer { server.stop() }
        let stretch = SoakStretch(socketPath: server.path, kinds: Self.kinds) { _ in
            let end = Clock.now() + 200_000_000
            while Clock.now() < end {}
        }
        var progress = [MixedLoop.Progress()]
        let measured = try stretch.run(
            seconds: 0.5, progress: &progress,
            .init(after: 0.1, endsServer: true) { server.closeAll() })
        #expect(measured[0].round.max >= 190_000)
        #expect(measured[0].round.p50 >= 1_000 || progress[0].next >= 90)
    }

    private func sample(
        _ minute: Int, in happening: String = "seal", since: Double = 100, memory: Double,
        files: Int = 50
    ) -> SoakSample {
        SoakSample(
            minute: minute, happening: happening, sinceStart: since, memoryMiB: memory,
            files: files, segments: 3, connections: 10)
    }

    @Test(
        "memory that grows and files that nothing explains are faults; a fresh daemon is no measure"
    )
    func flat() {
        #expect(SoakSample.faults([sample(3, memory: 100), sample(8, memory: 150)]).isEmpty)
        #expect(SoakSample.faults([sample(3, memory: 100), sample(8, memory: 170)]).count == 1)
        // In the first quarter it fills up.
        #expect(SoakSample.faults([sample(2, memory: 10), sample(8, memory: 170)]).isEmpty)
        #expect(
            SoakSample.faults([sample(3, since: 40, memory: 10), sample(8, memory: 170)]).isEmpty)
        #expect(
            SoakSample.faults([sample(3, in: "kill", memory: 10), sample(8, memory: 170)]).isEmpty)
        #expect(SoakSample.faults([sample(1, memory: 100, files: 59)]).isEmpty)
        #expect(SoakSample.faults([sample(1, memory: 100, files: 60)]).count == 1)
    }
}

import Client
import DaemonTesting
import Foundation
import RESP
import Testing

/// A daemon one of whose calls fails, what its producer hears, and what is there after a restart.
final class FaultRun {
    /// How the daemon took it.
    enum End: Equatable {
        /// It ended before it listened.
        case didNotStart(code: Int32?)
        /// It ended by itself, so many milliseconds after the call.
        case ended(code: Int32?, afterMilliseconds: Int64)
        /// It took everything, after so many refusals, and ended when asked.
        case wentOn(code: Int32, refusals: Int)
        /// The call was never made.
        case notReached
    }

    private let fault: Fault?
    private let producer: Producer
    private let daemon: DaemonProcess
    private var answered = 0
    private var refusals = 0
    /// The call that failed, once `run` is through; nil when it was never made.
    private(set) var failed: Failed?

    /// A call as it was in a run: threads do not repeat theirs exactly.
    struct Failed {
        let entry: Recording.Entry
        /// The file's path.
        var path: String { entry.text }

        /// Whether it wrote a meta page of LMDB, whose environment is lost then, in a file that the
        /// daemon lives on; one under a temporary name is given up and made again.
        var endsEnvironment: Bool {
            entry.flags & Recording.Entry.meta != 0 && !path.hasSuffix(".new")
        }

        init?(in recording: String) throws {
            let entries = try Recording(path: recording).entries
            guard let entry = entries.first(where: { $0.kind == .failed }) else { return nil }
            self.entry = entry
        }
    }

    var recording: String { daemon.folder.path + "/recording" }

    init(_ fault: Fault?, _ producer: Producer) throws {
        self.fault = fault
        self.producer = producer
        daemon = try DaemonProcess()
    }

    /// Runs to the end, restarts, and compares.
    func run() throws -> End {
        let end = try runFaulty()
        try expectAnswered()
        try expectGoesOn()
        return end
    }

    private func runFaulty() throws -> End {
        let listens = try daemon.start(
            arguments: RecordedRun.arguments,
            environment: Recorder.environment(
                of: daemon, recording: recording, fault: fault?.description), quietly: true)
        defer { failed = try? Failed(in: recording) }
        guard listens else { return .didNotStart(code: daemon.waitForExitCode()) }
        do {
            try produce()
        } catch is ClientError {
            let code = daemon.waitForExitCode()
            return .ended(code: code, afterMilliseconds: try millisecondsSinceFault() ?? 0)
        }
        let code = daemon.stop()
        guard try millisecondsSinceFault() != nil else { return .notReached }
        return .wentOn(code: code, refusals: refusals)
    }

    /// Sends one request after the other, each until it is taken.
    private func produce() throws {
        var connection = try daemon.connect()
        for request in producer.requests {
            let patience = ContinuousClock.now + .seconds(60)
            while true {
                let reply = try connection.call(request.words)
                if let positions = Self.positions(reply) {
                    let first = answered + 1
                    #expect(positions == (0..<request.events.count).map { Int64(first + $0) })
                    answered += request.events.count
                    break
                }
                refusals += 1
                guard reply.isError, "\(reply)".contains("FULL"), ContinuousClock.now < patience
                else {
                    throw UnexpectedReply(command: "\(String(describing: fault))", reply: reply)
                }
            }
        }
    }

    private static func positions(_ reply: Reply) -> [Int64]? {
        guard !reply.isError else { return nil }
        return (reply.elements ?? [reply]).compactMap(\.integerValue)
    }

    /// The time since the call that failed; nil when none did.
    private func millisecondsSinceFault() throws -> Int64? {
        var now = timespec()
        guard let failed = try Failed(in: recording)?.entry,
            unsafe clock_gettime(CLOCK_MONOTONIC, &now) == 0
        else { return nil }
        return (Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - failed.number) / 1_000_000
    }

    /// Whatever was answered is there, in whole requests, and nothing that was never sent.
    private func expectAnswered() throws {
        let fault = fault?.description ?? "no fault"
        let found = try texts()
        let sent = producer.requests.flatMap(\.events).map(\.text)
        #expect(found.count >= answered, "\(fault): \(answered) answered")
        #expect(found == Array(sent.prefix(found.count)), "\(fault)")
        #expect(found.isEmpty || producer.ends.contains(found.count), "\(fault)")
    }

    /// A daemon without faults takes everything, sent again, each event once.
    private func expectGoesOn() throws {
        let fault = fault?.description ?? "no fault"
        try #require(try daemon.start(arguments: RecordedRun.arguments), "\(fault): no restart")
        var connection = try daemon.connect()
        for request in producer.requests { connection.send(request.words) }
        for _ in producer.requests {
            let reply = try connection.receive()
            #expect(!reply.isError, "\(fault): \(reply)")
        }
        #expect(daemon.stop() == 0, "\(fault)")
        let verified = try daemon.tool(["verify", daemon.store])
        #expect(verified.code == 0, "\(fault): \(verified.output)\(verified.error)")
        for name in try FileManager.default.contentsOfDirectory(atPath: daemon.store + "/log")
        where name.hasSuffix(".segment") {
            let first = Int(name.dropLast(".segment".count)) ?? 0
            #expect(first % RecordedRun.segmentEvents == 1, "\(fault): \(name)")
        }
        #expect(try texts() == producer.requests.flatMap(\.events).map(\.text), "\(fault)")
    }

    /// The texts of all events of the store.
    private func texts() throws -> [String] {
        let records = try OpenedLog(daemon.store).records()
        let events = producer.requests.flatMap(\.events)
        return records.enumerated().map { index, record in
            // A record ends with its text.
            let expected = index < events.count ? events[index].text : ""
            let text = String(decoding: record.suffix(expected.utf8.count), as: UTF8.self)
            return index < events.count && text == expected ? text : "another event"
        }
    }
}

import Client
import DaemonTesting
import EventLog
import Foundation
import RESP
import TestSupport
import Testing

/// A daemon under load while a recorder notes what it does to its store.
struct RecordedRun {
    /// What the store is when the daemon starts.
    enum Beginning {
        /// There is none.
        case nothing
        /// It is empty, and its journal so small that it goes round often.
        case smallJournal
        /// The same, and appends are answered before the disk has them.
        case unflushed
        /// As `smallJournal`; a consumer's place is kept, a person is forgotten.
        case erasing

        /// Whether an answer says that the disk has it.
        var promises: Bool { self != .unflushed }
    }

    let producer: Producer
    private let seed: UInt64
    private let daemon: DaemonProcess

    init(_ beginning: Beginning, requests: Int, seed: UInt64, folder: String) throws {
        producer = Producer(requests: requests, seed: seed)
        self.seed = seed
        daemon = try DaemonProcess()
        var before = RecordingWriter()
        if beginning != .nothing {
            try makeStore()
            try before.describe(daemon.store, as: "store")
        }
        before.flush(try RecordingWriter.inode(daemon.folder.path), "")
        try before.write(to: folder + "/recording")
        try daemon.start(
            arguments: Self.arguments
                + (beginning.promises ? [] : ["--durability", "interval:1"]),
            environment: Recorder.environment(of: daemon, recording: folder + "/recording"))
        try produce()
        #expect(daemon.stop() == 0)
        try readBack().write(to: folder + "/reference")
    }

    /// Small segments, so that a short run begins many.
    static let segmentEvents = 16
    static let arguments = [
        "--segment-events", "\(segmentEvents)", "--stride-bytes", "1000", "--journal-bytes",
        "10485760",
    ]

    private func makeStore() throws {
        let opened = try OpenedLog(daemon.store)
        opened.log.close()
    }

    private func produce() throws {
        var random = SeededGenerator(seed: seed)
        var connection = try daemon.connect()
        var next = 0
        while next < producer.requests.count {
            let count = Int.random(in: 1...6, using: &random)
            let window = producer.requests[next..<min(next + count, producer.requests.count)]
            for request in window { connection.send(request.words) }
            for _ in window {
                let reply = try connection.receive()
                #expect(!reply.isError, "\(reply)")
            }
            next += window.count
        }
    }

    /// Reads the log as it is in the end, and compares it with what was sent.
    private func readBack() throws -> Reference {
        let opened = try OpenedLog(daemon.store)
        let records = try opened.records()
        let sent = producer.requests.flatMap(\.events)
        #expect(records.count == sent.count)
        for (record, event) in zip(records, sent) {
            #expect(record.count >= event.text.utf8.count)
            #expect(record.suffix(event.text.utf8.count).elementsEqual(event.text.utf8))
        }
        return Reference(records: records, ends: producer.ends)
    }
}

/// The library that is preloaded into daemons.
enum Recorder {
    static var library: String {
        DaemonProcess.programs.appendingPathComponent("libStoreRecorder.so").path
    }

    /// The environment in which a daemon is recorded and, if told so, one of its calls fails.
    static func environment(
        of daemon: DaemonProcess, recording: String, fault: String? = nil
    ) -> [String: String] {
        var environment = [
            "LD_PRELOAD": library, "THROUGHLINE_RECORDER_ROOT": daemon.folder.path,
            "THROUGHLINE_RECORDER_LOG": recording,
        ]
        environment["THROUGHLINE_RECORDER_FAULT"] = fault
        return environment
    }
}

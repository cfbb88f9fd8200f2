import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport

/// A store of several segments, with indexes, views and a journal, of which a copy with one wrong
/// bit is given to a daemon again and again.
struct FlippedStore {
    /// What came of one wrong bit.
    enum Outcome: String, CaseIterable {
        /// Nobody came to it, or it was in an unused place.
        case right
        /// The daemon did not start, and said why.
        case refused
        /// Something could not be read, and the daemon said so.
        case told
        /// The daemon died, and the next start served, or said why not.
        case diedThenServed, diedThenRefused
        /// Other content than was written, or less of it, as if it were right.
        case wrong
        /// One start after the other died.
        case diesAgain
    }

    /// Where a bit is.
    struct Place: CustomStringConvertible {
        let file: String
        let offset: Int
        let bit: UInt8

        var description: String { "bit \(bit) of byte \(offset) of \(file)" }
    }

    static let arguments = [
        "--segment-events", "16", "--stride-bytes", "1000", "--journal-bytes", "10485760",
    ]

    private let centre: ProducedCentre
    private let files: [String: Data]
    private let documents: ViewDocuments

    init(seed: UInt64) throws {
        centre = ProducedCentre(seed: seed, interactions: 24)
        let daemon = try DaemonProcess()
        guard try daemon.start(arguments: Self.arguments) else {
            throw CocoaError(.featureUnsupported)
        }
        var connection = try daemon.connect()
        // Each in a round of its own: a round stays in memory until a segment holds all of it.
        for request in centre.requests { _ = try connection.call(request.words) }
        documents = try ViewDocuments(of: centre, from: daemon)
        guard daemon.stop() == 0 else { throw CocoaError(.featureUnsupported) }
        var files: [String: Data] = [:]
        for name in FileManager.default.subpaths(atPath: daemon.store) ?? [] {
            let path = daemon.store + "/" + name
            var isFolder: ObjCBool = false
            _ = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            if !isFolder.boolValue, !name.hasSuffix("-lock") {
                files[name] = try Data(contentsOf: URL(fileURLWithPath: path))
            }
        }
        self.files = files
    }

    /// Chooses a bit: of each kind of file as often, in one of its bytes that is not 0 or any.
    func place(_ random: inout SeededGenerator) -> Place {
        let kinds = [".segment", ".index", ".view", "journal", "store.json"]
        let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
        let names = files.keys.filter { $0.hasSuffix(kind) }.sorted()
        let name = names[Int.random(in: 0..<names.count, using: &random)]
        let file = files[name] ?? Data()
        let anyByte = kind != "journal" && Bool.random(using: &random)
        while true {
            let offset = Int.random(in: 0..<file.count, using: &random)
            let bit = UInt8.random(in: 0..<8, using: &random)
            // By this bit of the meta pages liblmdb takes the state before the newest for the
            // newest, as far as anything in the file can tell.
            if offset < 8_192, offset % 4_096 == 144, name.contains("/") { continue }
            if anyByte || file[offset] != 0 { return Place(file: name, offset: offset, bit: bit) }
        }
    }

    /// Gives a daemon the store with a bit flipped, and looks at everything.
    func flip(_ place: Place) throws -> Outcome {
        let daemon = try DaemonProcess()
        try write(to: daemon.store, flipping: place)
        var deaths = 0
        while deaths < 4 {
            guard try daemon.start(arguments: Self.arguments, quietly: true) else {
                guard daemon.waitForExitCode() != nil else {
                    deaths += 1
                    continue
                }
                return deaths == 0 ? .refused : .diedThenRefused
            }
            do {
                let outcome = try look(daemon)
                if outcome == .wrong { return .wrong }
                _ = daemon.stop()
                return deaths == 0 ? outcome : .diedThenServed
            } catch is ClientError {
                // One that ends by itself has said why.
                guard daemon.waitForExitCode() == nil else { return .told }
                deaths += 1
            }
        }
        return .diesAgain
    }

    private func look(_ daemon: DaemonProcess) throws -> Outcome {
        var outcome = Outcome.right
        func look(_ question: () throws -> Bool) throws {
            do {
                if try !question() { outcome = .wrong }
            } catch is UnexpectedReply {
                if outcome == .right { outcome = .told }
            }
        }
        try look { try ServedLog(of: daemon).events == centre.events }
        try look { try ViewDocuments(of: centre, from: daemon) == documents }
        try look {
            // What is stored is still known.
            var connection = try daemon.connect()
            let reply = try connection.call(centre.requests[0].words)
            if reply.isError { throw UnexpectedReply(command: "APPEND", reply: reply) }
            return Answer(reply, events: centre.requests[0].events.count)?.isRepeat == true
        }
        return outcome
    }

    private func write(to store: String, flipping place: Place) throws {
        for folder in ["/log", "/views"] {
            try FileManager.default.createDirectory(
                atPath: store + folder, withIntermediateDirectories: true)
        }
        for (name, contents) in files {
            var contents = contents
            if name == place.file { contents[place.offset] ^= 1 << place.bit }
            try contents.write(to: URL(fileURLWithPath: store + "/" + name))
        }
    }
}

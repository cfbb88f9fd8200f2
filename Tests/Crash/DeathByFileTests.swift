import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("A daemon that dies while it reads a damaged file")
struct DeathByFileTests {
    private let daemon: DaemonProcess
    private let centre = ProducedCentre(seed: 5, interactions: 16)
    private let documents: ViewDocuments

    private var mark: String { daemon.store + "/CRASHED" }
    private var isMarked: Bool { FileManager.default.fileExists(atPath: mark) }
    private var isSetAside: Bool {
        FileManager.default.fileExists(atPath: segment.path + ".set-aside")
    }
    private var segment: URL {
        URL(fileURLWithPath: daemon.store + "/log/00000000000000000001.segment")
    }

    init() throws {
        daemon = try DaemonProcess()
        #expect(try daemon.start(arguments: FlippedStore.arguments))
        var connection = try daemon.connect()
        // Each in a round of its own: a round stays in memory until a segment holds all of it.
        for request in centre.requests { _ = try connection.call(request.words) }
        documents = try ViewDocuments(of: centre, from: daemon)
    }

    private func cut(_ name: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: daemon.store + "/" + name))
        try file.truncate(atOffset: 8_192)
        try file.close()
    }

    @Test("of a view leaves its name, and the next start makes that view anew")
    func view() throws {
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: daemon.store + "/views").first {
                $0.hasPrefix("queues-v") && $0.hasSuffix(".view")
            })
        try cut("views/" + name)
        #expect(throws: ClientError.self) { _ = try ViewDocuments(of: centre, from: daemon) }
        #expect(daemon.waitForExitCode() == nil)
        let said = try String(contentsOfFile: mark, encoding: .utf8)
        #expect(said == "07\n\(daemon.store)/views/\(name)")
        #expect(try daemon.start(arguments: FlippedStore.arguments, quietly: true))
        #expect(!isMarked)
        #expect(try ViewDocuments(of: centre, from: daemon).differences(from: documents) == [])
        #expect(daemon.stop() == 0)
    }

    @Test("of a segment has the next one set it aside and serve the rest until it is restored")
    func damagedSegment() throws {
        #expect(daemon.stop() == 0)
        let whole = try Data(contentsOf: segment)
        try lengthenBlock(whole).write(to: segment)
        // The address at which a process dies may lie in the mapping of the file behind, which is
        // then made anew; the second time every file is checked.
        var deaths = 0
        while deaths < 3 {
            try #require(try daemon.start(arguments: FlippedStore.arguments, quietly: true))
            if isSetAside { break }
            #expect(throws: ClientError.self) { _ = try ServedLog(of: daemon) }
            #expect(daemon.waitForExitCode() == nil)
            #expect(isMarked)
            deaths += 1
        }
        #expect((1...2).contains(deaths))
        #expect(!isMarked && isSetAside)
        var connection = try daemon.connect()
        for _ in 0..<2 {
            let event = try connection.call("EVENT", "1")
            #expect(event.isError && "\(event)".contains("DAMAGED"), "\(event)")
        }
        let later = try connection.call("EVENTS", "FROM", "17", "COUNT", "16")
        #expect(later.elements?.last?.elements?.count == 16, "\(later)")
        let queues = try connection.call("QUEUES")
        #expect(!queues.isError, "\(queues)")
        // Appends go on, and are still once.
        let head = try #require(try connection.call("HEAD").integerValue)
        let note = ["APPEND", "note.taken", "source", "z", "id", "1"]
        #expect(try connection.call(note) == .integer(head + 1))
        #expect(try connection.call(note).elements?.first == .integer(head + 1))
        // Whether it is the same event cannot be told.
        let again = try connection.call(centre.requests[0].words)
        #expect(again.isError && "\(again)".contains("DAMAGED"), "\(again)")
        #expect(daemon.stop() == 0)
        try whole.write(to: segment)
        #expect(try daemon.start(arguments: FlippedStore.arguments, quietly: true))
        #expect(!isMarked && !isSetAside)
        let events = try ServedLog(of: daemon).events
        #expect(Array(events.dropLast()) == centre.events)
        #expect(daemon.stop() == 0)
    }

    /// Has LMDB take the first block for 256 MiB longer than it is: the high half of its length
    /// stands six bytes before its key, of which this finds key and beginning.
    private func lengthenBlock(_ file: Data) throws -> Data {
        var file = file
        let start = Data([8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])
        var rest = file.startIndex..<file.endIndex
        var found = 0
        while let place = file.range(of: start, in: rest) {
            file[place.lowerBound - 3] = 0x10
            rest = place.upperBound..<file.endIndex
            found += 1
        }
        #expect(found > 0)
        return file
    }

    @Test("of nobody knows what has every file checked, and changes nothing when all are well")
    func unknown() throws {
        #expect(daemon.stop() == 0)
        try Data("11\n".utf8).write(to: URL(fileURLWithPath: mark))
        #expect(try daemon.start(arguments: FlippedStore.arguments, quietly: true))
        #expect(!isMarked)
        #expect(try ViewDocuments(of: centre, from: daemon).differences(from: documents) == [])
        #expect(daemon.stop() == 0)
    }
}

import EventModel
import Foundation
import LMDB
import Testing
import Zstd

@testable import EventLog

/// A store that a program of format version 1 has written, kept as it was: each file compressed, in
/// `KeptStore-1`. `THROUGHLINE_RECORD=kept` writes it anew, which only a new format has a reason for.
@Suite("A kept store of format version 1")
struct KeptStoreTests {
    private static let count = 150
    private static let files = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("KeptStore-1")
    private static let sizes: LogSizes = {
        var sizes = LogSizes()
        sizes.segmentEvents = 64
        sizes.strideBytes = 8_192
        sizes.journalBytes = LogLimits.journalBytesMin
        return sizes
    }()

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func said(_ id: Int) -> Said {
        var said = Said("kept-\(id)")
        said.type = id % 5 == 0 ? "message.sent" : "note.taken"
        said.occurred = 1_767_225_600_000 + Int64(id) * 1_000
        said.open = [
            Attribute("interaction", .ref("i-\(id / 6)")),
            Attribute("retries", .integer(Int64(id))),
            Attribute("total", .money(minorUnits: Int64(id) * 99, currency: "EUR")),
            Attribute("urgent", .boolean(id % 2 == 0)),
        ]
        said.personal = [Attribute("text", .text("what customer \(id % 9) said, número \(id)"))]
        said.identifiers = [Identifier(kind: "phone", value: "+3491100\(1_000 + id % 9)")]
        said.data = id % 4 == 0 ? Array("payload of \(id)".utf8) : []
        return said
    }

    /// Two segments sealed, of which two events are erased; one that grows, and a journal with more.
    private func write() throws {
        do {
            let opened = try OpenLog(folder.path, sizes: Self.sizes)
            for id in 1...Self.count - 1 { try opened.append([Self.said(id)]) }
            opened.log.settleSealing()
            var erased = ErasedPositions()
            let pattern = ErasedPositions.Pattern([.init(identifier: 0, customer: 0, person: 0)])
            for position in [3, 70] as [UInt64] { erased.add(Position(position), pattern) }
            let erasure = Erasure(
                number: 1, position: Position(UInt64(Self.count)),
                what: .person(
                    Surrogate(drawing: { 77 << 20 }), erased: erased, quoted: ErasedPositions()))
            try opened.append([Self.said(Self.count)])
            opened.log.erasures.add(erasure)
            opened.writer.endSegment()
            opened.log.settleSealing()
            opened.log.scrub(through: erasure.position)
            opened.log.settleSealing()
            #expect(opened.log.scrubbing.through == erasure.position)
            for id in 1...9 { try opened.append([Self.said(1_000 + id)]) }
            try opened.writer.close()
        }
        try? FileManager.default.removeItem(at: Self.files)
        try FileManager.default.createDirectory(
            at: Self.files.appendingPathComponent("log"), withIntermediateDirectories: true)
        var compressor = try Compressor(level: 19, checksum: true)
        for name in try names(in: folder.path) {
            let bytes = try File.contents(folder.path + "/" + name)
            var frame: [UInt8] = []
            try compressor.compress(bytes.rawSpan, into: &frame)
            try File.write(frame, to: Self.files.path + "/" + name + ".zst")
        }
    }

    private func names(in folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
            name == "store.json.zst" || name == "store.json" || name.hasPrefix("journal")
                || name.hasPrefix("log/") && !name.hasSuffix("-lock")
        }
    }

    private func unpack() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path + "/log", withIntermediateDirectories: true)
        var decompressor = try Decompressor()
        for name in try names(in: Self.files.path) {
            let frame = try File.contents(Self.files.path + "/" + name)
            var bytes: [UInt8] = []
            try decompressor.decompress(frame.rawSpan, limit: 64 << 20, into: &bytes)
            try File.write(bytes, to: folder.path + "/" + name.dropLast(4))
        }
    }

    @Test("is read, verified, known and gone on with", arguments: [false, true])
    func kept(withoutIndexes: Bool) throws {
        if ProcessInfo.processInfo.environment["THROUGHLINE_RECORD"] == "kept", !withoutIndexes {
            try write()
            try FileManager.default.removeItem(atPath: folder.path)
        }
        try unpack()
        #expect(try VerifiedStore.report(folder.path).faults == [])
        if withoutIndexes {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/log")
            where !name.hasSuffix(".segment") {
                try FileManager.default.removeItem(atPath: folder.path + "/log/" + name)
            }
        }
        let opened = try OpenLog(folder.path, seed: 5, sizes: Self.sizes)
        let ids = Array(1...Self.count) + (1_001...1_009)
        let events = try opened.events()
        #expect(events.count == ids.count)
        for (event, id) in zip(events, ids) where id != 3 && id != 70 {
            #expect(event.draft == Self.said(id).draft, "\(id)")
        }
        for gone in [3, 70] {
            #expect(events[gone - 1].draft.data.isEmpty)
            #expect(events[gone - 1].draft.identifiers.map(\.kind) != ["phone"])
        }
        for (place, id) in ids.enumerated() where id % 11 == 0 {
            let position = Position(UInt64(place) + 1)
            #expect(try opened.append([Self.said(id)]) == [.repeated(position)], "\(id)")
        }
        #expect(try opened.append([Self.said(3)]) == [.erased(Position(3))])
        #expect(
            try opened.append([Self.said(5_000)]) == [.new(Position(UInt64(ids.count) + 1))])
    }
}

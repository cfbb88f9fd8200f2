import EventModel
import LMDB
import Testing

@testable import EventLog

@Suite("The files of a store")
struct SegmentFormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(_ path: String) throws -> (Environment, [Database]) {
        let environment = try Environment.openReadOnlyLockless(path: path)
        let databases = try environment.openDatabases([
            .init("blocks", keys: .integer), .init("seeds", keys: .integer),
            .init("meta", keys: .bytes),
        ])
        return (environment, databases)
    }

    @Test("a segment holds three databases, four meta records, and a seed for each 256 positions")
    func segment() throws {
        do {
            let opened = try OpenLog(folder.path)
            try opened.append((1...400).map { Said("\($0)") })
            #expect(try opened.blocks().count > 4)
        }
        let (environment, databases) = try open(OpenLog.segmentPath(folder.path))
        #expect(environment.statistics.entries == 3)
        let transaction = try environment.beginRead()
        var meta: [String: String] = [:]
        try transaction.forEach(in: databases[2]) { key, value in
            meta[key.text()] = hex(value.copied())
            return true
        }
        // Value, then CRC-32C over key and value.
        let dictionary = meta.removeValue(forKey: "dictionary")
        #expect(dictionary?.hasPrefix(hex(FirstDictionary.bytes)) == true)
        #expect(
            meta == [
                "format": "01000000" + "3308890b",
                "first": "0100000000000000" + "2704346c",
                "start": String(repeating: "00", count: 32) + "b5c04c6f",
            ])
        var seeds: [UInt64: Int] = [:]
        try transaction.forEach(in: databases[1], from: 0) { key, value in
            seeds[key] = value.byteCount
            return true
        }
        #expect(seeds == [0: 32, 1: 32])
        var firsts: [UInt64] = []
        try transaction.forEach(in: databases[0], from: 0) { key, _ in
            firsts.append(key)
            return true
        }
        #expect(firsts.first == 1)
        #expect(firsts == firsts.sorted())
    }

    @Test("store.json has exactly its form, and is written once")
    func description() throws {
        let id: String
        do {
            let store = try StoreFolder(path: folder.path, now: OpenLog.noon) { 0xAB }
            id = store.storeID
        }
        #expect(id == "00000000000000ab00000000000000ab")
        let text =
            "{\"format_version\":1,\"store\":\"00000000000000ab00000000000000ab\","
            + "\"index_key\":\"00000000000000ab00000000000000ab\","
            + "\"created\":\"2026-01-01T12:00:00.000Z\""
        let sum = String(CRC32C.checksum(bytes(text).rawSpan), radix: 16)
        let expected =
            text + ",\"checksum\":\"" + String(repeating: "0", count: 8 - sum.count) + sum
            + "\"}\n"
        let path = folder.file("store.json")
        #expect(String(decoding: try File.contents(path), as: UTF8.self) == expected)

        let later = OpenLog.noon.advanced(byMilliseconds: 1)
        let again = try StoreFolder(path: folder.path, now: later) { 0xCD }
        #expect(again.storeID == id)
        #expect(String(decoding: try File.contents(path), as: UTF8.self) == expected)
        #expect(again.logPath == folder.path + "/log")
        #expect(again.viewsPath == folder.path + "/views")
    }

    @Test("store.json with a wrong digit is refused; that of the first stores had no checksum")
    func checksum() throws {
        let path = folder.file("store.json")
        _ = try StoreFolder(path: folder.path, now: OpenLog.noon) { 0xAB }
        let whole = String(decoding: try File.contents(path), as: UTF8.self)
        for other in [
            whole.replacing("00ab\",\"created", with: "00aa\",\"created"),
            whole.replacing("\"store\":\"0", with: "\"store\":\"1"),
            whole.replacing("12:00", with: "12:01"),
        ] {
            #expect(other != whole)
            try File.write(bytes(other), to: path)
            #expect(throws: EventLogError.self) {
                _ = try StoreFolder(path: folder.path, now: OpenLog.noon) { 1 }
            }
        }
        let first = whole.replacing(/,"checksum":"[0-9a-f]{8}"/, with: "")
        try File.write(bytes(first), to: path)
        _ = try StoreFolder(path: folder.path, now: OpenLog.noon) { 1 }
        #expect(try File.contents(path) == bytes(first))
    }

    @Test("a fresh store holds store.json, LOCK, journal, log and views, and one segment")
    func layout() throws {
        let opened = try OpenLog(folder.path)
        for name in ["store.json", "LOCK", "journal", "log", "views"] {
            #expect(File.exists(folder.file(name)), "\(name)")
        }
        #expect(!File.exists(folder.file("store.json.new")))
        #expect(File.exists(OpenLog.segmentPath(folder.path)))
        #expect(opened.log.head.position == .zero)
        #expect(opened.log.fileBytes > 0)
    }

    @Test("positions sort as their file names do")
    func names() {
        #expect(Segment.fileName(first: Position(1)) == "00000000000000000001.segment")
        #expect(Segment.fileName(first: Position(.max)) == "18446744073709551615.segment")
    }
}

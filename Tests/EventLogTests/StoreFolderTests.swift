import EventModel
import Glibc
import LMDB
import Testing

@testable import EventLog

@Suite("The folder of a store")
struct StoreFolderTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path }

    init() throws { folder = try TemporaryFolder() }

    private func open(_ path: String) throws {
        _ = try StoreFolder(path: path, now: OpenLog.noon) { 7 }
    }

    @Test("missing folders are made on the way, for the owner only")
    func makes() throws {
        try open(path + "/deep/er/store")
        var status = stat()
        for name in ["deep", "deep/er", "deep/er/store", "deep/er/store/log"] {
            #expect(unsafe stat(folder.file(name), &status) == 0)
            #expect(status.st_mode & 0o777 == 0o700, "\(name)")
        }
        #expect(unsafe stat(folder.file("deep/er/store/store.json"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("a path without any slash is a folder here")
    func relative() async {
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            guard unsafe chdir(path) == 0 else { _exit(8) }
            _ = try StoreFolder(path: "here", now: OpenLog.noon) { 7 }
            _exit(File.exists(path + "/here/store.json") ? 7 : 9)
        }
    }

    @Test("somebody else's folder is refused and left as it was")
    func foreign() throws {
        try File.write(bytes("mine"), to: folder.file("letter.txt"))
        guard case .notAStore(let named, let found) = try refusal({ try open(path) }) else {
            Issue.record("a foreign folder became a store")
            return
        }
        #expect(named == path)
        #expect(found.contains("store.json"))
        #expect(!File.exists(folder.file("LOCK")))
        #expect(!File.exists(folder.file("store.json")))
        #expect(try File.contents(folder.file("letter.txt")) == bytes("mine"))
    }

    @Test("a file where the folder should be is an error of the system")
    func file() throws {
        try File.write([], to: folder.file("plain"))
        guard case .system(_, _, let errno) = try refusal({ try open(folder.file("plain")) })
        else {
            Issue.record("a file was opened as a folder")
            return
        }
        #expect(errno == ENOTDIR)
    }

    @Test(
        "a store.json that no store writes is refused",
        arguments: [
            "", "{}", "{\"format_version\":1}\n",
            "{\"format_version\":1,\"store\":\"00\",\"created\":\"\"}\n",
            "{\"format_version\":x,\"store\":\"0123456789abcdef0123456789abcdef\",\"created\":\"\"}\n",
            "{\"format_version\":1,\"store\":\"0123456789ABCDEF0123456789ABCDEF\",\"created\":\"\"}\n",
            "{\"format_version\":1,\"store\":\"0123456789abcdef0123456789abcdef\",\"created\":\"\"}",
            "{\"format_version\":1,\"store\":\"0123456789abcdef0123456789abcdef\",\"created\":\"\"}\n\n",
            String(repeating: "\u{0}", count: 4_096),
        ])
    func description(text: String) throws {
        try File.write(bytes(text), to: folder.file("store.json"))
        guard case .notAStore = try refusal({ try open(path) }) else {
            Issue.record("taken for a store")
            return
        }
        #expect(try File.contents(folder.file("store.json")) == bytes(text))
    }

    @Test(
        "a later layout, and version 0, are refused with both versions",
        arguments: [
            ("0", 0), ("2", 2), ("4294967295", .max), ("4294967296", .max),
            ("99999999999999999999", .max),
        ] as [(String, UInt32)])
    func laterVersion(text: String, found: UInt32) throws {
        try File.write(
            bytes(
                "{\"format_version\":\(text),\"store\":\"0123456789abcdef0123456789abcdef\","
                    + "\"index_key\":\"0123456789abcdef0123456789abcdef\","
                    + "\"created\":\"2026-01-01T12:00:00.000Z\"}\n"),
            to: folder.file("store.json"))
        guard
            case .unsupportedFormat(let file, let version, let newest) = try refusal({
                try open(path)
            })
        else {
            Issue.record("a later layout was opened")
            return
        }
        #expect(file == folder.file("store.json"))
        #expect(version == found)
        #expect(newest == 1)
    }

    @Test("a second opening in this process is refused until the first is let go")
    func twice() throws {
        var first: StoreFolder? = try StoreFolder(path: path, now: OpenLog.noon) { 7 }
        let id = first?.storeID
        guard case .inUse(let named, _) = try refusal({ try open(path) }) else {
            Issue.record("a held store was opened")
            return
        }
        #expect(named == path)
        first = nil
        let again = try StoreFolder(path: path, now: OpenLog.noon) { 8 }
        #expect(again.storeID == id)
    }

    @Test("a store that another process holds is refused, and free once that process has ended")
    func otherProcess() async throws {
        do {
            let held = try OpenLog(path)
            await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
                // The one that holds it has started this process.
                guard case .inUse(_, .process(getppid())) = try refusal({ _ = try OpenLog(path) })
                else { _exit(8) }
                _exit(7)
            }
            try held.append([Said("1")])
        }
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            let opened = try OpenLog(path)
            guard opened.log.head.position == Position(1) else { _exit(8) }
            // Ends with the lock held, as a killed daemon does.
            _exit(7)
        }
        #expect(try OpenLog(path).log.head.position == Position(1))
    }

    @Test("a failed opening lets go of the lock")
    func letsGo() throws {
        try open(path)
        let good = try File.contents(folder.file("store.json"))
        try File.write(bytes("rubbish"), to: folder.file("store.json"))
        #expect(throws: EventLogError.self) { try open(path) }
        try File.write(good, to: folder.file("store.json"))
        try open(path)
    }

    @Test("what a first start that was killed leaves is no foreign folder")
    func leftovers() throws {
        try File.write([], to: folder.file("LOCK"))
        try File.write(bytes("{\"format_ver"), to: folder.file("store.json.new"))
        let store = try StoreFolder(path: path, now: OpenLog.noon) { 7 }
        #expect(store.storeID.count == 32)
        #expect(!File.exists(folder.file("store.json.new")))
    }

    @Test("every error says what was tried and what to do, and names no event's content")
    func descriptions() {
        let all: [(EventLogError, [String])] = [
            (.inUse(path: "/s", holder: .process(42)), ["/s", "process 42", "LOCK", "stop"]),
            (.inUse(path: "/s", holder: .perhaps(42)), ["LOCK says process 42"]),
            (
                .networkFileSystem(path: "/s", name: "NFS"),
                ["/s", "NFS", "--force-network-filesystem"]
            ),
            (
                .damaged(
                    DamagedEvents(
                        first: Position(7), last: Position(9), file: "log/a", reason: "rot")),
                ["7", "9", "from position 10", "before 7", "log/a", "rot", "backup"]
            ),
            (
                .missingSegment(first: Position(5), last: Position(8)),
                ["5 to 8", "00000000000000000005.segment"]
            ),
            (.notAStore(path: "/s", found: "it holds files"), ["/s", "it holds files", "empty"]),
            (
                .unsupportedFormat(file: "/s/x", found: 3, newest: 1),
                ["/s/x", "3", "newer program"]
            ),
            (.damagedBlock(first: Position(9), reason: "cut"), ["9", "cut", "backup"]),
            (.full(operation: "append"), ["append", "no room", "retry"]),
            (.system(operation: "open", path: "/s/y", errno: 13), ["open", "/s/y", "13"]),
            (.storage(LMDBError(.commit, file: "a", cause: .system(errno: 5))), ["commit", "a"]),
        ]
        for (error, words) in all {
            for word in words { #expect("\(error)".contains(word), "\(error)") }
        }
    }
}

import Foundation
import Glibc
import Logging
import Synchronization
import Testing

@testable import Server

@Suite("The socket's place: made without a race, refused where it could be another's")
struct SocketPlaceTests {
    /// A folder that goes with the object.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("sp-\(UInt32.random(in: 0 ... .max))").path

        init() throws {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func open(_ path: String, mode: UInt32 = 0o660) throws -> ListeningSocket {
        var options = Server.Options(storePath: "/nowhere", socketPath: path, version: "1")
        options.socketMode = mode
        return try ListeningSocket.open(options)
    }

    private func refusal(_ path: String) -> String {
        do {
            let socket = try open(path)
            close(socket.descriptor)
            return "not refused"
        } catch {
            return "\(error)"
        }
    }

    private func status(_ path: String) throws -> stat {
        var status = stat()
        try #require(unsafe lstat(path, &status) == 0)
        return status
    }

    @Test("a missing folder is made with mode 0750, the socket has its mode before it listens")
    func modes() throws {
        let folder = try Folder()
        let path = folder.path + "/run/s.sock"
        let socket = try open(path, mode: 0o666)
        defer { close(socket.descriptor) }
        #expect(try status(folder.path + "/run").st_mode & 0o777 == 0o750)
        let made = try status(path)
        #expect(made.st_mode & S_IFMT == S_IFSOCK && made.st_mode & 0o777 == 0o666)
    }

    @Test("who looks again and again finds nothing, or the socket with its mode, and nothing else")
    func noRace() throws {
        let folder = try Folder()
        let path = folder.path + "/s.sock"
        let found = Mutex<Set<mode_t>>([])
        let looks = Atomic<Int>(0)
        let isOver = Atomic<Bool>(false)
        let ended = DispatchSemaphore(value: 0)
        let looker = Thread {
            var status = stat()
            while !isOver.load(ordering: .acquiring) {
                guard unsafe lstat(path, &status) == 0 else { continue }
                found.withLock { _ = $0.insert(status.st_mode) }
                looks.add(1, ordering: .relaxed)
            }
            ended.signal()
        }
        looker.start()
        defer { isOver.store(true, ordering: .releasing) }
        let rounds = ProcessInfo.processInfo.environment["THROUGHLINE_LONG"] == nil ? 1_000 : 10_000
        for _ in 0..<rounds {
            let before = looks.load(ordering: .relaxed)
            let socket = try open(path, mode: 0o640)
            while looks.load(ordering: .relaxed) == before { sched_yield() }
            socket.remove(Logger(label: "test"))
            close(socket.descriptor)
            socket.leave()
            // A program that another test starts has a copy of the lock until it runs.
            try FileManager.default.removeItem(atPath: path + ".lock")
        }
        isOver.store(true, ordering: .releasing)
        ended.wait()
        #expect(found.withLock { $0 } == [S_IFSOCK | 0o640])
    }

    @Test("who holds the lock owns the place; a dead socket of ours makes way")
    func ownership() throws {
        let folder = try Folder()
        let path = folder.path + "/s.sock"
        let first = try open(path)
        #expect(refusal(path).contains("a daemon listens there already"))
        first.remove(Logger(label: "test"))
        #expect(unsafe access(path, F_OK) != 0)
        close(first.descriptor)
        // A socket whose daemon was killed lies there without a lock.
        let other = try Folder()
        let dead = other.path + "/s.sock"
        let killed = try open(dead)
        close(killed.descriptor)
        try FileManager.default.removeItem(atPath: dead + ".lock")
        let next = try open(dead)
        #expect(try status(dead).st_mode & S_IFMT == S_IFSOCK)
        close(next.descriptor)
    }

    @Test("a socket's file that is not the one that was made stays where it is")
    func foreignFile() throws {
        let folder = try Folder()
        let path = folder.path + "/s.sock"
        let socket = try open(path)
        defer { close(socket.descriptor) }
        try FileManager.default.removeItem(atPath: path)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        socket.remove(Logger(label: "test"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }

    @Test("files, folders and links in the socket's place are left alone and named")
    func planted() throws {
        let folder = try Folder()
        let path = folder.path + "/s.sock"
        let ours = "something else than a socket of ours"
        try Data("x".utf8).write(to: URL(fileURLWithPath: path))
        #expect(refusal(path).contains(ours))
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(refusal(path).contains(ours))
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: "/etc/passwd")
        #expect(refusal(path).contains(ours))
        #expect(unsafe access("/etc/passwd", F_OK) == 0)
    }

    @Test("a symbolic link in the folder's path is refused")
    func linkedFolder() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/real", withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o750])
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link", withDestinationPath: folder.path + "/real")
        #expect(refusal(folder.path + "/link/s.sock").contains("a symbolic link stands"))
        #expect(unsafe access(folder.path + "/real/s.sock", F_OK) != 0)
    }

    @Test("a folder that others may write to, or that belongs to another, is refused")
    func openFolder() throws {
        let folder = try Folder()
        let path = folder.path + "/s.sock"
        _ = unsafe chmod(folder.path, 0o777)
        #expect(refusal(path).contains("everybody may write"))
        _ = unsafe chmod(folder.path, 0o1777)
        #expect(refusal(path).contains("everybody may write"))
        // The daemon's own group is no exception: peers may be in it. Sticky or not, they could put a
        // socket there before the daemon does.
        for mode in [0o770, 0o775, 0o1770, 0o2770] as [mode_t] {
            _ = unsafe chmod(folder.path, mode)
            #expect(refusal(path).contains("group \(getegid()) may write to folder"), "\(mode)")
            #expect(refusal(path).contains("say chmod g-w"))
        }
        for mode in [0o750, 0o2750, 0o755, 0o700] as [mode_t] {
            _ = unsafe chmod(folder.path, mode)
            let socket = try open(path)
            socket.remove(Logger(label: "test"))
            close(socket.descriptor)
            try FileManager.default.removeItem(atPath: path + ".lock")
        }
        if geteuid() == 0 {
            _ = unsafe chmod(folder.path, 0o770)
            _ = unsafe chown(folder.path, 0, 12_345)
            #expect(refusal(path).contains("group 12345 may write"))
            _ = unsafe chmod(folder.path, 0o755)
            _ = unsafe chown(folder.path, 12_345, 0)
            #expect(refusal(path).contains("belongs to user 12345"))
        }
    }

    @Test("paths that cannot be a socket's are refused in words")
    func paths() {
        #expect(refusal("relative/s.sock").contains("absolute path"))
        #expect(refusal("/s.sock").contains("in a folder of its own"))
        #expect(refusal("/tmp/nowhere-\(getpid())/deep/s.sock").contains("cannot be made"))
        #expect(refusal("/" + String(repeating: "a", count: 120)).contains("at most 107"))
        #expect(refusal("/etc/passwd/s.sock").contains("is not a folder"))
    }
}

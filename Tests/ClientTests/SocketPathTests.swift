import Client
import Glibc
import RESP
import Testing

@Suite("Connecting to a path")
struct SocketPathTests {
    /// The error of a connection that must not come about.
    private func refusal(_ path: String) -> ClientError? {
        do {
            _ = try Connection(socketPath: path)
            return nil
        } catch {
            return error
        }
    }

    @Test("a daemon that listens is reached by its path")
    func connects() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/socket"
        let listener = Self.bound(path)
        #expect(listen(listener, 1) == 0)
        let thread = PeerThread {
            let accepted = accept(listener, nil, nil)
            PeerSocket(accepted).serve(answerSimply)
        }
        do {
            var connection = try Connection(socketPath: path, timeout: .seconds(60))
            let reply = try connection.call("PING")
            #expect(reply == .simple("PONG"))
        }
        thread.join()
        close(listener)
    }

    @Test("where there is no socket, the message says what to do")
    func noSocket() {
        let error = refusal("/nowhere/at/all")
        #expect(
            error?.description
                == "no daemon listens on /nowhere/at/all: start one with tools/run "
                + "(connect: No such file or directory (errno 2))")
    }

    @Test("a socket that nobody listens on, and a file that is no socket, are no daemon")
    func stale() throws {
        let folder = TemporaryFolder()
        close(Self.bound(folder.path + "/stale"))
        close(unsafe creat(folder.path + "/file", 0o600))
        for path in [folder.path + "/stale", folder.path + "/file"] {
            guard case .noDaemon(path, let fault) = refusal(path) else {
                Issue.record("\(path) was not refused as expected")
                continue
            }
            #expect(fault.number == ECONNREFUSED)
        }
        guard case .noDaemon(_, let fault) = refusal(folder.path + "/file/socket") else {
            Issue.record("not refused as expected")
            return
        }
        #expect(fault.number == ENOTDIR)
    }

    @Test("a path must fit into a socket's address")
    func length() {
        let longest = "/" + String(repeating: "x", count: 106)
        guard case .noDaemon = refusal(longest) else {
            Issue.record("107 bytes fit")
            return
        }
        #expect(
            refusal(longest + "x")
                == .invalidPath(path: longest + "x", byteCount: 108, byteCountMax: 107))
        #expect(refusal("") == .invalidPath(path: "", byteCount: 0, byteCountMax: 107))
        #expect(refusal("/a\0b") == .invalidPath(path: "/a\0b", byteCount: 4, byteCountMax: 107))
    }

    @Test("a refused permission is told apart from an absent daemon")
    func permission() {
        let fault = ClientError.notPermitted(path: "/run/s", SystemFault("connect", EACCES))
        #expect(
            fault.description
                == "this user may not connect to /run/s: the daemon's configuration and the "
                + "folder's mode say who may (connect: Permission denied (errno 13))")
    }

    /// Returns a socket with an address, on which nobody listens yet.
    private static func bound(_ path: String) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            unsafe place.copyBytes(from: path.utf8)
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        precondition(result == 0)
        return descriptor
    }
}

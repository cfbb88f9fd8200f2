internal import Glibc

/// A listening socket that whoever started the daemon hands over, as sd_listen_fds(3) has it:
/// `LISTEN_PID` is this process, `LISTEN_FDS` counts the descriptors from 3 on.
@safe
struct HandedSocket {
    let descriptor: Int32
    /// Where it is bound; nil for a name that is no path.
    let path: String?

    private static let firstDescriptor: Int32 = 3

    /// Returns the socket that was handed over, or nil when none was.
    ///
    /// - Throws: `ServerError.socket` when it is not one listening Unix stream socket.
    static func take() throws(ServerError) -> HandedSocket? {
        guard let process = variable("LISTEN_PID"), pid_t(process) == getpid(),
            let count = variable("LISTEN_FDS")
        else { return nil }
        // They are for this process; children have sockets of their own.
        unsafe unsetenv("LISTEN_PID")
        unsafe unsetenv("LISTEN_FDS")
        unsafe unsetenv("LISTEN_FDNAMES")
        guard count == "1" else {
            throw .socket(
                path: "LISTEN_FDS", reason: "\(count) sockets are handed over, must be one")
        }
        let descriptor = firstDescriptor
        guard option(SO_DOMAIN, of: descriptor) == AF_UNIX,
            option(SO_TYPE, of: descriptor) == Int32(SOCK_STREAM.rawValue),
            option(SO_ACCEPTCONN, of: descriptor) == 1
        else {
            throw .socket(
                path: "LISTEN_FDS",
                reason: "what is handed over as descriptor 3 is no listening Unix stream socket; "
                    + "the unit needs ListenStream= with a path")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return HandedSocket(descriptor: descriptor, path: boundPath(of: descriptor))
    }

    private static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 else {
            return nil
        }
        return value
    }

    private static func boundPath(of descriptor: Int32) -> String? {
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        guard result == 0 else { return nil }
        let path = unsafe withUnsafeBytes(of: address.sun_path) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return path.isEmpty ? nil : path
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}

internal import Glibc

/// A connected Unix stream socket; closed when it goes out of use.
///
/// Transfers never wait: whoever wants to wait calls `wait`, for both directions at once, which is
/// what keeps two full socket buffers from stopping both ends for good. The descriptor itself
/// stays blocking, so it may be shared with code that expects that.
struct Socket: ~Copyable, Sendable {
    private let descriptor: Int32

    /// What one transfer did.
    enum Transfer: Equatable {
        case moved(Int)
        /// Nothing can be moved now.
        case wouldBlock
        /// The peer closed.
        case ended
    }

    /// What a socket is ready for.
    struct Readiness {
        var canReceive: Bool
        var canSend: Bool
    }

    /// Takes over a connected descriptor.
    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        _ = close(descriptor)
    }

    /// Connects to a listening socket; waits while its queue of connections is full.
    init(connectingTo path: String) throws(ClientError) {
        let address = try Self.address(path)
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw .system(path: path, SystemFault("socket", errno)) }
        let number = Self.connect(descriptor, address)
        guard number == 0 else {
            _ = close(descriptor)
            throw Self.connectError(path, number)
        }
        self.init(adopting: descriptor)
    }

    private static func address(_ path: String) throws(ClientError) -> sockaddr_un {
        var address = sockaddr_un()
        let byteCountMax = MemoryLayout.size(ofValue: address.sun_path) - 1
        let byteCount = path.utf8.count
        guard byteCount >= 1, byteCount <= byteCountMax, !path.utf8.contains(0) else {
            throw .invalidPath(path: path, byteCount: byteCount, byteCountMax: byteCountMax)
        }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            unsafe place.copyBytes(from: path.utf8)
        }
        return address
    }

    /// Returns 0 or errno.
    private static func connect(_ descriptor: Int32, _ address: sockaddr_un) -> Int32 {
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        while true {
            let result = unsafe withUnsafePointer(to: address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe Glibc.connect(descriptor, $0, length)
                }
            }
            if result == 0 { return 0 }
            if errno != EINTR { return errno }
        }
    }

    private static func connectError(_ path: String, _ number: Int32) -> ClientError {
        let fault = SystemFault("connect", number)
        return switch number {
        case ENOENT, ECONNREFUSED, ENOTDIR: .noDaemon(path: path, fault)
        case EACCES, EPERM: .notPermitted(path: path, fault)
        default: .system(path: path, fault)
        }
    }

    /// Sends what the system takes at once.
    func send(_ bytes: RawSpan) throws(SystemFault) -> Transfer {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        while true {
            let sent = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, flags)
            }
            if sent >= 0 { return .moved(sent) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            case EPIPE, ECONNRESET: return .ended
            default: throw SystemFault("send", errno)
            }
        }
    }

    /// Receives what is there.
    func receive(into memory: UnsafeMutableRawBufferPointer) throws(SystemFault) -> Transfer {
        while true {
            let received = unsafe recv(
                descriptor, memory.baseAddress, memory.count, Int32(MSG_DONTWAIT))
            if received > 0 { return .moved(received) }
            if received == 0 { return .ended }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            case ECONNRESET: return .ended
            default: throw SystemFault("recv", errno)
            }
        }
    }

    /// Waits until bytes can be received or, if asked for, sent; nil when the time is up.
    ///
    /// An interruption by a signal begins the wait anew. A peer that closed counts as ready: the
    /// transfer then says so.
    func wait(toSend: Bool, timeoutMilliseconds: Int32) throws(SystemFault) -> Readiness? {
        let events = toSend ? POLLIN | POLLOUT : POLLIN
        var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let count = unsafe poll(&request, 1, timeoutMilliseconds)
            if count == 0 { return nil }
            if count > 0 { break }
            if errno != EINTR { throw SystemFault("poll", errno) }
        }
        let ready = Int32(request.revents)
        let closed = ready & (POLLHUP | POLLERR | POLLNVAL) != 0
        return Readiness(
            canReceive: ready & POLLIN != 0 || closed,
            canSend: toSend && (ready & POLLOUT != 0 || closed))
    }
}

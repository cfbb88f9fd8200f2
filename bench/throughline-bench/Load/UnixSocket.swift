internal import CPoll
internal import Glibc

/// The system calls of a load: sockets that never block.
enum UnixSocket {
    /// Connects to a listening socket.
    ///
    /// - Throws: `BenchFailure`.
    static func connect(_ path: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw BenchFailure("\(path) is too long for a socket; choose a shorter --scratch")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            unsafe place.copyBytes(from: path.utf8)
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(
                    descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard descriptor >= 0, result == 0 else {
            throw BenchFailure("cannot connect to \(path) (errno \(errno))")
        }
        return descriptor
    }

    /// Sends what is taken at once; returns how many bytes that are.
    ///
    /// - Throws: `BenchFailure` when the peer is gone.
    static func send(_ descriptor: Int32, _ bytes: [UInt8], from start: Int) throws -> Int {
        let sent = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.send(
                descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start,
                Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        if sent >= 0 { return sent }
        if errno == EAGAIN || errno == EINTR { return 0 }
        throw BenchFailure("the server closed a connection (send: errno \(errno))")
    }

    /// Receives what is there; returns how many bytes that are.
    ///
    /// - Throws: `BenchFailure` when the peer is gone.
    static func receive(
        _ descriptor: Int32, _ bytes: inout [UInt8], from start: Int
    ) throws -> Int {
        let received = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe recv(
                descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start,
                Int32(MSG_DONTWAIT))
        }
        if received > 0 { return received }
        if received < 0, errno == EAGAIN || errno == EINTR { return 0 }
        throw BenchFailure("the server closed a connection (receive: errno \(errno))")
    }

    /// Waits until one of the sockets is ready, at most so many nanoseconds; -1: for ever.
    static func wait(_ sockets: inout [pollfd], nanoseconds: Int64) throws {
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        let count = UInt(sockets.count)
        let result =
            nanoseconds < 0
            ? unsafe bench_ppoll(&sockets, count, nil) : unsafe bench_ppoll(&sockets, count, &time)
        try Interruption.check()
        if result < 0, errno != EINTR { throw BenchFailure("ppoll failed (errno \(errno))") }
    }
}

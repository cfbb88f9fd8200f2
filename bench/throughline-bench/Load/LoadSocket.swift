internal import CPoll
internal import Glibc

/// The system calls of a load: sockets that never block, of this machine only.
enum LoadSocket {
    /// Connects to a listening socket: a path, or `tcp:` and a port of this machine.
    ///
    /// - Throws: `BenchFailure`.
    static func connect(_ place: String) throws -> Int32 {
        guard place.hasPrefix("tcp:") else { return try connect(path: place) }
        guard let port = UInt16(place.dropFirst(4)) else {
            throw BenchFailure("\(place) names no port")
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let descriptor = try connect(AF_INET, to: address, named: place)
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, size) == 0 else {
            throw BenchFailure("\(place): TCP_NODELAY (errno \(errno))")
        }
        return descriptor
    }

    private static func connect(path: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw BenchFailure("\(path) is too long for a socket; choose a shorter --scratch")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            unsafe place.copyBytes(from: path.utf8)
        }
        return try connect(AF_UNIX, to: address, named: path)
    }

    private static func connect<Address>(
        _ family: Int32, to address: Address, named place: String
    ) throws -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard descriptor >= 0, result == 0 else {
            throw BenchFailure("cannot connect to \(place) (errno \(errno))")
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
        throw BenchFailure("the server closed a connection (send: errno \(errno))", .closed)
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
        throw BenchFailure("the server closed a connection (receive: errno \(errno))", .closed)
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

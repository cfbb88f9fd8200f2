import Glibc

/// A peer that sends bytes whatever they mean, and reads when it is told to.
@safe
final class RawPeer: Sendable {
    private let descriptor: Int32

    /// Connects, or returns nil when nobody listens.
    init?(to path: String) {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let descriptor = descriptor
        let result = unsafe Self.withAddress(path) { unsafe connect(descriptor, $0, $1) }
        guard result == 0 else { return nil }
    }

    /// Returns a socket that listens on a path, or nil.
    static func listen(at path: String) -> Int32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let result = unsafe withAddress(path) { unsafe bind(descriptor, $0, $1) }
        return result == 0 && Glibc.listen(descriptor, 8) == 0 ? descriptor : nil
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            unsafe place.copyBytes(from: path.utf8)
        }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, length)
            }
        }
    }

    deinit { close(descriptor) }

    /// Sends bytes without waiting; returns how many were taken, -1 when the daemon has closed.
    @discardableResult
    func send(_ text: String) -> Int {
        let bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeBytes {
            let sent = unsafe Glibc.send(
                descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            return sent < 0 && errno == EAGAIN ? 0 : sent
        }
    }

    /// Sends all bytes, waiting until the daemon takes them; false when it has closed.
    func sendAll(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(
                    descriptor, $0.baseAddress.map { unsafe $0 + sent }, $0.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Reads until the daemon closes.
    func readToEnd() -> String {
        var all: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += bytes[..<count]
        }
    }

    /// Reads until the text ends so, or the daemon closes.
    func read(until end: String) -> String {
        var all = ""
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while !all.hasSuffix(end) {
            let count = unsafe bytes.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            guard count > 0 else { return all }
            all += String(decoding: bytes[..<count], as: UTF8.self)
        }
        return all
    }

    /// Reads so many lines, byte by byte so that none of the next is taken; fewer when the daemon
    /// closes before.
    func read(lines count: Int) -> String {
        var all: [UInt8] = []
        var lines = 0
        var byte: UInt8 = 0
        while lines < count, unsafe recv(descriptor, &byte, 1, 0) == 1 {
            all.append(byte)
            if byte == 0x0A { lines += 1 }
        }
        return String(decoding: all, as: UTF8.self)
    }
}

import Glibc

/// A connection that sends bytes as they are told, whatever they mean.
@safe
struct RawConnection: ~Copyable {
    private let descriptor: Int32

    /// Connects, or returns nil when nobody listens.
    init?(to path: String) {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        precondition(path.utf8.count < MemoryLayout.size(ofValue: address.sun_path))
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            unsafe place.copyBytes(from: path.utf8)
        }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let (descriptor, place) = (self.descriptor, address)
        let result = unsafe withUnsafePointer(to: place) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, length)
            }
        }
        guard result == 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Bytes after which the rest of an exchange goes at once, so that the longest take no longer.
    private static let pieceworkBytes = 16_384

    /// Sends bytes, so many at a time; a peer that has closed is noticed by `receive`.
    func send(_ bytes: [UInt8], atATime size: Int) {
        var next = 0
        while next < bytes.count {
            let count = next < Self.pieceworkBytes ? size : bytes.count
            let piece = Array(bytes[next..<min(next + count, bytes.count)])
            let sent = unsafe piece.withUnsafeBytes {
                unsafe Glibc.send(
                    descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else { return }
            next += sent
        }
    }

    /// Receives until the bytes end as told, or the peer closes.
    ///
    /// - Returns: The bytes, and whether they end so.
    func receive(until end: [UInt8]) -> (bytes: [UInt8], isOpen: Bool) {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while !bytes.suffix(end.count).elementsEqual(end) {
            let count = unsafe piece.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return (bytes, false) }
            bytes += piece[..<count]
        }
        return (bytes, true)
    }
}

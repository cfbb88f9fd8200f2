internal import Glibc

/// The address of a Unix socket, as the kernel takes it.
struct UnixAddress {
    private var address = sockaddr_un()
    private let length = socklen_t(MemoryLayout<sockaddr_un>.size)

    /// The address of a socket at a path; nil when that is too long.
    init?(path: String) {
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8)
        }
    }

    /// Binds a socket to it; errno says why it could not be.
    func bind(_ descriptor: Int32) -> Bool {
        unsafe pointing { unsafe Glibc.bind(descriptor, $0, length) } == 0
    }

    /// Connects a socket to it; errno says why it could not be.
    func connect(_ descriptor: Int32) -> Bool {
        unsafe pointing { unsafe Glibc.connect(descriptor, $0, length) } == 0
    }

    private func pointing(_ body: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
        unsafe withUnsafePointer(to: address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0) }
        }
    }
}

internal import Glibc
internal import NIOCore

/// Who is at the other end of a Unix socket, as the kernel noted when it connected.
struct PeerCredentials: Sendable, Equatable {
    /// The process that connected; its number may be another's by now. 0 where it is not known.
    let process: pid_t
    let user: uid_t
    /// Its group and the supplementary ones.
    let groups: [gid_t]

    /// Asks for the credentials of a channel's peer; nil when the kernel does not tell.
    static func of(_ channel: any Channel) throws -> PeerCredentials? {
        try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { PeerCredentials(ofSocket: $0) } ?? nil
    }

    init(user: uid_t, groups: [gid_t]) {
        process = 0
        self.user = user
        self.groups = groups
    }

    /// Asks by SO_PEERCRED and SO_PEERGROUPS of unix(7) and socket(7).
    init?(ofSocket descriptor: Int32) {
        // `struct ucred`, which Glibc shows only to C with `_GNU_SOURCE`: process, user, group.
        var credentials = [UInt32](repeating: 0, count: 3)
        guard Self.read(SO_PEERCRED, of: descriptor, into: &credentials) == 3 else { return nil }
        var groups = [UInt32](repeating: 0, count: 64)
        var count = Self.read(SO_PEERGROUPS, of: descriptor, into: &groups)
        if count > groups.count {
            groups = [UInt32](repeating: 0, count: count)
            count = Self.read(SO_PEERGROUPS, of: descriptor, into: &groups)
        }
        guard count >= 0 else { return nil }
        process = pid_t(bitPattern: credentials[0])
        user = credentials[1]
        self.groups = [credentials[2]] + groups.prefix(count)
    }

    /// Returns how many numbers there are, whether they fitted or not; -1 for another failure.
    private static func read(
        _ option: Int32, of descriptor: Int32, into numbers: inout [UInt32]
    ) -> Int {
        let width = MemoryLayout<UInt32>.size
        var length = socklen_t(numbers.count * width)
        let result = unsafe numbers.withUnsafeMutableBytes {
            unsafe getsockopt(descriptor, SOL_SOCKET, option, $0.baseAddress, &length)
        }
        guard result == 0 || errno == ERANGE else { return -1 }
        return Int(length) / width
    }
}

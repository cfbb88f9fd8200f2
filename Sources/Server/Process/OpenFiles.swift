internal import Commands
internal import Glibc
internal import Logging

/// How many files the process may have open, sockets among them.
enum OpenFiles {
    /// Files that are no connections: segments, indexes, views, their locks.
    static let reserved = 1_024

    /// Asks for as many as the system allows; says so where they do not suffice for the
    /// connections that are allowed.
    static func raise(for limits: ServiceLimits, _ logger: Logger) {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(resource, &limit) == 0 else { return }
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        if unsafe setrlimit(resource, &limit) != 0 { limit.rlim_cur = before }
        let needed = limits[.connections] + reserved
        guard limit.rlim_cur < UInt64(needed) else { return }
        logger.warning(
            "fewer files may be open than connections are allowed",
            metadata: [
                "files": "\(limit.rlim_cur)", "connections": "\(limits[.connections])",
                "needed": "\(needed)",
            ])
    }
}

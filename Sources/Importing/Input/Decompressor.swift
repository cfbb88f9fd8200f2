internal import Glibc

/// A running `zstd -dc`; it is ended and waited for when it goes out of use.
struct Decompressor: ~Copyable {
    /// Where its output can be read.
    let output: Descriptor
    private let child: pid_t
    private var status: Int32?

    /// Starts the program on an open file, from the file's offset on.
    init(of file: Int32, path: String) throws(ImportError) {
        var ends: (Int32, Int32) = (0, 0)
        let made = unsafe withUnsafeMutablePointer(to: &ends) { pair in
            unsafe pair.withMemoryRebound(to: Int32.self, capacity: 2) {
                unsafe pipe($0)
            }
        }
        guard made == 0 else { throw .unreadable(path: path, fault: systemFault("pipe")) }
        let (readEnd, writeEnd) = ends
        let output = Descriptor(readEnd)
        // Or the child would hold the end that it is to read the end of.
        _ = fcntl(readEnd, F_SETFD, FD_CLOEXEC)
        _ = fcntl(writeEnd, F_SETFD, FD_CLOEXEC)
        let (number, child) = Self.spawn(input: file, output: writeEnd)
        _ = close(writeEnd)
        guard number != ENOENT else { throw .decompressorMissing(path: path) }
        guard number == 0 else {
            throw .unreadable(path: path, fault: systemFault("posix_spawnp zstd", number))
        }
        self.output = output
        self.child = child
    }

    deinit {
        guard status == nil else { return }
        // Who stops early reads no more; a child that waits to write would wait for ever.
        // SIGKILL, since a parent may have left SIGTERM blocked; it has nothing to tidy up.
        _ = kill(child, SIGKILL)
        _ = Self.reap(child)
    }

    /// Waits for the end; returns the exit status, or 128 and the signal's number.
    mutating func wait() -> Int32 {
        if let status { return status }
        let status = Self.reap(child)
        self.status = status
        return status
    }

    private static func reap(_ child: pid_t) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0 {
            if errno != EINTR { return 127 }
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    private static func spawn(input: Int32, output: Int32) -> (number: Int32, child: pid_t) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        let words = ["zstd", "-dcq"]
        var arguments = unsafe words.map { unsafe strdup($0) }
        defer { unsafe arguments.forEach { unsafe free($0) } }
        unsafe arguments.append(nil)
        var child: pid_t = 0
        let number = unsafe posix_spawnp(&child, "zstd", &actions, nil, arguments, environ)
        return (number, child)
    }
}

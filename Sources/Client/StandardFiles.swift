internal import Glibc

/// Standard input, output and error of a process.
public enum StandardFiles {
    /// Opens `/dev/null` in the place of those that whoever started the process has closed.
    ///
    /// Else the next file or socket to be opened would get that number, and what is said to the
    /// terminal would be written into it: into a connection, or into the log itself. To be called
    /// before anything is opened.
    public static func ensureOpen() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
            // The lowest free number is this one: those below it are open.
            _ = unsafe open("/dev/null", O_RDWR)
        }
    }
}

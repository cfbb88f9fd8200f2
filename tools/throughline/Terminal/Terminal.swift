import Glibc
import Importing

/// The terminal: everything the tool says goes through here.
enum Terminal {
    /// Has a write to a pipe that nobody reads any more fail instead of ending the process.
    static func outliveReaders() { signal(SIGPIPE, SIG_IGN) }

    /// Writes to standard output. Where nobody reads any more (`| head`) the tool ends quietly.
    static func write(_ text: String) { put(Array(text.utf8), STDOUT_FILENO) }

    /// Writes bytes to standard output.
    static func write(_ bytes: [UInt8]) { put(bytes, STDOUT_FILENO) }

    /// Writes to standard error.
    static func writeError(_ text: String) { put(Array(text.utf8), STDERR_FILENO) }

    /// Writes about a failure to standard error.
    static func complain(_ lines: [String]) { writeError(complaint(lines)) }

    /// Returns the text about a failure: each line escaped for itself, so that the only line
    /// breaks are those between them.
    static func complaint(_ lines: [String]) -> String {
        "throughline: " + lines.map { Escaping.printable($0) + "\n" }.joined()
    }

    /// Waits a tenth of a second, before the daemon is asked again how far it is.
    static func pause() { _ = poll(nil, 0, 100) }

    /// Ends the process.
    static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

    /// Whether a person looks at standard output.
    static let isOutputShown = isatty(STDOUT_FILENO) == 1

    /// Whether a person looks at standard error.
    static let isErrorShown = isatty(STDERR_FILENO) == 1

    /// Returns the text in bold where that means something.
    static func bold(_ text: String) -> String {
        unsafe isOutputShown && getenv("NO_COLOR") == nil ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }

    private static func put(_ bytes: [UInt8], _ descriptor: Int32) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { memory in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[start...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            // A reader that left wants nothing more; any other fault cannot be told anybody.
            guard count > 0 else { exit(errno == EPIPE ? 0 : 1) }
            start += count
        }
    }
}

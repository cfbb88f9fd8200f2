public import Consumers
public import EventLog
internal import Glibc
public import Views

/// Why the daemon cannot start, or had to end.
public enum ServerError: Error, CustomStringConvertible {
    /// The socket cannot be made.
    case socket(path: String, reason: String)
    /// The log cannot be opened.
    case log(EventLogError)
    /// The consumers' file cannot be opened.
    case consumers(ConsumerError)
    /// A view cannot be opened.
    case view(ViewFault)
    /// Reading a segment ends the process that does it.
    case suspect(file: String, signal: Int32)
    /// The environment names a failpoint that does not exist.
    case failpoint(mistake: String)

    /// What a process that ends by this should exit with: 64 for a mistake of who started it, 65 for a
    /// store that does not mend by starting again (`EX_USAGE` and `EX_DATAERR` of sysexits.h), else 1.
    public var exitCode: Int32 {
        switch self {
        case .failpoint: 64
        case .suspect: 65
        case .log(let error) where error.isDamage: 65
        case .socket, .log, .consumers, .view: 1
        }
    }

    /// What was tried, what stood in the way, what to do.
    public var description: String {
        switch self {
        case .socket(let path, let reason): "listen on \(path) refused: \(reason)"
        case .log(.system(let operation, let path, let number)):
            "\(operation) \(path) failed: \(Self.words(number))"
        case .log(let error): "\(error)"
        case .consumers(let error): "open store refused: \(error)"
        case .view(let fault):
            "open views failed: \(fault); views are disposable, remove the views folder and start "
                + "again"
        case .suspect(let file, let signal):
            "open store refused: reading \(file) ends the process by signal \(signal); restore that "
                + "file from a backup"
        case .failpoint(let mistake): "start refused: \(mistake)"
        }
    }

    /// Returns the system's words for an errno, and its number.
    static func words(_ number: Int32) -> String {
        // Since glibc 2.32 the text of a known number is constant, of an unknown one per thread.
        guard let text = unsafe strerror(number) else { return "errno \(number)" }
        return unsafe "\(String(cString: text)) (errno \(number))"
    }
}

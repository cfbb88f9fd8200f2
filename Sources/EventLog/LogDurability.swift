/// When an append is answered.
public enum LogDurability: Hashable, Sendable {
    /// After its events are on disk: nothing answered is ever lost.
    case always
    /// Before; the disk follows within so many milliseconds. A power cut may take the events of
    /// that time with it, a crash of the process does not.
    case interval(milliseconds: UInt32)
    /// Before; the operating system writes when it sees fit.
    case os
}

extension LogDurability: CustomStringConvertible {
    /// Reads `always`, `os` or `interval:` and milliseconds from 1 to 60,000.
    public init?(_ text: String) {
        switch text {
        case "always": self = .always
        case "os": self = .os
        default:
            guard text.hasPrefix("interval:"), let milliseconds = UInt32(text.dropFirst(9)),
                (1...60_000).contains(milliseconds)
            else { return nil }
            self = .interval(milliseconds: milliseconds)
        }
    }

    /// The text that `init` reads.
    public var description: String {
        switch self {
        case .always: "always"
        case .interval(let milliseconds): "interval:\(milliseconds)"
        case .os: "os"
        }
    }
}

public import RESP

/// Where events stand among the words of an APPEND or APPENDBATCH.
public enum AppendWords {
    /// Returns whether the request is a batch, and the words of each event: its type, then names
    /// and values.
    public static func events(
        of arguments: borrowing Arguments
    ) -> (isBatch: Bool, events: [Range<Int>]) {
        guard !arguments.equalsIgnoringCase(0, "APPEND") else {
            return (false, [1..<arguments.count])
        }
        var events: [Range<Int>] = []
        var next = 2
        while next < arguments.count {
            let words = next + 1..<next + 1 + Int(arguments.integer(at: next) ?? 0)
            events.append(words)
            next = words.upperBound
        }
        return (true, events)
    }
}

/// How far an import has come.
public struct ImportProgress: Sendable, Equatable {
    /// The file being read.
    public var path: String
    /// Its number, from 1 on, and how many there are.
    public var fileNumber: Int
    /// How many files there are.
    public var fileCount: Int
    /// Bytes read of all files, as they lie on disk.
    public var bytesRead: Int
    /// The bytes of all files; nil where one is no regular file.
    public var bytesTotal: Int?
    /// Rows read.
    public var rowsRead: Int
    /// Events sent.
    public var eventsSent: Int

    /// Returns one line for a terminal: share, rows, rate, and the time that remains at this pace.
    public func line(elapsed: Duration) -> String {
        let seconds = max(0.001, elapsed.seconds)
        var parts: [String] = []
        if let bytesTotal, bytesTotal > 0 {
            parts.append("\(min(100, bytesRead * 100 / bytesTotal)) %")
        }
        parts.append("\(rowsRead.grouped) rows")
        parts.append("\(Int(Double(eventsSent) / seconds).grouped) events/s")
        if let bytesTotal, bytesRead > 0, bytesRead < bytesTotal, seconds >= 1 {
            let rest = seconds * Double(bytesTotal - bytesRead) / Double(bytesRead)
            parts.append("\(Self.clock(Int(rest.rounded(.up)))) left")
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let file = fileCount > 1 ? "\(name) (\(fileNumber)/\(fileCount))" : name
        return "\(file)  \(parts.joined(separator: "  "))"
    }

    private static func clock(_ seconds: Int) -> String {
        let (minutes, rest) = seconds.quotientAndRemainder(dividingBy: 60)
        return "\(minutes):\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension Duration {
    /// The duration in seconds.
    public var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

extension Int {
    /// The decimal digits in groups of three: `1,234,567`.
    public var grouped: String {
        var digits = Array(String(magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (self < 0 ? "-" : "") + String(digits)
    }
}

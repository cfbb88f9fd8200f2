public import Client

/// Why an import cannot start or cannot go on. What concerns one row alone is a `RowFault`.
public enum ImportError: Error, Equatable, Sendable {
    /// A file cannot be opened or read; the fault is the system's own words.
    case unreadable(path: String, fault: String)
    /// A file holds a byte that no text has.
    case notText(path: String, offset: Int)
    /// A line is longer than a line may be.
    case lineTooLong(path: String, line: Int, bytesMax: Int)
    /// The program that undoes the compression is not installed.
    case decompressorMissing(path: String)
    /// The compressed file is damaged, or it is not compressed at all.
    case decompressionFailed(path: String, status: Int32)
    /// The mapping file says something that cannot be.
    case mapping(place: String, problem: String)
    /// The first line of a table names other columns than the mapping.
    case otherHeader(path: String, expected: [String], actual: [String])
    /// None of the first rows could be read.
    case notSuchRows(path: String, rows: Int, lastLine: Int, fault: String)
    /// A table was given without a mapping, or JSON with one.
    case otherForm(path: String, problem: String)
    /// The dead letters cannot be written.
    case deadLetters(path: String, fault: String)
    /// The daemon refuses for a reason that no row has.
    case refused(code: String, message: String)
    /// The daemon answered an append with something else than positions.
    case unexpectedReply(request: String)
    /// The daemon took none of the first rows.
    case nothingTaken(refusals: Int, code: String, message: String)
    /// The connection failed.
    case connection(ClientError)
}

extension ImportError: CustomStringConvertible {
    /// What was tried, what was expected, what came of it, and what to do next.
    public var description: String {
        switch self {
        case .unreadable(let path, let fault):
            "cannot read \(path): \(fault)"
        case .notText(let path, let offset):
            "\(path) is not text: it has a NUL byte at offset \(offset); expected a delimited "
                + "table or one JSON document per line"
        case .lineTooLong(let path, let line, let bytesMax):
            "\(path) line \(line) is longer than \(bytesMax) bytes; check that the file has line "
                + "feeds and that its quotes are closed"
        case .decompressorMissing(let path):
            "\(path) is compressed with zstd and there is no program `zstd` to read it; install "
                + "it (Debian: apt install zstd) or decompress the file first"
        case .decompressionFailed(let path, let status):
            "zstd could not decompress \(path) (exit status \(status)): the file is damaged or "
                + "is no zstd file"
        case .mapping(let place, let problem):
            "mapping \(place): \(problem)"
        case .otherHeader(let path, let expected, let actual):
            Self.otherHeader(path, expected, actual)
        case .notSuchRows(let path, let rows, let lastLine, let fault):
            "\(path) is not what the import expects: none of its first \(rows) rows could be "
                + "read; line \(lastLine): \(fault)"
        case .otherForm(let path, let problem):
            "\(path): \(problem)"
        case .deadLetters(let path, let fault):
            "cannot write dead letters to \(path): \(fault); name another file with "
                + "--dead-letters"
        case .refused(let code, let message):
            "the daemon refuses to go on (\(code)): \(message)"
        case .unexpectedReply(let request):
            "the daemon answered \(request) with something that is no list of positions; tool "
                + "and daemon may be of different versions"
        case .nothingTaken(let refusals, let code, let message):
            "the daemon refused all of the first \(refusals) rows, the last with \(code): "
                + "\(message); correct the mapping or the daemon's configuration"
        case .connection(let error):
            "\(error)"
        }
    }

    private static func otherHeader(
        _ path: String, _ expected: [String], _ actual: [String]
    ) -> String {
        if expected.count != actual.count {
            return "\(path) line 1 names \(actual.count) columns, the mapping \(expected.count); "
                + "check the delimiter and the mapping's columns"
        }
        let index = zip(expected, actual).enumerated().first { $0.element.0 != $0.element.1 }
        let number = (index?.offset ?? 0) + 1
        return "\(path) line 1 does not name the mapping's columns: column \(number) is "
            + "\(index?.element.1.debugDescription ?? "?"), expected "
            + "\(index?.element.0.debugDescription ?? "?")"
    }
}

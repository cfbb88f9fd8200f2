import Foundation

/// A conversation with a daemon, as a file has it.
///
///     # What it shows.
///     > HEAD
///     :0
///
/// - `> …` is a line, sent with CR LF behind it; it is split into words as redis-cli does.
/// - `>raw …` is sent as it stands, with nothing behind it. Both know `\r \n \\ \xNN`, and
///   `{70000*a}` for so many of a character.
/// - Lines of requests that follow each other are sent in one write.
/// - What follows are the bytes of the replies up to the next request, line by line, without their
///   CR LF; a line feed alone stands as `\n`, bytes that are not printable as `\xNN`.
/// - `# store: name` at its head has the daemon begin with a `PreparedStore`.
/// - `# role: name` at its head gives the tests' user that role; an operator's without it.
/// - `# failpoint: place:pass:stands` at its head has a thread of the daemon's stand still there.
/// - `# beside: …` at its head is a line that another connection has asked before, which stays open.
/// - `(closed)` is the end of the connection; the next request opens another.
struct Transcript {
    /// Requests that are sent together, and the replies to all of them.
    struct Exchange {
        let requests: [String]
        let replies: [String]

        /// The bytes to send.
        var bytes: [UInt8] {
            requests.flatMap { request in
                if request.hasPrefix(">raw ") { return Escaped.bytes(request.dropFirst(5)) }
                return Escaped.bytes(request.dropFirst(2), keepingEscapes: true) + [0x0D, 0x0A]
            }
        }
    }

    let name: String
    let comments: [String]
    let exchanges: [Exchange]

    /// What the daemon finds; nil for nothing.
    var store: PreparedStore? {
        head(/# store: ([a-z]+)/).first.map { name in
            guard let store = PreparedStore(rawValue: name) else {
                preconditionFailure("no store is called \(name)")
            }
            return store
        }
    }

    /// Where a thread of the daemon's stands still; nil for nowhere.
    var failpoint: String? { head(/# failpoint: (.+)/).first }

    /// What another connection has asked before.
    var beside: [String] { head(/# beside: (.+)/) }

    private func head(_ line: Regex<(Substring, Substring)>) -> [String] {
        comments.compactMap { $0.wholeMatch(of: line).map { String($0.output.1) } }
    }

    /// The role of who talks; nil for what the daemon's own user has.
    var role: String? { head(/# role: ([a-z]+)/).first }

    /// The folder of all transcripts.
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("transcripts")

    /// The names of all transcripts.
    static var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.sorted()
    }

    private static func file(_ name: String) -> URL {
        folder.appendingPathComponent(name + ".txt")
    }

    init(named name: String) throws {
        let text = try String(contentsOf: Self.file(name), encoding: .utf8)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        let comments = lines.prefix { $0.hasPrefix("#") }
        self.comments = Array(comments)
        var rest = lines.dropFirst(comments.count)
        var exchanges: [Exchange] = []
        while !rest.isEmpty {
            let requests = rest.prefix(while: Self.isRequest)
            rest = rest.dropFirst(requests.count)
            let replies = rest.prefix { !Self.isRequest($0) }
            rest = rest.dropFirst(replies.count)
            exchanges.append(Exchange(requests: Array(requests), replies: Array(replies)))
        }
        self.name = name
        self.exchanges = exchanges
    }

    /// A push of RESP3 begins with `>` too, and a number behind it.
    private static func isRequest(_ line: String) -> Bool {
        line.hasPrefix("> ") || line.hasPrefix(">raw ")
    }

    /// Writes the file anew with other replies.
    func record(_ replies: [[String]]) throws {
        var lines = comments
        for (exchange, replies) in zip(exchanges, replies) { lines += exchange.requests + replies }
        try (lines.joined(separator: "\n") + "\n")
            .write(to: Self.file(name), atomically: true, encoding: .utf8)
    }

    /// The names of the commands it sends as lines.
    var commands: Set<String> {
        Set(
            exchanges.flatMap(\.requests).filter { $0.hasPrefix("> ") }.compactMap {
                $0.split(separator: " ").dropFirst().first?.uppercased()
            })
    }

    /// The codes of the errors it is answered.
    var errorCodes: Set<String> {
        Set(
            exchanges.flatMap(\.replies).filter { $0.hasPrefix("-") }.compactMap {
                $0.dropFirst().split(separator: " ").first.map(String.init)
            })
    }
}

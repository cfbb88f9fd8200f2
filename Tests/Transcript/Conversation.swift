import DaemonTesting
import Testing

/// A transcript being held with a fresh daemon.
///
/// Behind each exchange the connection is asked for the head and made to echo a word, by which the
/// replies' end is known and that the connection lives. Where all was refused, the head must be
/// what it was.
struct Conversation: ~Copyable {
    private let transcript: Transcript
    private let daemon: DaemonProcess
    private let bytesAtATime: Int
    private var connection: RawConnection?
    private var isConnected = false
    private var head: String?

    private static let probe = Array("HEAD\r\nECHO transcript-end\r\n".utf8)
    private static let probeEnd = Array("$14\r\ntranscript-end\r\n".utf8)

    init(_ transcript: Transcript, with daemon: DaemonProcess, bytesAtATime: Int) {
        self.transcript = transcript
        self.daemon = daemon
        self.bytesAtATime = bytesAtATime
    }

    /// Holds it and returns the masked replies of each exchange.
    mutating func hold() throws -> [[String]] {
        var replies: [[String]] = []
        var wasRefused = false
        for exchange in transcript.exchanges {
            try connect(afterRefusal: wasRefused)
            let (lines, isOpen) = exchangeBytes(exchange.bytes)
            var shown = lines
            wasRefused = !lines.isEmpty && lines.allSatisfy { $0.hasPrefix("-") }
            if isOpen {
                let now = shown.removeLast()
                wasRefused = !shown.isEmpty && shown.allSatisfy { $0.hasPrefix("-") }
                expectSameHead(now, wasRefused, exchange)
                head = now
            } else {
                shown.append("(closed)")
                connection = nil
                isConnected = false
            }
            replies.append(Mask.apply(shown))
        }
        return replies
    }

    private func exchangeBytes(_ bytes: [UInt8]) -> (lines: [String], isOpen: Bool) {
        guard let answer = receive(bytes) else { return ([], false) }
        let end = answer.isOpen ? Self.probeEnd.count : 0
        return (Escaped.lines(answer.bytes.dropLast(end)), answer.isOpen)
    }

    private func receive(_ bytes: [UInt8]) -> (bytes: [UInt8], isOpen: Bool)? {
        connection?.send(bytes, atATime: bytesAtATime)
        connection?.send(Self.probe, atATime: Self.probe.count)
        return connection?.receive(until: Self.probeEnd)
    }

    private func expectSameHead(_ now: String, _ wasRefused: Bool, _ exchange: Transcript.Exchange)
    {
        guard wasRefused, let head else { return }
        #expect(now == head, "\(transcript.name): refused, yet stored: \(exchange.requests)")
    }

    /// Opens a connection where there is none, and looks at the head then.
    private mutating func connect(afterRefusal wasRefused: Bool) throws {
        guard !isConnected else { return }
        connection = RawConnection(to: daemon.socket)
        isConnected = true
        let (lines, isOpen) = exchangeBytes([])
        try #require(isOpen && lines.count == 1, "\(transcript.name): the daemon does not answer")
        if wasRefused, let head { #expect(lines[0] == head, "\(transcript.name)") }
        head = lines[0]
    }
}

/// Writes what a client of NATS sends ("NATS Protocol" in its manual).
///
/// Requests are shared by all connections and each wants its answers for itself: an inbox ends with
/// four digits, which `address` writes over when a request is sent.
enum NATSRequest {
    private static let inbox = "_INBOX.0000"

    /// What a connection sends first: answered with PONG.
    static var greeting: [UInt8] {
        let text =
            "SUB \(inbox) 1\r\n"
            + #"CONNECT {"verbose":false,"pedantic":false,"headers":true,"lang":"bench"}"#
            + "\r\nPING\r\n"
        return Array(text.utf8)
    }

    /// Publishes to a stream, once by the id.
    static func publish(subject: String, id: String, _ body: [UInt8]) -> [UInt8] {
        let headers = "NATS/1.0\r\nNats-Msg-Id: \(id)\r\n\r\n"
        let sizes = "\(headers.utf8.count) \(headers.utf8.count + body.count)"
        return Array("HPUB \(subject) \(inbox) \(sizes)\r\n\(headers)".utf8) + body + [13, 10]
    }

    /// Asks the server's own interface for something.
    static func ask(_ subject: String, _ body: String) -> [UInt8] {
        Array("PUB \(subject) \(inbox) \(body.utf8.count)\r\n\(body)\r\n".utf8)
    }

    /// Writes a connection's own inbox into a request that begins at `start`.
    static func address(_ bytes: inout [UInt8], from start: Int, to connection: Int32) {
        guard let underscore = bytes[start...].firstIndex(of: UInt8(ascii: "_")) else { return }
        var number = connection
        for place in ((underscore + 7)..<(underscore + 11)).reversed() {
            bytes[place] = UInt8(truncatingIfNeeded: 48 + number % 10)
            number /= 10
        }
    }
}

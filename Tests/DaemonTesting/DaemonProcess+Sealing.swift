import Client
import RESP
import TestSupport

extension DaemonProcess {
    /// Ends the newest segment, and waits until all that have ended are sealed.
    ///
    /// - Throws: `ClientError` when the daemon dies meanwhile.
    public func seal() throws {
        var connection = try connect()
        connection.send(["SEAL"])
        let last = try connection.receive().integerValue ?? 0
        try waitUntil("\(last) events are sealed") {
            connection.send(["INFO", "log"])
            let lines = (try connection.receive().text ?? "").split(whereSeparator: \.isNewline)
            let line = lines.first { $0.hasPrefix("sealed:") }
            return line.flatMap { Int64($0.dropFirst("sealed:".count)) } ?? -1 >= last
        }
    }
}

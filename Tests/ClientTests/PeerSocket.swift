import Glibc
import RESP

/// The daemon's end of a connection: blocking and simple, so that it stops reading while it writes.
struct PeerSocket: ~Copyable, Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Returns what came, empty when the client closed.
    func read() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    /// Writes everything, however long the client lets it wait; returns false if the client is gone.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func write(_ text: String) -> Bool {
        write(Array(text.utf8))
    }

    /// Reads requests and answers each until the client closes or `answer` returns false.
    ///
    /// Answers are written before more is read: the order that stops a client which does not read
    /// while it writes.
    func serve(_ answer: ([[UInt8]], inout ReplyWriter) -> Bool) {
        var parser = RequestParser()
        var writer = ReplyWriter(protocolVersion: .resp3)
        var buffer: [UInt8] = []
        while true {
            let bytes = read()
            if bytes.isEmpty { return }
            buffer += bytes
            while let arguments = Self.next(&parser, &buffer) {
                let goesOn = answer(arguments, &writer)
                let isWritten = write(writer.buffer.bytes.octetsCopied())
                writer.buffer.removeAll()
                guard goesOn, isWritten else { return }
            }
        }
    }

    private static func next(_ parser: inout RequestParser, _ buffer: inout [UInt8]) -> [[UInt8]]? {
        switch parser.parse(buffer.span.octets) {
        case .incomplete, .failure, .blank:
            return nil
        case .request(let consumedBytes):
            let found = copies(parser.arguments(in: buffer.span.octets))
            buffer.removeFirst(consumedBytes)
            return found
        }
    }

    private static func copies(_ arguments: Arguments) -> [[UInt8]] {
        (0..<arguments.count).map { arguments.copy(at: $0) }
    }
}

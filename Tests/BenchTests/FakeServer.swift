import Foundation
import Glibc
import Synchronization

/// A small server on a Unix socket that answers what a test has it answer: requests are RESP arrays.
final class FakeServer: Sendable {
    /// Answers the n-th request of the server's life, from 1 on; nil closes the connection.
    typealias Answer = @Sendable (_ words: [String], _ number: Int) -> String?

    let path: String
    private let listener: Int32
    private let answer: Answer
    private let state = Mutex<(count: Int, connections: [Int32])>((0, []))

    init(_ answer: @escaping Answer) throws {
        path = "/tmp/tl-fake-\(UInt32.random(in: 0 ... .max)).s"
        self.answer = answer
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8)
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, size)
            }
        }
        guard listener >= 0, isBound == 0, listen(listener, 64) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        Thread.detachNewThread { [self] in accept() }
    }

    /// Closes all connections, as a server that dies does; new ones are taken.
    func closeAll() {
        for descriptor in state.withLock({ $0.connections }) {
            shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }

    /// Ends it.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        closeAll()
        _ = unsafe unlink(path)
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            state.withLock { $0.connections.append(descriptor) }
            Thread.detachNewThread { [self] in
                serve(descriptor)
                state.withLock { $0.connections.removeAll { $0 == descriptor } }
                close(descriptor)
            }
        }
        close(listener)
    }

    private func serve(_ descriptor: Int32) {
        var input = Input(descriptor)
        while let words = input.request() {
            let number = state.withLock { state in
                state.count += 1
                return state.count
            }
            guard let reply = answer(words, number) else { return }
            let bytes = Array(reply.utf8)
            guard unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
            else { return }
        }
    }

    /// What comes over a connection.
    private struct Input {
        private let descriptor: Int32
        private var bytes: [UInt8] = []

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        /// The next request; nil where the connection has ended.
        mutating func request() -> [String]? {
            guard let head = line(), head.first == "*", let count = Int(head.dropFirst()) else {
                return nil
            }
            var words: [String] = []
            for _ in 0..<count {
                guard let size = line().flatMap({ Int($0.dropFirst()) }), let word = take(size + 2)
                else { return nil }
                words.append(String(decoding: word.dropLast(2), as: UTF8.self))
            }
            return words
        }

        private mutating func line() -> String? {
            while true {
                if let end = bytes.firstIndex(of: 0x0A) {
                    return take(end + 1).map { String(decoding: $0.dropLast(2), as: UTF8.self) }
                }
                guard receive() else { return nil }
            }
        }

        private mutating func take(_ count: Int) -> [UInt8]? {
            while bytes.count < count { guard receive() else { return nil } }
            defer { bytes.removeFirst(count) }
            return Array(bytes.prefix(count))
        }

        private mutating func receive() -> Bool {
            var part = [UInt8](repeating: 0, count: 65_536)
            let count = unsafe recv(descriptor, &part, part.count, 0)
            guard count > 0 else { return false }
            bytes += part.prefix(count)
            return true
        }
    }
}

internal import Client
internal import RESP
internal import Synchronization
internal import Threads

/// Readers that follow the log from its head, each on a thread of its own.
final class Followers: Sendable {
    private let count = Atomic<Int>(0)
    private let isEnding = Atomic<Bool>(false)
    private let threads: Mutex<[PlainThread]> = Mutex([])

    /// Starts them.
    init(_ socketPath: String, count: Int) throws {
        for number in 0..<count {
            var connection = try Connection(socketPath: socketPath)
            guard let head = try connection.call("HEAD").integerValue else {
                throw BenchFailure("HEAD answered no position")
            }
            let thread = PlainThread(name: "follower-\(number)", nice: 0) { [self] in
                follow(socketPath, from: head + 1)
            }
            threads.withLock { $0.append(thread) }
        }
    }

    /// How many events they have been shown, all together.
    var seen: Int { count.load(ordering: .relaxed) }

    /// Ends them; each still waits for its answer, a second at most.
    func end() {
        isEnding.store(true, ordering: .relaxed)
        let ending = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in ending { thread.join() }
    }

    /// Follows until told to end or until the daemon goes away.
    private func follow(_ socketPath: String, from first: Int64) {
        guard var connection = try? Connection(socketPath: socketPath) else { return }
        var next = first
        while !isEnding.load(ordering: .relaxed) {
            let words = ["EVENTS", "FROM", "\(next)", "COUNT", "500", "WAIT", "1000"]
            guard let reply = try? connection.call(words), case .array(let parts) = reply,
                parts.count == 2, let position = parts[0].integerValue,
                case .array(let events) = parts[1]
            else { return }
            next = position
            count.add(events.count, ordering: .relaxed)
        }
    }
}

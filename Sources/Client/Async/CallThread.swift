internal import Glibc
internal import RESP
internal import Synchronization
internal import Threads

/// The thread of an `AsyncClient`: takes what has been asked, has it answered as one pipeline, and
/// takes what has been asked meanwhile.
final class CallThread: Sendable {
    typealias Continuation = CheckedContinuation<Reply, any Error>

    private struct State {
        /// What is not yet sent, the oldest first.
        var asked: [Call] = []
        /// Who waits, by the call's number; who does not any more is not there.
        var waiting: [UInt64: Continuation] = [:]
        var stops = false
    }

    /// Requests of one pipeline.
    private static let callsMax = 1_024
    private static let pauses: ClosedRange<UInt64> = 20_000_000...1_000_000_000

    private let path: String
    private let options: AsyncClient.Options
    private let numbers = Atomic<UInt64>(0)
    private let state = Mutex(State())
    private let wakeup = Wakeup()

    init(socketPath: String, options: AsyncClient.Options) {
        path = socketPath
        self.options = options
        // The thread keeps this until it is told to stop, which its owner's end does; nobody joins it.
        _ = PlainThread(name: "calls", nice: 0) { self.run() }
    }

    func makeNumber() -> UInt64 { numbers.add(1, ordering: .relaxed).newValue }

    func ask(_ call: Call, _ continuation: Continuation) {
        state.withLock { state in
            state.waiting[call.number] = continuation
            state.asked.append(call)
        }
        wakeup.wakeAll()
    }

    /// Lets a task go; what is sent by then is answered to nobody.
    func cancel(_ number: UInt64) {
        let continuation = state.withLock { state in
            state.asked.removeAll { $0.number == number }
            return state.waiting.removeValue(forKey: number)
        }
        continuation?.resume(throwing: CancellationError())
    }

    func stop() {
        state.withLock { $0.stops = true }
        wakeup.wakeAll()
    }

    private var stops: Bool { state.withLock { $0.stops } }

    private func run() {
        _ = pthread_detach(pthread_self())
        while true {
            wakeup.wait { state.withLock { $0.asked.isEmpty && !$0.stops } }
            // Its owner is gone, and with it everybody who could wait.
            guard !stops else { return }
            do throws(ClientError) {
                serve(try connected())
            } catch {
                // Nobody was asked anything: who waits for a daemon has waited long enough.
                fail(takeCalls(atMost: .max), error)
            }
        }
    }

    /// Connects, waiting for a daemon that is away.
    private func connected() throws(ClientError) -> Connection {
        let end = Wakeup.nanoseconds() + Self.nanoseconds(options.patience)
        var pause = Self.pauses.lowerBound
        while true {
            do throws(ClientError) {
                var connection = try Connection(socketPath: path, timeout: options.timeout)
                if options.readsOwnAppends {
                    let reply = try connection.call("CLIENT", "READAFTERWRITE", "ON")
                    if case .error(let code, let message) = reply {
                        throw .refused(path: path, code: code, message: message)
                    }
                }
                return connection
            } catch {
                guard error.mayPass, !stops, Wakeup.nanoseconds() < end else { throw error }
            }
            wakeup.wait(untilNanoseconds: min(end, Wakeup.nanoseconds() + pause)) { !stops }
            pause = min(pause * 2, Self.pauses.upperBound)
        }
    }

    private static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        return UInt64(max(seconds, 0)) * 1_000_000_000 + UInt64(max(attoseconds, 0) / 1_000_000_000)
    }

    /// Has calls answered over a connection until it breaks.
    private func serve(_ connection: consuming Connection) {
        while true {
            wakeup.wait { state.withLock { $0.asked.isEmpty && !$0.stops } }
            guard !stops else { return }
            let calls = takeCalls(atMost: Self.callsMax)
            do throws(ClientError) {
                connection = try exchange(calls, connection)
            } catch {
                let again = calls.filter(\.repeats)
                fail(calls.filter { !$0.repeats }, error)
                // They stand before what has been asked since, in their order.
                state.withLock { state in
                    state.asked.insert(
                        contentsOf: again.filter { state.waiting[$0.number] != nil }, at: 0)
                }
                return
            }
        }
    }

    private func exchange(
        _ calls: [Call], _ connection: consuming Connection
    ) throws(ClientError) -> Connection {
        var pipeline = Pipeline(connection) { sequence, reply in
            self.answer(calls[Int(sequence)], reply)
        }
        for call in calls { try pipeline.submit(call.arguments) }
        return try pipeline.finish()
    }

    private func takeCalls(atMost most: Int) -> [Call] {
        state.withLock { state in
            let calls = Array(state.asked.prefix(most))
            state.asked.removeFirst(calls.count)
            return calls
        }
    }

    private func answer(_ call: Call, _ reply: Reply) {
        state.withLock { $0.waiting.removeValue(forKey: call.number) }?.resume(returning: reply)
    }

    /// Fails those that have not been answered.
    private func fail(_ calls: [Call], _ error: ClientError) {
        for call in calls {
            state.withLock { $0.waiting.removeValue(forKey: call.number) }?.resume(throwing: error)
        }
    }
}

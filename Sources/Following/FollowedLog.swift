internal import Client
internal import Glibc
internal import RESP
internal import Synchronization
internal import Threads

/// A log being followed by a thread of its own, and the events that wait for who iterates: never
/// more than the window, which is the credit that the daemon is given.
final class FollowedLog: Sendable {
    private struct State {
        var waiting: [LogEvents.Element] = []
        /// How many of `waiting` have been taken.
        var taken = 0
        var reader: CheckedContinuation<LogEvents.Element?, any Error>?
        var failure: FollowError?
        var stops = false

        var count: Int { waiting.count - taken }

        mutating func pop() -> LogEvents.Element? {
            guard taken < waiting.count else { return nil }
            let element = waiting[taken]
            taken += 1
            // So that no more lie there than wait, however slowly they are taken.
            if taken * 2 >= waiting.count {
                waiting.removeFirst(taken)
                taken = 0
            }
            return element
        }
    }

    /// How often the thread looks whether it shall stop, while nothing comes.
    private static let patience = Duration.milliseconds(500)
    private static let pauses: ClosedRange<UInt64> = 20_000_000...2_000_000_000

    private let events: LogEvents
    private let state = Mutex(State())
    private let wakeup = Wakeup()

    init(_ events: LogEvents) {
        self.events = events
        // The thread keeps this until it is told to stop, which its owner's end does; nobody joins it.
        _ = PlainThread(name: "follow", nice: 0) { self.run() }
    }

    func next() async throws -> LogEvents.Element? {
        try await withCheckedThrowingContinuation { continuation in
            let ready: Result<LogEvents.Element?, any Error>? = state.withLock { state in
                precondition(state.reader == nil, "one task iterates at a time")
                if let element = state.pop() { return .success(element) }
                if let failure = state.failure { return .failure(failure) }
                if state.stops { return .success(nil) }
                state.reader = continuation
                return nil
            }
            guard let ready else { return }
            wakeup.wakeAll()
            continuation.resume(with: ready)
        }
    }

    func stop() {
        let reader = state.withLock { state in
            state.stops = true
            defer { state.reader = nil }
            return state.reader
        }
        wakeup.wakeAll()
        reader?.resume(returning: nil)
    }

    private var stops: Bool { state.withLock { $0.stops } }

    private func deliver(_ element: LogEvents.Element) {
        let reader = state.withLock { state in
            guard let reader = state.reader else {
                state.waiting.append(element)
                return nil as CheckedContinuation<LogEvents.Element?, any Error>?
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: element)
    }

    private func end(_ failure: FollowError) {
        let reader = state.withLock { state in
            state.failure = failure
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(throwing: failure)
    }

    /// Follows over one connection after another until it shall stop or cannot go on.
    private func run() {
        _ = pthread_detach(pthread_self())
        var next = events.start
        // Positions are counted in the epoch of the daemon that told them: one that begins another, a
        // backup brought back, has to say whether they are still its own.
        var epoch = events.epoch
        var pause = Self.pauses.lowerBound
        while !stops {
            let before = next
            do throws(ClientError) {
                if let failure = try follow(&next, &epoch) { return end(failure) }
            } catch {
                // A daemon that is gone may come back.
                guard error.mayPass else { return end(.client(error)) }
            }
            pause = next > before ? Self.pauses.lowerBound : min(pause * 2, Self.pauses.upperBound)
            wakeup.wait(untilNanoseconds: Wakeup.nanoseconds() + pause) { !stops }
        }
    }

    /// Follows over one connection; returns why it can never go on, or nil when it was told to stop.
    private func follow(
        _ next: inout UInt64, _ epoch: inout UInt64?
    ) throws(ClientError) -> FollowError? {
        var connection = try Connection(socketPath: events.socketPath)
        let hello = try connection.call("HELLO", "3")
        if case .error(let code, let message) = hello {
            throw .refused(path: events.socketPath, code: code, message: message)
        }
        var credit = room()
        let words =
            ["FOLLOW", "LOG", "FROM", "\(next)"] + (epoch.map { ["EPOCH", "\($0)"] } ?? [])
            + events.filter + ["CREDIT", "\(credit)"]
        let answer = try connection.call(words)
        guard let id = answer.integerValue else { return refusal(answer, next) }
        epoch = Self.epoch(hello) ?? epoch
        connection.timeout = Self.patience
        while !stops {
            if credit == 0 {
                wakeup.wait { !stops && room() <= events.window / 2 }
                guard !stops else { return nil }
                credit = room()
                let reply = try connection.call("CREDIT", "\(id)", "\(credit)")
                guard !reply.isError else { return refusal(reply, next) }
            }
            do throws(ClientError) {
                let push = try connection.receive()
                if let failure = take(push, &next, &credit) { return failure }
            } catch .timedOut {
                continue
            }
        }
        return nil
    }

    /// The epoch that HELLO tells.
    private static func epoch(_ hello: Reply) -> UInt64? {
        guard case .map(let entries) = hello else { return nil }
        let told = entries.first { $0.key.text == "epoch" }?.value.integerValue
        return told.flatMap { UInt64(exactly: $0) }
    }

    /// How many more events may wait.
    private func room() -> Int { state.withLock { events.window - $0.count } }

    private func take(_ push: Reply, _ next: inout UInt64, _ credit: inout Int) -> FollowError? {
        guard case .push(let elements) = push, elements.count >= 4,
            let kind = elements[2].text, let position = elements[3].integerValue, position >= 0
        else { return .unexpected(next: next) }
        switch kind {
        case "event":
            guard elements.count == 5, let document = elements[4].text else {
                return .unexpected(next: next)
            }
            next = UInt64(position) + 1
            credit -= 1
            deliver(LogEvents.Element(position: UInt64(position), document: document))
        case "ended":
            let words = (elements.last?.text ?? "").split(separator: " ", maxSplits: 1)
            return .refused(
                code: words.first.map(String.init) ?? "",
                message: words.last.map(String.init) ?? "",
                next: UInt64(position))
        default: next = UInt64(position)
        }
        return nil
    }

    private func refusal(_ reply: Reply, _ next: UInt64) -> FollowError {
        guard case .error(let code, let message) = reply else { return .unexpected(next: next) }
        return .refused(code: code, message: message, next: next)
    }
}

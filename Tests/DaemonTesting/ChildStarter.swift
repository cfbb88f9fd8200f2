public import Foundation
internal import Synchronization
internal import Threads

/// Starts programs that end with this process, however it ends. One that outlived a test run which
/// was killed would hold the run's output open, and `swift test` would wait for its end for ever.
///
/// The kernel kills a program when the *thread* that started it ends (PR_SET_PDEATHSIG of prctl(2)),
/// and tests run on threads that come and go: so one thread starts all of them.
public final class ChildStarter: Sendable {
    /// The one that lives as long as this process.
    public static let shared = ChildStarter()

    /// setpriv(1) sets the signal and becomes the program, under the same number.
    private static let setpriv = URL(fileURLWithPath: "/usr/bin/setpriv")

    private let desk = Desk()
    private let thread: PlainThread

    /// Starts the thread.
    public init() {
        let desk = desk
        thread = PlainThread(name: "child-starter", nice: 0) { desk.serve() }
    }

    /// Starts a program as `Process.run` does.
    public func run(_ process: Process) throws {
        process.arguments =
            ["--pdeathsig", "KILL", process.executableURL?.path ?? ""] + (process.arguments ?? [])
        process.executableURL = Self.setpriv
        try desk.start(process)
    }

    /// Ends the thread and with it all that it has started.
    public func end() {
        desk.close()
        thread.join()
    }
}

/// Where a process is laid down for the thread that starts it.
private final class Desk: Sendable {
    private struct State {
        var waiting: Process?
        var outcome: Result<Void, any Error>?
        var isClosed = false
    }

    private let turn = Mutex<Void>(())
    private let state = Mutex(State())
    private let wakeup = Wakeup()

    func start(_ process: Process) throws {
        try turn.withLock { _ in
            wakeup.wakeAll { state.withLock { $0.waiting = process } }
            wakeup.wait { state.withLock { $0.outcome == nil } }
            let outcome = state.withLock { state in
                defer { state.outcome = nil }
                return state.outcome
            }
            try outcome?.get()
        }
    }

    func close() {
        wakeup.wakeAll { state.withLock { $0.isClosed = true } }
    }

    func serve() {
        while true {
            wakeup.wait { state.withLock { $0.waiting == nil && !$0.isClosed } }
            let next = state.withLock { state in
                defer { state.waiting = nil }
                return state.waiting
            }
            guard let next else { return }
            let outcome = Result { try next.run() }
            wakeup.wakeAll { state.withLock { $0.outcome = outcome } }
        }
    }
}

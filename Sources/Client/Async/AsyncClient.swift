public import RESP

/// A daemon as the tasks of a program talk to it: any number of them call at a time, over one
/// connection that is made anew when it breaks.
///
/// ```
/// let daemon = AsyncClient(socketPath: path)
/// let reply = try await daemon.call("CUSTOMER", "phone:+34911234567", "POP")
/// ```
///
/// What tasks ask while the daemon answers goes out together: one thread sends and receives, so
/// that many small calls cost few system calls. The daemon answers in order: a call that waits
/// there (`WAIT`, `AFTER`) has the later ones wait, so give such ones a client of their own. The
/// protocol is RESP2, and there are no pushes: `LogEvents` follows.
public final class AsyncClient: Sendable {
    /// How a client meets a daemon that is away, slow, or gone in the middle.
    public struct Options: Sendable {
        /// How long calls wait, at most, for a daemon that cannot be connected to.
        public var patience = Duration.seconds(10)
        /// How long it waits without a byte coming or going; more than any WAIT that is asked for.
        public var timeout = Duration.seconds(90)
        /// Whether reads of views see what was appended before over the same connection:
        /// `CLIENT READAFTERWRITE`.
        public var readsOwnAppends = false

        /// Makes the standard ones.
        public init() {}
    }

    private let calls: CallThread

    /// Names a daemon; the first call connects.
    public init(socketPath: String, options: Options = Options()) {
        calls = CallThread(socketPath: socketPath, options: options)
    }

    deinit { calls.stop() }

    /// Sends a request and returns its reply; an error reply is a reply.
    ///
    /// - Parameter repeats: Whether it is sent again over the next connection when the one breaks
    ///   before the answer. Reads are, unless told otherwise, and appends: of those the daemon stores
    ///   each once, and tells of a repeat by its first position and `REPEAT`. What a daemon would do
    ///   twice, or refuse because it has done it, is not.
    /// - Throws: `ClientError`; `CancellationError` when the task is cancelled, whether or not the
    ///   daemon has the request by then.
    public func call(_ arguments: String..., repeats: Bool? = nil) async throws -> Reply {
        try await call(arguments, repeats: repeats)
    }

    /// Sends a request and returns its reply, as `call(_: String...)` does.
    public func call(_ arguments: [String], repeats: Bool? = nil) async throws -> Reply {
        try await call(arguments.map { Array($0.utf8) }, repeats: repeats)
    }

    /// Sends a request and returns its reply, as `call(_: String...)` does.
    public func call(_ arguments: [[UInt8]], repeats: Bool? = nil) async throws -> Reply {
        precondition(!arguments.isEmpty, "a request has at least one word")
        let number = calls.makeNumber()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                calls.ask(
                    Call(
                        number: number, arguments: arguments,
                        repeats: repeats ?? Call.repeats(arguments)), continuation)
                // It may have been cancelled before there was anything to let go.
                if Task.isCancelled { calls.cancel(number) }
            }
        } onCancel: {
            calls.cancel(number)
        }
    }
}

/// One request of a task's.
struct Call: Sendable {
    let number: UInt64
    let arguments: [[UInt8]]
    let repeats: Bool

    /// Commands that are not said twice. Of CONSUMER only reading and acknowledging are.
    private static let once: Set<String> = [
        "BACKUP", "BLOCK", "CLOCK", "ERASE", "MERGE", "REBUILD", "REDACT", "SEAL",
        "SHUTDOWN", "UNMERGE",
    ]

    /// Whether a command is sent again where nobody says so.
    static func repeats(_ arguments: [[UInt8]]) -> Bool {
        func word(_ index: Int) -> String {
            index < arguments.count
                ? String(decoding: arguments[index], as: UTF8.self).uppercased() : ""
        }
        guard word(0) != "CONSUMER" else { return ["READ", "ACK", "LIST"].contains(word(1)) }
        return !once.contains(word(0))
    }
}

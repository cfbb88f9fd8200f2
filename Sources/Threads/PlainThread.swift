internal import Glibc

/// A named operating-system thread that runs one closure and can be joined. One that nobody joins
/// gives its stack back when the closure has returned.
@safe
public final class PlainThread: @unchecked Sendable {
    // Unchecked: `handle` is written before the thread can be joined and only read after.
    private var handle = pthread_t()
    private var isJoined = false
    /// The address space of a thread's stack.
    private static let stackBytes = 8 * 1_048_576

    /// Starts the thread; the name shows in `top -H` and has at most 15 bytes.
    ///
    /// - Parameter nice: How far it stands back on a saturated machine, 0 to 19.
    public convenience init(name: String, nice: Int32, _ body: @escaping @Sendable () -> Void) {
        self.init(name: name, .standingBack(nice: nice), body)
    }

    /// Starts the thread; the name has at most 15 bytes.
    public init(
        name: String, _ schedule: ThreadSchedule, _ body: @escaping @Sendable () -> Void
    ) {
        precondition(name.utf8.count <= 15)
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, Self.stackBytes)
        let box = unsafe Unmanaged.passRetained(Body(name: name, schedule: schedule, run: body))
        let code = unsafe pthread_create(
            &handle, &attributes,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                body.takeName()
                body.schedule.take()
                body.run()
                return nil
            }, box.toOpaque())
        unsafe pthread_attr_destroy(&attributes)
        precondition(code == 0, "no thread could be started: error \(code)")
    }

    /// Waits until the closure has returned; once.
    public func join() {
        precondition(!isJoined)
        isJoined = true
        pthread_join(handle, nil)
    }

    deinit {
        // The system keeps the stack of a thread that ended until it is joined or let go.
        if !isJoined { pthread_detach(handle) }
    }

    private final class Body: Sendable {
        let name: String
        let schedule: ThreadSchedule
        let run: @Sendable () -> Void

        /// Shows the name in `top -H`; a system that does not allow it only loses the name.
        func takeName() {
            let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            _ = unsafe write(descriptor, name, name.utf8.count)
            close(descriptor)
        }

        init(name: String, schedule: ThreadSchedule, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.schedule = schedule
            self.run = run
        }
    }
}

internal import Glibc

/// A named operating-system thread that runs one closure and can be joined.
@safe
final class PlainThread: @unchecked Sendable {
    // Unchecked: `handle` is written before the thread can be joined and only read after.
    private var handle = pthread_t()
    private var isJoined = false

    /// Starts the thread; the name shows in `top -H` and has at most 15 bytes.
    init(name: String, _ body: @escaping @Sendable () -> Void) {
        precondition(name.utf8.count <= 15)
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, ProjectingLimits.threadStackBytes)
        let box = unsafe Unmanaged.passRetained(Body(name: name, run: body))
        let code = unsafe pthread_create(
            &handle, &attributes,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                body.takeName()
                body.yieldToForeground()
                body.run()
                return nil
            }, box.toOpaque())
        unsafe pthread_attr_destroy(&attributes)
        precondition(code == 0, "no thread could be started: error \(code)")
    }

    /// Waits until the closure has returned; once.
    func join() {
        precondition(!isJoined)
        isJoined = true
        pthread_join(handle, nil)
    }

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        /// Shows the name in `top -H`; a system that does not allow it only loses the name.
        func takeName() {
            let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            _ = unsafe write(descriptor, name, name.utf8.count)
            close(descriptor)
        }

        /// Lets appends and reads go first on a saturated machine. On Linux the priority is the
        /// calling thread's own (setpriority(2)); where it is refused nothing else changes.
        func yieldToForeground() {
            _ = setpriority(
                __priority_which_t(PRIO_PROCESS.rawValue), 0, ProjectingLimits.threadNice)
        }

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
}

internal import Glibc

/// What a process leaves that dies inside a mapped file: LMDB trusts its pages, and a wrong bit in
/// one of them may send it anywhere.
///
/// `<store>/CRASHED` holds the signal's number and, on the second line, the path of the file whose
/// mapping the faulting address lies in, if it lies in one. The handler allocates nothing and calls
/// only what signal-safety(7) allows.
enum CrashMark {
    /// The signals after which the files are in doubt; the last is LMDB's own finding.
    private static let signals = [SIGBUS, SIGSEGV, SIGABRT]

    /// Where the mark of a store lies.
    static func path(_ store: String) -> String { store + "/CRASHED" }

    /// Has the process leave a mark in a store when it dies so.
    static func arm(store: String) {
        unsafe handlerState = .init(path: path(store), store: store)
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_sigaction = { number, information, _ in
            unsafe CrashMark.leave(number, information)
        }
        action.sa_flags = SA_SIGINFO
        for number in signals { _ = unsafe sigaction(number, &action, nil) }
    }

    private static func leave(_ number: Int32, _ information: UnsafeMutablePointer<siginfo_t>?) {
        // What happens again after this handler has returned ends the process.
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = SIG_DFL
        for number in [SIGBUS, SIGSEGV, SIGABRT] { _ = unsafe sigaction(number, &action, nil) }
        guard let state = unsafe handlerState else { return }
        let mark = unsafe open(state.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard mark >= 0 else { return }
        unsafe state.line[0] = UInt8(truncatingIfNeeded: 0x30 + number / 10)
        unsafe state.line[1] = UInt8(truncatingIfNeeded: 0x30 + number % 10)
        unsafe state.line[2] = 0x0A
        _ = unsafe write(mark, state.line, 3)
        if number != SIGABRT, let information = unsafe information {
            let address = unsafe information.pointee._sifields._sigfault.si_addr
            unsafe MappedFiles.writePath(UInt(bitPattern: address), state, to: mark)
        }
        close(mark)
    }
}

/// What the handler needs, made before.
@unsafe struct CrashHandlerState {
    /// The mark's path, and the store's with a slash behind it, as C has them.
    let path: UnsafeMutablePointer<CChar>
    let store: UnsafeMutablePointer<CChar>
    let storeCount: Int
    /// Room for a line of /proc/self/maps, and for what is read of it at a time.
    let line: UnsafeMutablePointer<UInt8>
    let buffer: UnsafeMutablePointer<UInt8>
    static let bytes = 8_192

    init(path: String, store: String) {
        unsafe self.path = strdup(path)
        unsafe self.store = strdup(store + "/")
        unsafe storeCount = store.utf8.count + 1
        unsafe line = .allocate(capacity: Self.bytes)
        unsafe buffer = .allocate(capacity: Self.bytes)
    }
}

/// Set once, before the handler is; a process opens one store.
nonisolated(unsafe) private var handlerState: CrashHandlerState?

/// The mappings of this process, read without allocating.
private enum MappedFiles {
    /// Writes the path of the store's file that an address is mapped from, if it is.
    static func writePath(_ address: UInt, _ state: CrashHandlerState, to output: Int32) {
        let maps = unsafe open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
        guard maps >= 0 else { return }
        var length = 0
        while true {
            let count = unsafe read(maps, state.buffer, CrashHandlerState.bytes)
            if count <= 0 { break }
            for index in 0..<count {
                let byte = unsafe state.buffer[index]
                if byte != 0x0A {
                    if unsafe length < CrashHandlerState.bytes {
                        unsafe state.line[length] = byte
                        length += 1
                    }
                    continue
                }
                if unsafe holds(address, state.line, length) {
                    unsafe writePath(of: state.line, length, state, to: output)
                }
                length = 0
            }
        }
        close(maps)
    }

    /// Whether a line, which begins `start-end `, is that of an address.
    private static func holds(
        _ address: UInt, _ line: UnsafeMutablePointer<UInt8>, _ length: Int
    ) -> Bool {
        var (start, end, isEnd) = (UInt(0), UInt(0), false)
        for index in 0..<length {
            let byte = unsafe line[index]
            var digit = UInt(0)
            switch byte {
            case 0x30...0x39: digit = UInt(byte) - 0x30
            case 0x61...0x66: digit = UInt(byte) - 0x57
            case 0x2D:
                isEnd = true
                continue
            default: return start <= address && address < end
            }
            if isEnd { end = end << 4 | digit } else { start = start << 4 | digit }
        }
        return false
    }

    /// Writes what stands from the first slash on, if that lies in the store.
    private static func writePath(
        of line: UnsafeMutablePointer<UInt8>, _ length: Int, _ state: CrashHandlerState,
        to output: Int32
    ) {
        var slash = 0
        while slash < length, unsafe line[slash] != 0x2F { slash += 1 }
        guard unsafe length - slash > state.storeCount else { return }
        for index in unsafe 0..<state.storeCount
        where unsafe UInt8(bitPattern: state.store[index]) != line[slash + index] { return }
        _ = unsafe write(output, line + slash, length - slash)
    }
}

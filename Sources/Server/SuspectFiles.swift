internal import Consumers
internal import EventLog
internal import Glibc
internal import Logging

/// What a start does about a `CrashMark`: finds the file that ended the last process, and puts it
/// out of use where it can be made anew.
///
/// Every file in doubt is read by a child process, so that the daemon itself does not die of it.
enum SuspectFiles {
    /// The argument with which this program reads one file and ends.
    static let argument = "--check-file"

    /// Reads a file of LMDB's to its end; what `--check-file` does.
    ///
    /// - Returns: The exit code: 0, or 1 when LMDB finds damage and says so. It may not return.
    static func read(_ path: String) -> Int32 {
        // Who dies of it says nothing: a report of a crash shows memory, and so events.
        for number in [SIGBUS, SIGSEGV, SIGABRT] { _ = signal(number, SIG_DFL) }
        do throws(EventLogError) {
            try StoreFile.readThrough(path)
            return 0
        } catch {
            return 1
        }
    }

    /// Looks for a mark, and deals with it.
    ///
    /// - Throws: `suspect` when reading the newest segment or the consumers ends a process; the mark
    ///   stays.
    static func settle(store: String, _ logger: Logger) throws(ServerError) {
        try takeUp(store, logger)
        let mark = CrashMark.path(store)
        guard let text = contents(mark) else { return }
        let lines = text.split(separator: "\n").map(String.init)
        let signal = lines.first.flatMap { Int32($0) } ?? 0
        // An address behind the end of one mapping may lie in another file's: who dies again,
        // without having ended in order in between, has every file checked.
        let isAgain = unsafe access(mark + before, F_OK) == 0
        let named = isAgain ? nil : lines.dropFirst().first
        logger.warning(
            "the last process died while it read a file",
            metadata: ["signal": "\(signal)", "file": "\(named ?? "not known: all are checked")"])
        for path in named.map({ [$0] }) ?? files(store) {
            try settle(path, isNamed: named != nil, signal, logger)
        }
        guard unsafe rename(mark, mark + before) == 0 else {
            throw .log(.system(operation: "rename", path: mark, errno: errno))
        }
    }

    /// Forgets the deaths before, once a process ends in order.
    static func forget(store: String) { _ = unsafe unlink(CrashMark.path(store) + before) }

    /// What the names of files end with that can be made anew, and that a start opens.
    private static let disposable = [".view", ".building", ".prepared", ".index"]

    /// Behind the name of a mark that has been dealt with.
    private static let before = ".before"

    private static func settle(
        _ path: String, isNamed: Bool, _ signal: Int32, _ logger: Logger
    ) throws(ServerError) {
        if path.hasSuffix(".segment") || path.hasSuffix(ConsumerFile.name) {
            // What LMDB notices is told to whoever asks for those events.
            guard let signal = try signalReading(path) else { return }
            // Appends go on without any but the newest segment.
            guard path.hasSuffix(".segment"), !isNewest(path) else {
                throw .suspect(file: path, signal: signal)
            }
            do throws(EventLogError) { try SetAside.mark(path) } catch { throw .log(error) }
            logger.error(
                "the segment is set aside: its events are damaged until it is restored",
                metadata: ["file": "\(path)", "signal": "\(signal)"])
            return
        }
        guard disposable.contains(where: { path.hasSuffix($0) }) else { return }
        // Whatever it is that ended the process, a file that can be made anew is not tried again.
        if !isNamed, try signalReading(path) == nil { return }
        let mark = path + ".damaged"
        let descriptor = unsafe open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .log(.system(operation: "create", path: mark, errno: errno))
        }
        close(descriptor)
        logger.warning("the file is made anew from the log", metadata: ["file": "\(path)"])
    }

    /// Takes up segments that were set aside and can be read again.
    private static func takeUp(_ store: String, _ logger: Logger) throws(ServerError) {
        for name in FolderListing.names(store + "/log") where name.hasSuffix(SetAside.ending) {
            let path = store + "/log/" + name.dropLast(SetAside.ending.utf8.count)
            guard try signalReading(path) == nil else { continue }
            do throws(EventLogError) { try SetAside.unmark(path) } catch { throw .log(error) }
            logger.warning("the segment can be read again", metadata: ["file": "\(path)"])
        }
    }

    /// Whether a segment is the last of its folder; names are in order.
    private static func isNewest(_ path: String) -> Bool {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let names = FolderListing.names(String(path[..<slash])).filter { $0.hasSuffix(".segment") }
        return names.max().map { path.hasSuffix("/" + $0) } ?? true
    }

    /// Has a child read a file; returns the signal that ended it, or nil when none did.
    private static func signalReading(_ path: String) throws(ServerError) -> Int32? {
        var child = pid_t()
        let words = ["throughlined", argument, path]
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for index in words.indices { unsafe free(arguments[index]) } }
        let code = unsafe posix_spawn(
            &child, "/proc/self/exe", nil, nil, &arguments, environ)
        guard code == 0 else {
            throw .log(.system(operation: "start a check of", path: path, errno: code))
        }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else {
                throw .log(.system(operation: "wait for the check of", path: path, errno: errno))
            }
        }
        let signal = status & 0x7F
        return signal == 0 ? nil : signal
    }

    /// All files of the store that LMDB maps.
    private static func files(_ store: String) -> [String] {
        var files: [String] = []
        let consumers = store + "/" + ConsumerFile.name
        if unsafe access(consumers, F_OK) == 0 { files.append(consumers) }
        for folder in ["/views", "/log"] {
            files += FolderListing.names(store + folder).filter {
                name in (disposable + [".segment"]).contains { name.hasSuffix($0) }
            }.map { store + folder + "/" + $0 }
        }
        return files
    }

    private static func contents(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 8_192)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}

internal import Glibc
internal import Synchronization

/// Whether somebody asked the bench to end: it then stops its servers and removes its folder.
enum Interruption {
    private static let isAsked = Atomic<Bool>(false)

    /// Takes SIGINT and SIGTERM over. A closed socket is an error of `send`, not a signal.
    static func begin() {
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in Interruption.isAsked.store(true, ordering: .relaxed) }
        }
    }

    /// - Throws: `BenchFailure` when somebody asked.
    static func check() throws {
        if isAsked.load(ordering: .relaxed) { throw BenchFailure("interrupted") }
    }
}

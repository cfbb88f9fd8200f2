internal import Glibc

/// How often a thread has waited for a page to be read from a disk (getrusage(2)).
struct MajorFaults {
    private var count = Self.ofThread()

    /// Whether there have been more since this was asked or made, on the calling thread.
    mutating func haveRisen() -> Bool {
        let before = count
        count = Self.ofThread()
        return count > before
    }

    /// RUSAGE_THREAD of getrusage(2), which Swift's Glibc module leaves out.
    private static let ofThisThread: __rusage_who_t = 1

    private static func ofThread() -> Int {
        var usage = rusage()
        let result = unsafe getrusage(ofThisThread, &usage)
        precondition(result == 0, "getrusage(2) of the calling thread cannot fail")
        return usage.ru_majflt
    }
}

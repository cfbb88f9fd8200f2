internal import CProcess

/// How the process's memory is taken from the system and given back.
public enum LargeBlocks {
    /// Blocks of so many bytes are mapped by themselves.
    private static let bytesMin: Int32 = 262_144

    /// Has the system given back at once, for good, what each large block took. Left to itself, glibc
    /// learns from each that is let go of to take the next from a heap, one for each thread, and such a
    /// heap only ends where its last block ends: rounds and pieces of the log, which one thread makes
    /// and another lets go of, would stay there twice over.
    public static func giveBack() { mallopt(M_MMAP_THRESHOLD, bytesMin) }

    /// Gives the system back what lies free between blocks in use. A thread's heap else keeps all that
    /// was ever needed at a time.
    public static func giveBackFree() { malloc_trim(0) }
}

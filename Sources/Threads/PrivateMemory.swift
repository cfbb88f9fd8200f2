internal import CProcess

/// The process's memory, in which what customers said lies in the clear.
public enum PrivateMemory {
    /// Keeps it from other processes of the same user, debuggers among them, and out of core dumps,
    /// whatever limits the process was started with. Who may trace any process still may.
    public static func keep() {
        let result = throughline_forbid_dumps()
        precondition(result == 0, "PR_SET_DUMPABLE takes 0 on every Linux")
    }
}

internal import CLMDB
internal import Glibc

extension LMDBError: CustomStringConvertible {
    /// One line: what was tried, on which file, the cause with its code and name, what to do.
    public var description: String {
        let head = "\(operation.rawValue) on \(file) failed: \(reason)"
        guard let advice else { return head }
        return "\(head); \(advice)"
    }

    private var reason: String {
        switch cause {
        case .library(let code): Self.libraryText(code)
        case .system(let number): "errno \(number): \(Self.systemText(number))"
        case .alreadyOpen: "it is already open in this process"
        case .notAFile: "it is not a regular file"
        case .notInitialised: "it is empty or ends within its first pages"
        case .notAnEnvironment: "its first pages are not those of an LMDB 0.9 file"
        case .truncated(let expected, let actual):
            "it is \(actual) bytes long, its newest transaction needs \(expected)"
        case .keyLength(let count):
            "the key has \(count) bytes, allowed are 1 to \(Limits.keyBytesMax)"
        case .valueLength(let count):
            "the value has \(count) bytes, allowed are 0 to \(Limits.valueBytesMax)"
        case .databaseFlags(let stored, let expected):
            "the database has flags \(stored), expected were \(expected)"
        case .readOnly: "it was opened read-only"
        case .option(let text): text
        }
    }

    private var advice: String? {
        if isMapFull { return "delete or reopen with a larger map" }
        if isReadersFull { return "end read transactions or raise the number of readers" }
        if isTransactionFull { return "commit smaller batches" }
        if isFatal { return "end the process and open the file anew" }
        if isBadTransaction { return "drop the transaction" }
        switch cause {
        case .alreadyOpen: return "share the environment that has it open"
        case .truncated, .notAnEnvironment, .notInitialised:
            return "rebuild the file or take it from a backup"
        case .system(errno: EIO): return "see whether the disk is full, else stop"
        default: return nil
        }
    }

    /// The name and text that liblmdb gives one of its codes, `MDB_MAP_FULL: … (-30792)`.
    private static func libraryText(_ code: Int32) -> String {
        guard let text = unsafe mdb_strerror(code) else { return "LMDB code \(code)" }
        return unsafe "\(String(cString: text)) (\(code))"
    }

    private static func systemText(_ number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        return unsafe buffer.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return "" }
            guard unsafe strerror_r(number, base, bytes.count) == 0 else { return "unknown" }
            return unsafe String(cString: base)
        }
    }
}

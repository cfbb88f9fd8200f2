public import EventModel
internal import LMDB

/// Why the consumers' file cannot be used.
public enum ConsumerError: Error, Sendable, CustomStringConvertible {
    /// LMDB or the system failed; `isNoRoom`: for want of disk.
    case storage(String, isNoRoom: Bool)
    /// A record or what the file says of itself is not as it was written.
    case damaged(MalformedBytes)
    /// The file is of a later program.
    case format(UInt32)

    init(_ error: LMDBError) { self = .storage("\(error)", isNoRoom: error.mayBeNoSpace) }

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .storage(let what, _): "consumers.mdb: \(what)"
        case .damaged(let what):
            "consumers.mdb is damaged (\(what)): take the file from a backup, or remove it and create "
                + "the consumers again"
        case .format(let format):
            "consumers.mdb has format \(format), this program knows \(ConsumerFile.format) and those before: use a later program"
        }
    }
}

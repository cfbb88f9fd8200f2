public import LMDB

/// What can go wrong with an index; each but `storage` is healed by building the file anew.
public enum IndexError: Error, Hashable, Sendable {
    /// A file is not what was written; it holds no answer that can be trusted.
    case damaged(file: String, what: String)
    /// The file is the index of another store or another segment.
    case otherStore(file: String)
    /// The file was written by a later program.
    case unsupportedFormat(file: String, found: UInt32, newest: UInt32)
    /// LMDB or the file system refused.
    case storage(LMDBError)
}

extension IndexError: CustomStringConvertible {
    /// Says what was found and what to do next.
    public var description: String {
        switch self {
        case .damaged(let file, let what):
            "index \(file) is damaged: \(what); delete it, it is built anew from the log"
        case .otherStore(let file):
            "index \(file) belongs to another store or segment; delete it, it is built anew"
        case .unsupportedFormat(let file, let found, let newest):
            "index \(file) has format version \(found), this program reads 1 to \(newest); "
                + "delete it, it is built anew from the log"
        case .storage(let error):
            "\(error)"
        }
    }

    /// Makes LMDB's finding that its file is damaged ours.
    init(_ error: LMDBError) {
        self = error.isCorrupted ? .damaged(file: error.file, what: "\(error)") : .storage(error)
    }
}

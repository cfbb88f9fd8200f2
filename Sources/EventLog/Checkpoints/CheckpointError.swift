public import EventModel

/// Why a signed checkpoint is not believed, or cannot be written.
public enum CheckpointError: Error, Sendable {
    /// A key's file is not one.
    case badKey(String)
    /// The text is not a checkpoint.
    case malformed(line: Int, expected: String)
    /// The checkpoint was signed with another key, or changed since.
    case badSignature
    /// The checkpoint is of another store.
    case otherStore(found: String, expected: String)
    /// The store ends before the checkpoint.
    case shorter(head: Position, position: Position)
    /// The store's events up to the position are not those of the checkpoint.
    case otherDigest(position: Position, found: Digest, expected: Digest)
    /// The store began a later count of its log before the position, or has not begun it.
    case otherEpoch(found: UInt64, expected: UInt64)
    /// The store has no event that could be signed.
    case empty
    /// The store cannot be read where the checkpoint needs it.
    case log(EventLogError)
}

extension CheckpointError: CustomStringConvertible {
    /// What was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .badKey(let what):
            "the key cannot be used: \(what); make one with 'throughline checkpoint key'"
        case .malformed(let line, let expected):
            "this is no checkpoint: line \(line) must be \(expected)"
        case .badSignature:
            "bad signature: the checkpoint was signed with another key, or changed since"
        case .otherStore(let found, let expected):
            "other store: the checkpoint is of store \(expected), this is store \(found)"
        case .shorter(let head, let position):
            "the store is shorter than the checkpoint: it ends at position \(head), the "
                + "checkpoint is of position \(position); events are missing"
        case .otherDigest(let position, let found, let expected):
            "the digest at position \(position) differs: the store has \(found.hexadecimal), the "
                + "checkpoint \(expected.hexadecimal); events up to there are not those that "
                + "were signed"
        case .otherEpoch(let found, let expected):
            "the epoch differs: the store is in epoch \(found), the checkpoint in \(expected)"
        case .empty: "the store has no events: there is nothing to sign"
        case .log(let error): "\(error)"
        }
    }
}

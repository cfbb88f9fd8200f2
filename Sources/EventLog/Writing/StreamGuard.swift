internal import EventIndex

/// The version a stream must have for an append to be taken: how many events it holds.
public enum ExpectedVersion: Hashable, Sendable {
    /// It holds none.
    case noStream
    /// It holds just so many.
    case exactly(UInt64)
    /// Whatever it holds.
    case any

    /// Tells whether a version is the expected one.
    public func allows(_ version: UInt64) -> Bool {
        switch self {
        case .noStream: version == 0
        case .exactly(let expected): version == expected
        case .any: true
        }
    }
}

/// One stream and the version it must have.
public struct StreamGuard: Sendable {
    /// What the stream is about.
    public let kind: StreamKind
    /// What it must hold.
    public let expected: ExpectedVersion
    let hash: KeyHash
}

/// Why guarded events are not taken. It carries no name: those of identifiers are personal.
public struct VersionConflict: Hashable, Sendable {
    /// Which of the guards it is, from 0.
    public let index: Int
    /// What its stream is about.
    public let kind: StreamKind
    /// What was expected.
    public let expected: ExpectedVersion
    /// What the stream holds, events included that are staged and not yet committed.
    public let actual: UInt64
    /// Whether staged events are among those: the conflict is true only once they are committed.
    public let countsStaged: Bool
}

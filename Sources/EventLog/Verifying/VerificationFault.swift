public import EventModel

/// Something in a store that is not as it was written.
public struct VerificationFault: Hashable, Sendable {
    /// What kind of thing is wrong.
    public enum Kind: String, Sendable, CaseIterable {
        /// The store's description.
        case store
        /// A segment's file is missing, or does not join its neighbours.
        case segment
        /// A page of LMDB.
        case page
        /// What a segment says about itself.
        case meta
        /// A block's checksum, form or frame.
        case block
        /// An event's record.
        case record
        /// Positions that nothing holds, or that two blocks hold.
        case density
        /// Recorded times that go back.
        case time
        /// The seed of the salts of some positions.
        case seed
        /// The digest chain.
        case chain
        /// The journal.
        case journal
        /// An index: it is made anew from the log.
        case index
        /// A filter: it is made anew from the index.
        case filter
        /// A page of a view: it is made anew from the log.
        case view
        /// The named consumers: precious, a backup has them.
        case consumers
        /// What a backup says about itself.
        case manifest
        /// A file could not be read at all.
        case unreadable
    }

    /// What kind of thing is wrong.
    public let kind: Kind
    /// The file, as it lies in the store's folder.
    public let file: String
    /// The first position of the block, where it is about one.
    public var block: Position?
    /// The events concerned, as far as is known.
    public var positions: ClosedRange<Position>?
    /// What is wrong, a phrase.
    public let what: String

    init(
        _ kind: Kind, _ file: String, block: Position? = nil,
        positions: ClosedRange<Position>? = nil, _ what: String
    ) {
        self.kind = kind
        self.file = file
        self.block = block
        self.positions = positions
        self.what = what
    }

    /// Whether the daemon can make the file anew from the log.
    public var isDisposable: Bool { kind == .index || kind == .filter || kind == .view }
}

/// The faults of one part of a store, neighbours of one kind joined.
struct FaultList: Sendable {
    private(set) var faults: [VerificationFault] = []
    /// How many there were, kept or not.
    private(set) var count = 0

    mutating func add(_ fault: VerificationFault) {
        if let last = faults.last, last.kind == fault.kind, last.file == fault.file,
            last.what == fault.what, let before = last.positions, let positions = fault.positions,
            positions.lowerBound == before.upperBound.next
        {
            faults[faults.count - 1].positions = before.lowerBound...positions.upperBound
            return
        }
        count += 1
        if faults.count < LogLimits.verificationFaultsMax { faults.append(fault) }
    }

    mutating func add(_ list: FaultList) {
        for fault in list.faults { add(fault) }
        count += list.count - list.faults.count
    }
}

func < (left: VerificationFault, right: VerificationFault) -> Bool {
    (left.file, left.positions?.lowerBound ?? .zero) < (
        right.file, right.positions?.lowerBound ?? .zero
    )
}

public import EventModel

/// A pure fold of the log into the rows of one view.
///
/// It knows no storage, no clock and no randomness: the same events in the same order give the
/// same rows, byte for byte. It never iterates a Dictionary or a Set in an order that could reach
/// a row, and never sums floating point. Rows it has not changed since the last `takeChanges` may
/// be forgotten and are asked again from the context.
public protocol Projection: ~Copyable {
    /// The name, as in `views/<name>-v<version>.view` and PROJECTIONS.
    static var name: String { get }
    /// Rises whenever the same log would give other rows.
    static var version: Int { get }
    /// Where this view stands in the register of places that hold personal data.
    static var place: PersonalDataPlace { get }

    /// What reading a past moment has to know of a row.
    static func moment(ofKey key: RawSpan) throws(ViewFault) -> RowMoment
    /// The person whose rows a range of keys holds, all of which follow from the events of that
    /// person's interactions alone; nil for any other range.
    static func person(ofRange start: RawSpan) -> CustomerID?
    /// What is kept now and then of the rows that are `.kept`, for reading past moments.
    static var keptStates: KeptStates { get }
    /// Whether an event may change rows that are kept beside others.
    static func changesKept(_ event: borrowing EventView) -> Bool

    /// Makes a fold with an empty working set.
    init()

    /// Applies one event. Events come in position order, each once.
    mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, in context: borrowing Context
    ) throws(ViewFault)

    /// Brings all rows up to the events applied so far: rows that follow from others need not be
    /// brought along with every event. Comes before `takeChanges`.
    mutating func settle<Context: FoldContext & ~Copyable>(
        in context: borrowing Context
    ) throws(ViewFault)

    /// Hands over every row changed since the last call, sorted by key, nil meaning removed, and
    /// forgets that they were changed; the working set may shrink. The arrays shown are used again.
    mutating func takeChanges(_ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void)
        throws(ViewFault)
}

/// What a fold may ask while it applies an event.
public protocol FoldContext: ~Copyable {
    /// Shows a committed row of the fold's own view, if there is one.
    func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void) throws(ViewFault)

    /// Whether the view has no rows yet, and the fold that asks is the only one to give it any.
    var isEmpty: Bool { get }

    /// Shows the keys from `start` on that are below `end`, of all rows that `row` would show and perhaps
    /// of some that are gone, in no order.
    func keys(
        from start: [UInt8], below end: [UInt8],
        _ body: (RawSpan) throws(ViewFault) -> Void) throws(ViewFault)

    /// Puts the customers that the event's own identifiers (role `own`) belong to as of its
    /// position into `found`, in the order of the identifiers, each once, instead of what was
    /// there. None for the identity fold itself.
    func findCustomers(
        of event: borrowing EventView, into found: inout [CustomerID]) throws(ViewFault)

    /// Puts whose person the event has made another into `found`, instead of what was there, in the
    /// order in which it is to be taken: an event may move somebody twice. None for the identity
    /// fold itself.
    func findMoves(
        of event: borrowing EventView, into found: inout [PersonMove]) throws(ViewFault)

    /// Shows an earlier event again, for a subject that must be folded anew because an event came
    /// late. The positions are those the fold itself kept.
    func earlierEvent(
        at position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void)
        throws(ViewFault)
}

extension FoldContext where Self: ~Copyable {
    /// Nothing is known of that.
    public var isEmpty: Bool { false }
}

/// One consistent state of a view, for documents: all reads see the same checkpoint.
public protocol ViewReader: ~Copyable {
    /// The last position that the rows reflect.
    var position: Position { get }

    /// Which state of a file the rows are, by which what was made of them is known again; nil for rows
    /// that are no file's.
    var sharedState: ViewState? { get }

    /// Shows a row, if there is one.
    func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void) throws(ViewFault)

    /// Shows rows in key order from `start` on, while they are below `end` and `body` says true.
    func rows(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault)

    /// Shows rows against key order, from the last one below `end`, while they are at or after
    /// `start` and `body` says true.
    func rowsBackward(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault)
}

extension ViewReader where Self: ~Copyable {
    /// Nothing is known of that.
    public var sharedState: ViewState? { nil }

    /// Returns a row, or nil.
    public func row(_ key: [UInt8]) throws(ViewFault) -> [UInt8]? {
        var found: [UInt8]?
        try row(key) { (row) throws(ViewFault) in found = row.copied() }
        return found
    }
}

/// Says that a view cannot be folded or read any further; it is disposable and will be rebuilt.
public enum ViewFault: Error {
    /// A row does not have its form, or its checksum is wrong.
    case damaged(MalformedBytes)
    /// There is no room for what would be written; the text names the operation.
    case full(String)
    /// The process has no more of what reading and writing take, files that may be open above all; the
    /// text names the operation.
    case short(String)
    /// The storage under the view failed; the text names operation and cause.
    case storage(String)
}

extension ViewFault {
    /// Whether what failed changed nothing and can be tried again as it is.
    public var isPassing: Bool {
        switch self {
        case .full, .short: true
        case .damaged, .storage: false
        }
    }
}

extension ViewFault: CustomStringConvertible {
    /// What is wrong; never what a row says.
    public var description: String {
        switch self {
        case .damaged(let bytes): "a row is damaged (\(bytes.what) at byte \(bytes.offset))"
        case .full(let text): "no room on the disk (\(text))"
        case .short(let text), .storage(let text): text
        }
    }
}

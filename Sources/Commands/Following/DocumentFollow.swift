internal import EventModel
internal import Views

/// A connection that follows a document: it is pushed whenever it is another than the one pushed
/// last. What happens between two looks, or while there is no credit, comes as one push: the
/// newest state wins. Who has no credit when it changes is told so once.
struct DocumentFollow {
    /// Which document.
    enum Subject {
        case customer([UInt8])
        case queue(String)
        case signals(CommandExecutor.SignalsQuestion)

        /// The word in FOLLOW.
        var word: String {
            switch self {
            case .customer: "customer"
            case .queue: "queue"
            case .signals: "signals"
            }
        }

        /// The view that it is drawn from.
        var view: ViewName {
            switch self {
            case .customer, .signals: .customers
            case .queue: .queues
            }
        }
    }

    /// What the connection calls it.
    let id: UInt64
    let subject: Subject
    var credit: FollowCredit
    /// The position of the view when the document was last looked at; nil before the first look.
    var looked: Position?
    /// When signals were last looked at, which time begins and ends as well as events; nil before, and
    /// for other documents.
    var lookedAt: Timestamp?
    /// How far signals were looked for; nil before, and for other documents.
    var scan: SignalScan?
    /// What was pushed last, drawn for the moment of that push: ages would make two documents
    /// differ between which nothing happened.
    var pushed: (position: Position, now: Timestamp, fingerprint: Int)?
    /// Whether it has been told that the document is another by now and there is no credit for it.
    var isBehind = false
}

/// Documents begin with the position that they reflect: `{"position":418223,…`.
struct PositionedDocument {
    private let bytes: [UInt8]
    /// What the document says its position is.
    let position: Position
    private let restBegin: Int

    init(_ bytes: [UInt8]) {
        let prefix: StaticString = "{\"position\":"
        precondition(unsafe bytes.span.bytes.starts(with: prefix), "a document without position")
        var end = prefix.utf8CodeUnitCount
        var number: UInt64 = 0
        while end < bytes.count, 0x30...0x39 ~= bytes[end] {
            number = number &* 10 &+ UInt64(bytes[end] - 0x30)
            end += 1
        }
        self.bytes = bytes
        position = Position(number)
        restBegin = end
    }

    /// Tells this document from another, whatever position either has.
    var fingerprint: Int {
        var hasher = Hasher()
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[restBegin...]))
        }
        return hasher.finalize()
    }
}

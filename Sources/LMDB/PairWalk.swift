internal import CLMDB
internal import Glibc

/// Goes through the pairs of a file's databases, so many pages at a time, with plain reads: for who
/// looks at what nobody has asked for, and must not die of it. A page that is none, a key out of its
/// place and a key that a look-up would miss are faults; what values are is the caller's matter.
///
/// One thread at a time uses it.
public struct PairWalk: ~Copyable {
    /// A pair as it lies in the file.
    public struct Pair: Sendable {
        /// Its key.
        public let key: [UInt8]
        /// Its value.
        public let value: [UInt8]
    }

    /// What a step has come to.
    public struct Step: Sendable {
        /// The pairs, in order.
        public var pairs: [Pair] = []
        /// What is wrong; the walk ends with the first.
        public var fault: PageFault?
        /// Whether that was the last of the database.
        public var isLast = false
    }

    private enum Source {
        /// A file that nobody writes, and its one state.
        case unchanging(MetaPage)
        /// One that this process has open; the newest state of each step.
        case open(Environment)
    }

    private let file: OpenFile
    private let name: String
    private let source: Source
    private var database = ""
    /// The least key that has not been shown; nil behind the last.
    private var next: [UInt8]? = []

    /// Looks into a file that nobody writes, as long as this is kept. This process may have it open
    /// without locks: then its being closed here lets go of none.
    ///
    /// - Throws: `.notAnEnvironment`, `.notInitialised` where its first pages are damaged; errno.
    public init(unchanging path: String) throws(LMDBError) {
        let file = try OpenFile(path: path, flags: O_RDONLY, for: .readStatistics)
        let name = FileIdentity.lastComponent(path)
        let meta = try MetaPage.newest(in: file, name: name, flushedInTurn: false)
        self.init(file, name, .unchanging(meta))
    }

    /// Looks into a file that this process may be writing: each step into one state.
    public init(_ environment: Environment) throws(LMDBError) {
        var descriptor: Int32 = -1
        let code = unsafe mdb_env_get_fd(environment.pointer, &descriptor)
        guard code == 0 else { throw environment.failure(.readStatistics, code) }
        let name = environment.name
        let file = try OpenFile(duplicating: descriptor, name: name, for: .readStatistics)
        self.init(file, name, .open(environment))
    }

    private init(_ file: consuming OpenFile, _ name: String, _ source: Source) {
        self.file = file
        self.name = name
        self.source = source
    }

    /// Begins with a database, from its first key.
    public mutating func begin(_ database: String) {
        self.database = database
        next = []
    }

    /// Reads on in the database.
    ///
    /// - Parameter pages: How many leaves, at least one.
    /// - Throws: errno of reading, and codes of LMDB for the transaction that keeps the pages.
    @available(*, noasync)
    public mutating func step(pages: Int) throws(LMDBError) -> Step {
        guard let start = next else { return Step(isLast: true) }
        let portion = Portion(start: start, pagesLeft: pages)
        switch source {
        case .unchanging(let meta): return try step(portion, meta)
        case .open(let environment):
            // A state's meta page is written over by the commit after the next one.
            for _ in 0..<16 {
                let transaction = try environment.beginRead()
                let number = UInt64(
                    truncatingIfNeeded: unsafe mdb_txn_id(transaction.handle.pointer))
                guard let meta = try MetaPage.of(transaction: number, in: file, name: name) else {
                    continue
                }
                return try step(portion, meta)
            }
            return Step(
                fault: PageFault(
                    page: 0, database: nil, isForWriting: false,
                    what: "names no state that is committed"))
        }
    }

    private mutating func step(_ portion: Portion, _ meta: MetaPage) throws(LMDBError) -> Step {
        var walk = PageWalk(
            file: try OpenFile(duplicating: file.descriptor, name: name, for: .readStatistics),
            meta: meta, limit: 1)
        try walk.findDatabases()
        guard let tree = walk.found.first(where: { $0.name == database }), walk.faults.isEmpty
        else {
            let missing = PageFault(
                page: 1, database: database, isForWriting: false, what: "leads to no such database")
            return Step(fault: walk.faults.first ?? missing)
        }
        walk.portion = portion
        try walk.walk(tree, .pairs)
        let pairs = walk.portion?.pairs ?? []
        let isCut = walk.portion?.pagesLeft == 0
        next = isCut ? pairs.last.flatMap { tree.order.successor(of: $0.key) } : nil
        return Step(pairs: pairs, fault: walk.faults.first, isLast: next == nil)
    }
}

/// The pairs of some leaves.
struct Portion {
    /// The least key that is wanted.
    let start: [UInt8]
    /// The leaves that may still be read.
    var pagesLeft: Int
    private(set) var pairs: [PairWalk.Pair] = []

    init(start: [UInt8], pagesLeft: Int) {
        self.start = start
        self.pagesLeft = pagesLeft
    }

    mutating func take(_ key: RawSpan, _ value: RawSpan, _ order: KeyOrder) {
        guard start.isEmpty || !order.precedes(key, start.rawSpan) else { return }
        pairs.append(PairWalk.Pair(key: key.copied(), value: value.copied()))
    }
}

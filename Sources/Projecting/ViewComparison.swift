public import EventLog
internal import EventModel
public import Views

/// A view's file as it lies in some folder, for reading only, also beside the daemon that writes it.
public struct StoredView: ~Copyable {
    /// The projection's name and version, by the file's name.
    public let name: String
    /// The projection's version.
    public let version: Int
    /// Where the file lies.
    public let path: String
    /// Its rows, as of when this was opened.
    public let rows: ViewSnapshot

    /// Opens a file `<name>-v<version>.view`.
    public static func open(folder: String, file: String) throws(ViewFault) -> StoredView {
        guard let parts = parts(ofFile: file) else {
            throw .storage("\(file) is no name of a view: those are like queues-v1.view")
        }
        let path = folder + "/" + file
        let rows = try ViewSnapshot(ViewStore.openReadOnly(path: path))
        return StoredView(name: parts.name, version: parts.version, path: path, rows: rows)
    }

    private init(
        name: String, version: Int, path: String, rows: consuming ViewSnapshot
    ) {
        self.name = name
        self.version = version
        self.path = path
        self.rows = rows
    }

    /// Reads what a view's file is called; nil for other files.
    public static func parts(ofFile file: String) -> (name: String, version: Int)? {
        guard file.hasSuffix(".view"), let dash = file.lastIndex(of: "-"),
            file[dash...].hasPrefix("-v"),
            let version = Int(file[file.index(dash, offsetBy: 2)...].dropLast(5))
        else { return nil }
        return (String(file[..<dash]), version)
    }
}

extension ViewSnapshot {
    /// Returns how many rows there are, and SHA-256 over all of them in key order, each as u64 LE
    /// bytes of the key, key, u64 LE bytes of the row, row: equal for equal rows, whatever made them.
    public func contentDigest() throws(ViewFault) -> (rows: UInt64, digest: Digest) {
        var sum = SHA256()
        var count: UInt64 = 0
        try rows(from: [0], below: ProjectingLimits.endOfKeys) { key, row in
            sum.update(UInt64(key.byteCount))
            sum.update(key)
            sum.update(UInt64(row.byteCount))
            sum.update(row)
            count += 1
            return true
        }
        return (count, sum.finish())
    }

    /// Reads some rows from a key on.
    func page(from start: [UInt8], count: Int) throws(ViewFault) -> PastRows {
        var page = PastRows()
        try rows(from: start, below: ProjectingLimits.endOfKeys) { key, row in
            page.append(key.copied(), row.copied())
            return page.count < count
        }
        return page
    }
}

/// How two states of a view differ, by kind of row.
public struct ViewComparison: Sendable {
    /// A key under which they differ: the rows, nil where there is none.
    public struct Difference: Sendable {
        /// The key.
        public let key: [UInt8]
        /// The row of the first.
        public let first: [UInt8]?
        /// The row of the second.
        public let second: [UInt8]?
    }

    /// How many rows of one kind differ, and how.
    public struct Kind: Sendable {
        /// What the rows are about, in words.
        public let name: String
        /// Keys that only the first has.
        public internal(set) var onlyInFirst: UInt64 = 0
        /// Keys that only the second has.
        public internal(set) var onlyInSecond: UInt64 = 0
        /// Keys of both, with other rows.
        public internal(set) var changed: UInt64 = 0
        /// Keys of both, with the same row.
        public internal(set) var same: UInt64 = 0
        /// The first differences, in key order.
        public internal(set) var examples: [Difference] = []

        /// Whether there is no difference.
        public var isEqual: Bool { onlyInFirst + onlyInSecond + changed == 0 }
    }

    /// The kinds of rows that either has, in key order.
    public private(set) var kinds: [Kind] = []

    /// Whether there is no difference.
    public var isEqual: Bool { kinds.allSatisfy(\.isEqual) }

    /// Compares two states of a view, row by row.
    ///
    /// - Parameters:
    ///   - view: The projection's name.
    ///   - examplesMax: How many differences of each kind are told one by one.
    public init(
        _ first: borrowing ViewSnapshot, _ second: borrowing ViewSnapshot, of view: String,
        examplesMax: Int
    ) throws(ViewFault) {
        var left = RowWalk()
        var right = RowWalk()
        while true {
            let (one, other) = (try left.peek(first), try right.peek(second))
            guard one != nil || other != nil else { return }
            let order = Self.order(one?.key, other?.key)
            if order <= 0 { left.pass() }
            if order >= 0 { right.pass() }
            let difference = Difference(
                key: (order <= 0 ? one?.key : other?.key) ?? [],
                first: order <= 0 ? one?.row : nil, second: order >= 0 ? other?.row : nil)
            let kind = unsafe RowKind.word(ofKey: difference.key.span.bytes, in: view)
            count(difference, kind, examplesMax)
        }
    }

    private mutating func count(_ pair: Difference, _ name: String, _ examplesMax: Int) {
        var kind: Kind
        if kinds.last?.name == name, let last = kinds.popLast() {
            kind = last
        } else {
            kind = Kind(name: name)
        }
        defer { kinds.append(kind) }
        switch (pair.first, pair.second) {
        case (.some, .none): kind.onlyInFirst += 1
        case (.none, .some): kind.onlyInSecond += 1
        case (let first, let second):
            guard first != second else {
                kind.same += 1
                return
            }
            kind.changed += 1
        }
        if kind.examples.count < examplesMax { kind.examples.append(pair) }
    }

    private static func order(_ one: [UInt8]?, _ other: [UInt8]?) -> Int {
        guard let one else { return 1 }
        guard let other else { return -1 }
        return one == other ? 0 : one.lexicographicallyPrecedes(other) ? -1 : 1
    }
}

/// Walks rows in key order, some at a time.
private struct RowWalk {
    private var page = PastRows()
    private var next = 0
    private var start: [UInt8]? = [0]
    private static let pageRows = 512

    mutating func peek(
        _ rows: borrowing ViewSnapshot
    ) throws(ViewFault) -> (key: [UInt8], row: [UInt8])? {
        if next == page.count {
            guard let from = start else { return nil }
            page = try rows.page(from: from, count: Self.pageRows)
            next = 0
            start = page.keys.last.map { $0 + [0] }
            guard page.count > 0 else { return nil }
        }
        return (page.keys[next], page.rows[next])
    }

    mutating func pass() { next += 1 }
}

internal import Glibc

/// A walk through all trees of one state of a file that LMDB wrote, with plain reads: whatever
/// liblmdb would follow is looked at before it does.
///
///     page   0: number (8)   10: flags (2)   12: end of offsets (2)   14: begin of nodes (2)
///            or 12: number of pages (4) of an overflow   16: offsets (2 each)
///     node   0: low half of size or child (2)   2: high half (2)   4: flags, or child's third part
///            6: key length (2)   8: key, then data or the number of an overflow page (8)
///     tree   4: flags (2)   6: depth (2)   32: entries (8)   40: root (8)
///
/// Source: `MDB_page`, `MDB_node`, `MDB_db` in mdb.c 0.9.24.
struct PageWalk: ~Copyable {
    /// A tree as the state's meta page or the table of databases describes it.
    struct Tree {
        let name: String?
        let hasIntegerKeys: Bool
        let depth: Int
        let entries: UInt64
        let root: UInt64
        var isOfFreePages = false

        static let byteCount = 48

        /// In which order its keys stand.
        var order: KeyOrder { hasIntegerKeys || isOfFreePages ? .integer : .bytes }

        init(name: String?, _ record: RawSpan) {
            self.name = name
            hasIntegerKeys = record.load(UInt16.self, at: 4) & 0x08 != 0
            depth = Int(record.load(UInt16.self, at: 6))
            entries = record.load(UInt64.self, at: 32)
            root = record.load(UInt64.self, at: 40)
        }
    }

    let file: OpenFile
    let meta: MetaPage
    private let limit: Int
    /// A bit for each page that a tree leads to.
    private var seen: [UInt64]
    private(set) var faults: [PageFault] = []
    /// The databases found in the table of databases.
    var found: [Tree] = []
    /// What has been counted in the tree at hand.
    var entries: UInt64 = 0
    var lastKey: [UInt8] = []
    /// What is taken of the tree at hand; nil when all of it is only looked at.
    var portion: Portion?

    static let headerBytes = 16
    static let nodeHeaderBytes = 8
    static let branchFlag: UInt16 = 1
    static let leafFlag: UInt16 = 2
    static let overflowFlag: UInt16 = 4
    static let bigDataFlag: UInt16 = 1
    static let databaseFlag: UInt16 = 2

    init(file: consuming OpenFile, meta: MetaPage, limit: Int) {
        self.file = file
        self.meta = meta
        self.limit = limit
        // What lies beyond the pages in use is a fault before it is looked up here.
        seen = Array(repeating: 0, count: Int(min(meta.pageCount, 1 << 34)) / 64 + 1)
    }

    /// Whether as many faults have been found as are asked for, or as many pages been seen.
    var isOver: Bool { faults.count >= limit || portion.map { $0.pagesLeft == 0 } == true }

    /// Walks all trees and returns what is wrong.
    mutating func run() throws(LMDBError) -> [PageFault] {
        var free = Tree(name: nil, meta.tables.rawSpan.extracting(0..<48))
        free.isOfFreePages = true
        try walk(free, .freePages)
        try findDatabases()
        let databases = found
        for tree in databases where !isOver { try walk(tree, .pairs) }
        return faults
    }

    /// Walks the table of databases.
    mutating func findDatabases() throws(LMDBError) {
        try walk(Tree(name: nil, meta.tables.rawSpan.extracting(48..<96)), .databases)
    }

    /// What a tree's values are.
    enum Content {
        case freePages, databases, pairs
    }

    mutating func walk(_ tree: Tree, _ content: Content) throws(LMDBError) {
        entries = 0
        lastKey = []
        if tree.root == MetaPage.noPage {
            if tree.entries > 0 || tree.depth > 0 { fault(0, tree, "says that a tree is empty") }
            return
        }
        guard (1...Limits.treeDepthMax).contains(tree.depth) else {
            return fault(tree.root, tree, "is the root of a tree \(tree.depth) levels deep")
        }
        let before = faults.count
        try visit(tree.root, level: 1, of: tree, content, KeyBounds())
        if faults.count == before, portion == nil, entries != tree.entries {
            fault(
                tree.root, tree,
                "is the root of a tree of \(entries) entries, \(tree.entries) expected")
        }
    }

    mutating func fault(_ page: UInt64, _ tree: Tree, _ what: String) {
        guard !isOver else { return }
        faults.append(
            PageFault(
                page: page, database: tree.name, isForWriting: tree.isOfFreePages, what: what))
    }

    /// Notes that a tree leads to a page; false when it is none, or another way leads there too.
    mutating func take(_ page: UInt64) -> Bool {
        guard page >= 2, page < meta.pageCount, Int(page / 64) < seen.count else { return false }
        let bit: UInt64 = 1 << (page % 64)
        guard seen[Int(page / 64)] & bit == 0 else { return false }
        seen[Int(page / 64)] |= bit
        return true
    }

    private mutating func visit(
        _ number: UInt64, level: Int, of tree: Tree, _ content: Content, _ bounds: KeyBounds
    ) throws(LMDBError) {
        guard !isOver else { return }
        guard take(number) else {
            return fault(number, tree, "is no page of the file, or is used twice")
        }
        let bytes = try file.read(
            at: number * UInt64(meta.pageBytes), byteCount: meta.pageBytes)
        guard bytes.count == meta.pageBytes else { return fault(number, tree, "is missing") }
        let page = bytes.rawSpan
        let isLeaf = level == tree.depth
        guard page.load(UInt64.self, at: 0) == number,
            page.load(UInt16.self, at: 10) == (isLeaf ? Self.leafFlag : Self.branchFlag)
        else { return fault(number, tree, "is not the page that should be there") }
        let (lower, upper) = (
            Int(page.load(UInt16.self, at: 12)), Int(page.load(UInt16.self, at: 14))
        )
        let slots = (lower - Self.headerBytes) / 2
        guard lower % 2 == 0, lower <= upper, upper <= meta.pageBytes, slots >= (isLeaf ? 1 : 2)
        else { return fault(number, tree, "has bounds that are impossible") }
        var nodes: [Int] = []
        for slot in 0..<slots {
            let node = Int(page.load(UInt16.self, at: Self.headerBytes + 2 * slot))
            guard node >= upper, node + Self.nodeHeaderBytes <= meta.pageBytes else {
                return fault(number, tree, "has an entry outside of it")
            }
            let keyBytes = Int(page.load(UInt16.self, at: node + 6))
            guard node + Self.nodeHeaderBytes + keyBytes <= meta.pageBytes else {
                return fault(number, tree, "has a key that goes beyond it")
            }
            nodes.append(node)
        }
        if isLeaf {
            try visit(leaf: page, nodes, number, tree, content, bounds)
        } else {
            try visit(branch: page, nodes, number, level, tree, content, bounds)
        }
    }

    private mutating func visit(
        leaf page: RawSpan, _ nodes: [Int], _ number: UInt64, _ tree: Tree, _ content: Content,
        _ bounds: KeyBounds
    ) throws(LMDBError) {
        // Those between stand in order.
        for node in [nodes[0], nodes[nodes.count - 1]]
        where !bounds.hold(Self.key(page, node), tree.order) {
            return fault(number, tree, "has keys that are looked for on another page")
        }
        let taken = portion?.pairs.count
        for node in nodes where faults.count < limit {
            guard try take(entry: node, of: page, number, tree, content) else { return }
        }
        if portion?.pairs.count != taken { portion?.pagesLeft -= 1 }
    }

    private mutating func visit(
        branch page: RawSpan, _ nodes: [Int], _ number: UInt64, _ level: Int, _ tree: Tree,
        _ content: Content, _ bounds: KeyBounds
    ) throws(LMDBError) {
        for (slot, node) in nodes.enumerated() where !isOver {
            // The first entry's key is not looked at: whatever lies before the second one's.
            var child = bounds
            if slot > 0 { child.lower = Self.key(page, node).copied() }
            if slot + 1 < nodes.count { child.upper = Self.key(page, nodes[slot + 1]).copied() }
            guard child.areInOrder(tree.order), bounds.hold(child, tree.order) else {
                return fault(number, tree, "has keys out of order")
            }
            if let start = portion?.start, !start.isEmpty, let end = child.upper,
                !tree.order.precedes(start.rawSpan, end.rawSpan)
            {
                continue
            }
            try visit(Self.child(page, node), level: level + 1, of: tree, content, child)
        }
    }

    private static func child(_ page: RawSpan, _ node: Int) -> UInt64 {
        UInt64(page.load(UInt32.self, at: node))
            | UInt64(page.load(UInt16.self, at: node + 4)) << 32
    }

    @_lifetime(copy page)
    static func key(_ page: RawSpan, _ node: Int) -> RawSpan {
        let start = node + nodeHeaderBytes
        return page.extracting(start..<start + Int(page.load(UInt16.self, at: node + 6)))
    }
}

/// What the leaves of a tree hold.
extension PageWalk {
    /// Looks at an entry of a leaf; false when the leaf is not to be looked at further.
    mutating func take(
        entry node: Int, of page: RawSpan, _ number: UInt64, _ tree: Tree, _ content: Content
    ) throws(LMDBError) -> Bool {
        entries += 1
        let flags = page.load(UInt16.self, at: node + 4)
        let size =
            Int(page.load(UInt16.self, at: node)) | Int(page.load(UInt16.self, at: node + 2)) << 16
        let key = Self.key(page, node)
        guard isInOrder(key, tree) else {
            fault(number, tree, "has keys out of order")
            return false
        }
        let data = node + Self.nodeHeaderBytes + key.byteCount
        guard flags & ~(Self.bigDataFlag | Self.databaseFlag) == 0,
            data + (flags & Self.bigDataFlag == 0 ? size : 8) <= page.byteCount
        else {
            fault(number, tree, "has a value that goes beyond it")
            return false
        }
        if flags & Self.bigDataFlag != 0 {
            return try take(overflow: page.load(UInt64.self, at: data), size, key, tree, content)
        }
        return take(value: page.extracting(data..<data + size), key, flags, number, tree, content)
    }

    private mutating func take(
        value: RawSpan, _ key: RawSpan, _ flags: UInt16, _ number: UInt64, _ tree: Tree,
        _ content: Content
    ) -> Bool {
        switch content {
        case .pairs where flags == 0:
            portion?.take(key, value, tree.order)
            return true
        case .freePages where flags == 0: return take(list: value, number, tree)
        case .databases where flags == Self.databaseFlag && value.byteCount == Tree.byteCount:
            let name = unsafe key.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
            found.append(Tree(name: name, value))
            return true
        default:
            fault(number, tree, "has a value of another kind than its table")
            return false
        }
    }

    /// Takes a value that lies on pages of its own.
    private mutating func take(
        overflow first: UInt64, _ size: Int, _ key: RawSpan, _ tree: Tree, _ content: Content
    ) throws(LMDBError) -> Bool {
        let pages = (Self.headerBytes + size + meta.pageBytes - 1) / meta.pageBytes
        for page in 0..<UInt64(pages) {
            let (number, overflow) = first.addingReportingOverflow(page)
            guard !overflow, take(number) else {
                fault(first, tree, "is the first of pages that are none, or are used twice")
                return false
            }
        }
        let whole = content == .freePages || portion != nil
        let bytes = try file.read(
            at: first * UInt64(meta.pageBytes), byteCount: Self.headerBytes)
        let end = try file.read(
            at: first * UInt64(meta.pageBytes) + UInt64(Self.headerBytes + size - 1), byteCount: 1)
        guard bytes.count >= Self.headerBytes, end.count == 1,
            bytes.rawSpan.load(UInt64.self, at: 0) == first,
            bytes.rawSpan.load(UInt16.self, at: 10) == Self.overflowFlag,
            Int(bytes.rawSpan.load(UInt32.self, at: 12)) >= pages
        else {
            fault(first, tree, "is not the page that should be there")
            return false
        }
        guard whole else { return true }
        // Only now: before, the size was that of a page that may have gone wrong.
        let value = try file.read(
            at: first * UInt64(meta.pageBytes) + UInt64(Self.headerBytes), byteCount: size)
        guard content == .freePages else {
            portion?.take(key, value.rawSpan, tree.order)
            return true
        }
        return take(list: value.rawSpan, first, tree)
    }

    /// Takes a list of free pages: their number, then theirs.
    private mutating func take(list: RawSpan, _ number: UInt64, _ tree: Tree) -> Bool {
        let count = list.byteCount >= 8 ? list.load(UInt64.self, at: 0) : .max
        guard count <= UInt64(max(0, list.byteCount / 8 - 1)) else {
            fault(number, tree, "has a list of free pages that is cut short")
            return false
        }
        for index in 0..<Int(count) {
            let free = list.load(UInt64.self, at: 8 + 8 * index)
            guard free >= 2, free < meta.pageCount else {
                fault(number, tree, "has a list of free pages that names what is none")
                return false
            }
        }
        return true
    }

    /// Whether a key follows the one before it in its tree.
    private mutating func isInOrder(_ key: RawSpan, _ tree: Tree) -> Bool {
        let before = lastKey
        lastKey = key.copied()
        switch tree.order {
        case .integer: guard key.byteCount == 8 else { return false }
        case .bytes:
            guard !key.isEmpty, key.byteCount <= Limits.keyBytesMax else { return false }
        }
        return before.isEmpty || tree.order.precedes(before.rawSpan, key)
    }
}

extension RawSpan {
    subscript(_ offset: Int) -> UInt8 { load(UInt8.self, at: offset) }

    func copied() -> [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

internal import ContactCentre
internal import EventModel

/// One interaction of a person, read from their history.
struct Touchpoint {
    let started: Timestamp
    let name: KeyName
    private let row: ArraySlice<UInt8>

    init(_ started: Timestamp, _ name: KeyName, row: ArraySlice<UInt8>) {
        self.started = started
        self.name = name
        self.row = row
    }

    func line<Result>(
        _ body: (borrowing TouchpointLine) throws(ViewFault) -> Result
    ) throws(ViewFault) -> Result {
        unsafe try body(try TouchpointLine.decoded(row.span.bytes))
    }
}

extension Touchpoint {
    fileprivate func isOpen() throws(ViewFault) -> Bool { try line { $0.state.isOpen } }
}

extension Person {
    /// What the name and row of a touchpoint take, as a rule.
    private static let touchpointBytesExpected = 96

    /// Reads the last interactions, the newest first.
    func readTouchpoints<Reader: ViewReader & ~Copyable>(
        atMost most: Int, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Touchpoint] {
        // All names and rows behind each other: two for each touchpoint would be many to allocate.
        var bytes: [UInt8] = []
        var found: [(started: Timestamp, nameEnd: Int, end: Int)] = []
        found.reserveCapacity(most)
        bytes.reserveCapacity(most * Self.touchpointBytesExpected)
        for member in members {
            let start = TouchpointRow.start(member)
            let room = found.count + most
            try reader.rowsBackward(from: start, below: start.keyAfterPrefix) {
                key, row throws(ViewFault) in
                let started = try key.keyNumber(at: start.count) ^ (1 << 63)
                bytes.append(key.extracting(TouchpointRow.interactionOffset..<key.byteCount))
                let nameEnd = bytes.count
                bytes.append(row)
                found.append(
                    (
                        Timestamp(milliseconds: Int64(bitPattern: started)), nameEnd,
                        bytes.count
                    ))
                return found.count < room
            }
        }
        var all: [Touchpoint] = []
        all.reserveCapacity(found.count)
        var begin = 0
        for (started, nameEnd, end) in found {
            let name = try KeyName(checking: bytes[begin..<nameEnd])
            all.append(Touchpoint(started, name, row: bytes[nameEnd..<end]))
            begin = end
        }
        return inOrder(all, atMost: most)
    }

    /// Open interactions, the newest first.
    func openTouchpoints<Reader: ViewReader & ~Copyable>(
        atMost most: Int, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Touchpoint] {
        guard counts.open > 0 else { return [] }
        if let known = try knownOpenTouchpoints() { return Array(known.prefix(most)) }
        var all: [Touchpoint] = []
        var key: [UInt8] = []
        for member in members {
            var open: [(started: Timestamp, name: [UInt8])] = []
            let start = OpenRow.start(member)
            try reader.rows(from: start, below: start.keyAfterPrefix) {
                key, row throws(ViewFault) in
                guard let started = try OpenRow.decoded(row).started else { return true }
                open.append((started, key.extracting(start.count..<key.byteCount).copied()))
                return open.count < ViewLimits.openInteractionsReadMax
            }
            open.sort { $0.started > $1.started }
            for (started, name) in open.prefix(most) {
                TouchpointRow.writeKey(member, started, name[...], to: &key)
                try reader.row(key) { (row) throws(ViewFault) in
                    all.append(
                        Touchpoint(
                            started, try KeyName(checking: name[...]), row: row.copied()[...]))
                }
            }
        }
        return inOrder(all, atMost: most)
    }

    /// The open ones among the last interactions that were read, where those are all there are.
    private func knownOpenTouchpoints() throws(ViewFault) -> [Touchpoint]? {
        guard members.count == 1, let last = lastTouchpoints?.list, counts.open <= last.count
        else { return nil }
        var open: [Touchpoint] = []
        for touchpoint in last where try touchpoint.isOpen() { open.append(touchpoint) }
        guard open.count == counts.open else { return nil }
        // Of those that began at once the first by name.
        if open.count > 1 {
            open.sort {
                $0.started == $1.started ? $0.name < $1.name : $0.started > $1.started
            }
        }
        return open
    }

    /// Sorts what several members have, and leaves out what two of them have.
    private func inOrder(_ touchpoints: [Touchpoint], atMost most: Int) -> [Touchpoint] {
        guard members.count > 1 else { return touchpoints }
        var known: Set<KeyName> = []
        let once = touchpoints.sorted { $0.started > $1.started }.filter {
            known.insert($0.name).inserted
        }
        return Array(once.prefix(most))
    }
}

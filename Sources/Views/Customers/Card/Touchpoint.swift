internal import ContactCentre
internal import EventModel

/// One interaction of a person, read from their history.
struct Touchpoint {
    let started: Timestamp
    /// The interaction's name as a part of keys.
    let nameKey: [UInt8]
    let row: [UInt8]

    var name: String {
        unsafe (try? nameKey.span.bytes.keyText(at: 0).text) ?? ""
    }

    func line<Result>(
        _ body: (borrowing TouchpointLine) throws(ViewFault) -> Result
    ) throws(ViewFault) -> Result {
        unsafe try body(try TouchpointLine.decoded(row.span.bytes))
    }
}

extension Person {
    /// The last interactions, the newest first.
    func touchpoints<Reader: ViewReader & ~Copyable>(
        atMost most: Int, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Touchpoint] {
        var all: [Touchpoint] = []
        all.reserveCapacity(most)
        for member in members {
            let start = TouchpointRow.start(member)
            let room = all.count + most
            try reader.rowsBackward(from: start, below: start.keyAfterCustomer) {
                key, row throws(ViewFault) in
                let started = try key.keyNumber(at: start.count) ^ (1 << 63)
                let name = key.extracting(TouchpointRow.interactionOffset..<key.byteCount)
                all.append(
                    Touchpoint(
                        started: Timestamp(milliseconds: Int64(bitPattern: started)),
                        nameKey: name.copied(), row: row.copied()))
                return all.count < room
            }
        }
        return Array(inOrder(all).prefix(most))
    }

    /// Open interactions, the newest first.
    func openTouchpoints<Reader: ViewReader & ~Copyable>(
        atMost most: Int, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Touchpoint] {
        guard counts.open > 0 else { return [] }
        var all: [Touchpoint] = []
        var key: [UInt8] = []
        for member in members {
            var open: [(started: Timestamp, name: [UInt8])] = []
            let start = OpenRow.start(member)
            try reader.rows(from: start, below: start.keyAfterCustomer) {
                key, row throws(ViewFault) in
                guard let started = try OpenRow.decoded(row).started else { return true }
                open.append((started, key.extracting(start.count..<key.byteCount).copied()))
                return open.count < ViewLimits.openInteractionsReadMax
            }
            open.sort { $0.started > $1.started }
            for (started, name) in open.prefix(most) {
                TouchpointRow.writeKey(member, started, name[...], to: &key)
                try reader.row(key) { (row) throws(ViewFault) in
                    all.append(Touchpoint(started: started, nameKey: name, row: row.copied()))
                }
            }
        }
        return Array(inOrder(all).prefix(most))
    }

    /// Sorts what several members have, and leaves out what two of them have.
    private func inOrder(_ touchpoints: [Touchpoint]) -> [Touchpoint] {
        guard members.count > 1 else { return touchpoints }
        var known: Set<[UInt8]> = []
        return touchpoints.sorted { $0.started > $1.started }.filter {
            known.insert($0.nameKey).inserted
        }
    }
}

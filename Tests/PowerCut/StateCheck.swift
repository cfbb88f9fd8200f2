import EventLog
import EventModel

/// Opens a store as it was found after a power cut, and looks whether it is what it has to be.
struct StateCheck {
    let reference: Reference
    /// The last position that was answered before the cut, and is to be there.
    let answered: UInt64
    let views: FoldedViews

    /// What a store must not be.
    enum Violation: Error, Equatable {
        case lost(found: Int)
        case wrong(position: Int)
        case tornBatch(end: Int)
        case cannotAppend
        case changedByOpening
        case viewAhead(position: UInt64, of: Int)
        case view(FoldedViews.Difference)
    }

    /// Opens, reads, appends, moves everything into segments, opens again and reads again.
    func run(store: String) throws {
        let found = try first(store)
        let opened = try OpenedLog(store)
        let again = try opened.records()
        guard again.count == found.count + 1, Self.begin(again, with: found) else {
            throw Violation.changedByOpening
        }
        guard try opened.append(id: "1") == .repeated(Position(UInt64(again.count))) else {
            throw Violation.cannotAppend
        }
    }

    private func first(_ store: String) throws -> [[UInt8]] {
        let opened = try OpenedLog(store)
        let found = try opened.records()
        try check(found)
        try views.check(opened, found.count, mayBeAhead: answered == 0)
        guard try opened.append(id: "1") == .new(Position(UInt64(found.count) + 1)) else {
            throw Violation.cannotAppend
        }
        opened.log.settle()
        let after = try opened.records()
        guard after.count == found.count + 1, Self.begin(after, with: found) else {
            throw Violation.cannotAppend
        }
        opened.log.close()
        return found
    }

    /// Positions are dense as soon as reading shows every event at its position.
    private func check(_ found: [[UInt8]]) throws {
        guard found.count >= Int(answered) else { throw Violation.lost(found: found.count) }
        for (index, record) in found.enumerated()
        where index >= reference.records.count || !record.isSame(as: reference.records[index]) {
            throw Violation.wrong(position: index + 1)
        }
        guard found.isEmpty || reference.ends.contains(found.count) else {
            throw Violation.tornBatch(end: found.count)
        }
    }

    /// Whether records begin with others.
    private static func begin(_ records: [[UInt8]], with first: [[UInt8]]) -> Bool {
        zip(records, first).allSatisfy { $0.isSame(as: $1) }
    }
}

import Consumers
import DaemonTesting
import EventLog
import EventModel
import Foundation

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
        case notErased(String)
        case consumer(at: UInt64, not: Int)
    }

    /// Opens, reads, appends, moves everything into segments, opens again and reads again.
    func run(store: String) throws {
        try checkErased(store)
        try checkConsumer(store)
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

    /// What was erased, and answered as carried out, is in no file.
    private func checkErased(_ store: String) throws {
        guard let erasing = reference.erasing, answered > erasing.upperBound else { return }
        let search = try FileSearch(
            for: ErasingRun.marks, in: store,
            dictionaries: FileSearch.dictionaries(ofStore: store))
        if let found = search.found.first { throw Violation.notErased(found) }
    }

    /// A place that was answered as kept on disk is kept.
    private func checkConsumer(_ store: String) throws {
        guard let least = reference.acknowledged.last(where: { $0 < answered }) else { return }
        let consumers = try ConsumerStore(store: store)
        defer { consumers.close() }
        let found = consumers.found.first { $0.name == ErasingRun.consumer }
        guard let found, found.acknowledged.rawValue >= least else {
            throw Violation.consumer(at: found?.acknowledged.rawValue ?? 0, not: least)
        }
    }

    private func first(_ store: String) throws -> [[UInt8]] {
        let opened = try OpenedLog(store)
        let found = try opened.records()
        try check(found)
        // While an erasure is carried out, views hold what the log does not show any more.
        if reference.erasing?.contains(found.count) != true
            || found.count == reference.erasing?.upperBound
        {
            try views.check(opened, found.count, mayBeAhead: answered == 0)
        }
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
        where !reference.mayBe(record, at: index) {
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

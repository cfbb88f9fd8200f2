internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// What events behind the view say of an interaction, of those that are not the person's.
struct InteractionTail: Sendable {
    /// Events that show nobody.
    private(set) var anonymous: [Position] = []
    /// Whether an event shows somebody.
    private(set) var isOthers = false

    mutating func note(_ position: Position, showsSomebody: Bool) {
        if showsSomebody { isOthers = true } else { anonymous.append(position) }
    }
}

/// What was said before anybody was known whom it concerns.
extension ErasurePlan {
    /// Takes the earlier events of interactions in which nobody else has a part; of others it notes
    /// which they are.
    mutating func takeEarlier(
        _ people: borrowing ViewSnapshot, _ view: borrowing ViewSnapshot,
        _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        var (found, contested): ([Position], [[Position]]) = ([], [])
        do throws(ViewFault) {
            let tails = tails
            let interactions = try names.settle(customers, view) { tails[$0]?.isOthers == true }
            for (name, isTheirs) in interactions {
                let text = String(decoding: name, as: UTF8.self)
                let all = try Timeline.positions(
                    of: .interaction(text), from: Position(1), count: .max, view)
                if isTheirs {
                    let behind = tails[name]?.anonymous ?? []
                    found += all + behind.filter { $0 > view.position }
                } else {
                    contested.append(all)
                }
            }
        } catch {
            throw .body(error)
        }
        found = found.filter { !isTheirs($0) }.sorted()
        for position in found { take(position) }
        try read(found.map(\.rawValue), people, &reader)
        names.forgetInteractions()
        for positions in contested {
            let anonymous = try Self.anonymous(amongst: positions, people, &reader)
            unattributed.formUnion(anonymous.map(\.rawValue))
        }
        unattributed.subtract(patterns.keys)
    }

    /// Returns those of an interaction's events that come before the first one that shows somebody, of
    /// `CommandLimits.erasureTailMax` that are looked at.
    private static func anonymous(
        amongst positions: [Position], _ people: borrowing ViewSnapshot,
        _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) -> [Position] {
        var found: [Position] = []
        for position in positions.prefix(Int(CommandLimits.erasureTailMax)) {
            var showsSomebody = false
            _ = try reader.event(at: position) { (event) throws(ViewFault) in
                let shown = try IdentityView.shown(by: event, people)
                showsSomebody = event.hasRemnant || !shown.isEmpty
            }
            guard !showsSomebody else { break }
            found.append(position)
        }
        return found
    }
}

internal import EventModel

/// Where a subject, or a part of it, stands.
struct SubjectState: Equatable {
    let word: StaticString
    /// Whether something is still to come.
    let isOpen: Bool
    /// When it came to stand there.
    let since: Timestamp
    /// The event that brought it there.
    let position: Position

    static func == (left: SubjectState, right: SubjectState) -> Bool {
        left.word.isSame(as: right.word) && left.isOpen == right.isOpen
            && left.since == right.since && left.position == right.position
    }
}

extension SubjectRecord {
    /// The state of the whole, or of a part: that of the last event by (occurred, position) that
    /// brings one; nil before any.
    ///
    /// Of consents said at the same moment the more protective counts.
    ///
    /// - Parameter left: The code of a rule that is left out.
    func state(
        of part: SubjectPart? = nil, named name: String = "", without left: UInt8? = nil
    ) -> SubjectState? {
        var found: SubjectState?
        for index in trails.indices
        where trails[index].part == name && trails[index].code != left {
            let rule = trails[index].rule
            guard let word = rule.state, rule.part == part else { continue }
            if rule.yields, isClosed(part, name) { continue }
            let mark = rule.keeping == .first ? 0 : trails[index].marks.count - 1
            let state = SubjectState(
                word: word, isOpen: rule.isOpen, since: trails[index].marks[mark].occurred,
                position: trails[index].marks[mark].position)
            if let known = found, !Self.follows(state, known, rule.kind) { continue }
            found = state
        }
        return found
    }

    /// Whether an event has closed the whole, or a part, since it was opened last, and not for want
    /// of one.
    private func isClosed(_ part: SubjectPart?, _ name: String) -> Bool {
        var (opened, closed): (Mark?, Mark?) = (nil, nil)
        for trail in trails where trail.part == name {
            let rule = trail.rule
            guard rule.part == part, rule.state != nil, !rule.yields else { continue }
            if rule.isOpen {
                opened = Self.later(opened, trail.newest)
            } else {
                closed = Self.later(closed, trail.newest)
            }
        }
        guard let closed else { return false }
        return opened.map { ($0.occurred, $0.position) < (closed.occurred, closed.position) }
            ?? true
    }

    private static func later(_ known: Mark?, _ mark: Mark) -> Mark {
        guard let known, (known.occurred, known.position) > (mark.occurred, mark.position) else {
            return mark
        }
        return known
    }

    private static func follows(
        _ state: SubjectState, _ known: SubjectState, _ kind: SubjectKind
    ) -> Bool {
        if kind == .consent, state.since == known.since, state.isOpen != known.isOpen {
            return !state.isOpen
        }
        return (state.since, state.position) > (known.since, known.position)
    }

    /// Whether a fact holds at a moment: it was said and not taken back, and its time is not over.
    func holds(_ moment: CardMoment) -> Bool {
        guard let state = state(), state.isOpen else { return false }
        for trail in trails where trail.newest.position == state.position {
            let until = trail.time("until") ?? trail.time("valid_until")
            if let until, moment.isPast(until) { return false }
        }
        return true
    }

    /// The names of its parts of one sort, in their order.
    func parts(_ part: SubjectPart) -> [String] {
        var names: [String] = []
        // Few have any: the name is asked before the rule.
        // Read where they stand: a copy of each trail would count its references.
        for index in trails.indices where !trails[index].part.isEmpty {
            let trail = trails[index]
            guard trail.rule.part == part, !names.contains(trail.part) else { continue }
            names.append(trail.part)
        }
        return names.count > 1 ? names.sorted() : names
    }

    /// The trail of one rule, of the whole or a part.
    func trail(_ code: UInt8, part: String = "") -> Trail? {
        for index in trails.indices where trails[index].code == code && trails[index].part == part {
            return trails[index]
        }
        return nil
    }

    /// The trail of one type of event, of the whole or a part.
    func trail(_ type: StaticString, part: String = "") -> Trail? {
        for index in trails.indices
        where trails[index].part == part && trails[index].rule.type.isSame(as: type) {
            return trails[index]
        }
        return nil
    }
}

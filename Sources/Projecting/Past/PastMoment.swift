internal import EventLog
public import EventModel
internal import Views

/// A moment that somebody asks for.
public enum AskedMoment: Sendable, Equatable {
    /// What was known when the event at the position had just been recorded.
    case position(Position)
    /// What was known at that moment: all events recorded by then.
    case recorded(Timestamp)
    /// What is known now of what had happened by that moment.
    case occurred(Timestamp)
}

/// A moment as the log has it.
public struct PastMoment: Sendable, Equatable {
    /// The last event that counts.
    public let position: Position
    /// Events count that had happened by this moment; nil when all do.
    public let occurred: Timestamp?
    /// What ages are counted from, when nothing else is stated.
    public let now: Timestamp
    /// Up to here every event counts, so that a state kept there or before will do.
    let certain: Position
}

extension PastMoment {
    /// The same moment, with late events counted however late they came.
    func lookingThrough(_ head: Position) -> PastMoment {
        guard occurred != nil else { return self }
        return PastMoment(position: head, occurred: occurred, now: now, certain: certain)
    }

    /// Finds a moment in the log.
    ///
    /// Complexity: O(log n) events read.
    static func find(
        _ asked: AskedMoment, head: Position, _ history: EventHistory
    ) throws(ViewFault) -> PastMoment {
        switch asked {
        case .position(let position):
            let recorded = try history.recorded(at: position)
            return PastMoment(position: position, occurred: nil, now: recorded, certain: position)
        case .recorded(let moment):
            let position = try history.last(recordedBy: moment, head)
            return PastMoment(position: position, occurred: nil, now: moment, certain: position)
        case .occurred(let moment):
            let late = moment.advanced(byMilliseconds: ProjectingLimits.latenessMilliseconds)
            let early = moment.advanced(byMilliseconds: -ProjectingLimits.earlinessMilliseconds)
            return PastMoment(
                position: try history.last(recordedBy: late, head), occurred: moment, now: moment,
                certain: try history.last(recordedBy: early, head))
        }
    }
}

extension EventHistory {
    /// When an event was recorded.
    func recorded(at position: Position) throws(ViewFault) -> Timestamp {
        var recorded = Timestamp.earliest
        try show(position) { event in recorded = event.recorded }
        return recorded
    }

    /// When an event happened.
    func occurred(at position: Position) throws(ViewFault) -> Timestamp {
        var occurred = Timestamp.earliest
        try show(position) { event in occurred = event.occurred }
        return occurred
    }

    /// The last event recorded at a moment or before it; zero where there is none.
    func last(recordedBy moment: Timestamp, _ head: Position) throws(ViewFault) -> Position {
        var low: UInt64 = 0
        var high = head.rawValue + 1
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if try recorded(at: Position(middle)) <= moment { low = middle } else { high = middle }
        }
        return Position(low)
    }
}

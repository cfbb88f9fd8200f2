public import EventLog
internal import EventModel
internal import RESP

/// APPEND and APPENDBATCH: staging events, and the round's commit.
extension CommandExecutor {
    /// Whether anything waits for `commitRound`.
    public var hasStaged: Bool { writer.stagedCount > 0 }

    /// Makes the round durable; the sessions that staged get their answers.
    ///
    /// - Returns: False when the round must wait for room in the journal: nothing is answered, and
    ///   it is to be tried again after the next stride.
    /// - Throws: Any failure but a full disk: the log must not go on then.
    public func commitRound(_ sessions: [Session]) throws(EventLogError) -> Bool {
        let count = UInt64(writer.stagedCount)
        let begun = environment.nanoseconds()
        do throws(EventLogError) {
            if case .waitsForStride = try writer.commit(now: environment.now()) {
                appendWait.note(waits: true, nanoseconds: begun)
                return false
            }
            appendWait.note(waits: false, nanoseconds: begun)
        } catch {
            appendWait.note(waits: false, nanoseconds: begun)
            erasuresFailed()
            for session in sessions { session.roundFailed(.log(error)) }
            guard case .full = error else { throw error }
            return true
        }
        if count > 0 { commitTimes.note(nanoseconds: environment.nanoseconds() - begun) }
        counters.events += count
        erasuresCommitted()
        for session in sessions { session.roundCommitted() }
        return true
    }

    func append(
        _ command: CommandDefinition, _ arguments: Arguments, _ session: Session
    ) throws(CommandError) -> Execution {
        guard arguments.count >= 2, let end = Self.wordsBeforeGuards(arguments) else {
            throw .wrongArity(command.name, usage: command.usage)
        }
        if let execution = awaitAhead(session) { return execution }
        let isGuarded = end < arguments.count
        if isGuarded { try takeGuards(arguments, end..<arguments.count, command) }
        let mark = isGuarded ? writer.mark() : nil
        var unread: [EventIDHash]? = session.atHand.page == nil ? [] : nil
        var outcome = try stage(arguments, 1..<end, command, &unread)
        if outcome == nil, let ids = unread {
            if let execution = try readAhead(ids, session) { return execution }
            unread = nil
            outcome = try stage(arguments, 1..<end, command, &unread)
        }
        let offset = session.replies.buffer.count
        switch outcome {
        case .new(let position):
            if let mark, let conflict = try conflict(before: position, mark) {
                refuse(conflict, arguments, session)
                return .answered
            }
            session.replies.integer(position.rawValue)
            session.staged.append(offset..<session.replies.buffer.count)
            session.newestAppend = position
        case .repeated(let position):
            session.replies.array(2)
            session.replies.integer(position.rawValue)
            session.replies.simpleString("REPEAT")
            noteRepeat(of: position, at: offset, session)
            session.newestAppend = max(session.newestAppend, position)
        case .erased(let position):
            session.replies.array(2)
            session.replies.integer(position.rawValue)
            session.replies.simpleString("ERASED")
            noteRepeat(of: position, at: offset, session)
        case .conflicting(let position):
            throw .idConflict(position)
        case nil: preconditionFailure("what is to be read is read")
        }
        return .answered
    }

    func appendBatch(
        _ command: CommandDefinition, _ arguments: Arguments, _ session: Session
    ) throws(CommandError) -> Execution {
        guard arguments.count >= 4 else { throw .wrongArity(command.name, usage: command.usage) }
        let most = Int64(CommandLimits.batchEventsMax)
        guard let count = arguments[1].integer(), count >= 1, count <= most else {
            throw .badArgument(
                command.name, argument: "events", expected: "a whole number from 1 to \(most)")
        }
        if let execution = awaitAhead(session) { return execution }
        let mark = writer.mark()
        do throws(CommandError) {
            let redactions = counters.redactions
            var unread: [EventIDHash]? = session.atHand.page == nil ? [] : nil
            var outcomes = try stageAll(command, arguments, count: Int(count), &unread)
            if let ids = unread, !ids.isEmpty {
                // All is staged again, at once, when these are read.
                writer.takeBack(to: mark)
                counters.redactions = redactions
                if let execution = try readAhead(ids, session) { return execution }
                unread = nil
                outcomes = try stageAll(command, arguments, count: Int(count), &unread)
            }
            let isNew = try checkRepeats(outcomes)
            if isNew, case .new(let first) = outcomes[0], !guards.isEmpty,
                let conflict = try conflict(before: first, mark)
            {
                refuse(conflict, arguments, session)
                return .answered
            }
            answerBatch(outcomes, isNew: isNew, session)
        } catch {
            writer.takeBack(to: mark)
            throw error
        }
        return .answered
    }

    /// Goes on waiting until ids have been read ahead; nil once they are, or nobody comes to it.
    private func awaitAhead(_ session: Session) -> Execution? {
        guard let question = session.atHand.page, !question.isOver else { return nil }
        guard !isTimeUp(session, within: CommandLimits.waitMillisecondsDefault) else {
            question.giveUp()
            return nil
        }
        return .waits(for: .past(question))
    }

    /// Has ids read ahead of the command at hand, which then runs again; nil where nobody can.
    private func readAhead(
        _ ids: [EventIDHash], _ session: Session
    ) throws(CommandError) -> Execution? {
        let question = try readBeside(session) { (readers) throws(CommandError) in
            try readers.readAhead(ids)
            return nil
        }
        guard question != nil else { return nil }
        counters.idsReadAhead += ids.count
        return awaitAhead(session)
    }

    /// Stages a batch's events; of those whose ids are to be read ahead there is no outcome.
    private func stageAll(
        _ command: CommandDefinition, _ arguments: Arguments, count: Int,
        _ unread: inout [EventIDHash]?
    ) throws(CommandError) -> [LogWriter.Outcome] {
        var outcomes: [LogWriter.Outcome] = []
        outcomes.reserveCapacity(count)
        var next = 2
        for number in 1...count {
            guard next < arguments.count, let words = arguments[next].integer(), words >= 1,
                words % 2 == 1, words <= Int64(arguments.count - next - 1)
            else {
                throw .badArgument(
                    command.name, argument: "words before event \(number)",
                    expected: "the odd number of words of that event, all of them following")
            }
            let range = next + 1..<next + 1 + Int(words)
            if let outcome = try stage(arguments, range, command, &unread) {
                outcomes.append(outcome)
            }
            next = range.upperBound
        }
        try takeGuards(arguments, next..<arguments.count, command)
        return outcomes
    }

    /// Tells whether all events are new, or all are repeats; anything else is refused.
    private func checkRepeats(_ outcomes: [LogWriter.Outcome]) throws(CommandError) -> Bool {
        var known: [Int] = []
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .new: continue
            case .repeated(let position):
                try refuseTwin(of: index, at: position, outcomes, isSame: true)
                known.append(index)
            case .erased: known.append(index)
            case .conflicting(let position):
                try refuseTwin(of: index, at: position, outcomes, isSame: false)
                throw .idConflict(position)
            }
        }
        guard known.isEmpty || known.count == outcomes.count else {
            throw .partialRepeat(known: known.count, of: outcomes.count, first: known[0] + 1)
        }
        return known.isEmpty
    }

    private func answerBatch(
        _ outcomes: [LogWriter.Outcome], isNew: Bool, _ session: Session
    ) {
        let offset = session.replies.buffer.count
        session.replies.array(outcomes.count + (isNew ? 0 : 1))
        var last = Position.zero
        for outcome in outcomes {
            guard case .new(let position) = outcome else {
                switch outcome {
                case .repeated(let position), .erased(let position):
                    session.replies.integer(position.rawValue)
                    last = max(last, position)
                default: break
                }
                continue
            }
            session.replies.integer(position.rawValue)
            last = max(last, position)
        }
        session.newestAppend = max(session.newestAppend, last)
        if isNew {
            session.staged.append(offset..<session.replies.buffer.count)
        } else {
            session.replies.simpleString("REPEAT")
            noteRepeat(of: last, at: offset, session)
        }
    }

    /// Refuses a batch in which an event before this one is what it repeats: that one has a
    /// position now and loses it with the batch.
    private func refuseTwin(
        of index: Int, at position: Position, _ outcomes: [LogWriter.Outcome], isSame: Bool
    ) throws(CommandError) {
        guard let twin = outcomes[..<index].firstIndex(of: .new(position)) else { return }
        throw .twiceInBatch(first: twin + 1, second: index + 1, isSame: isSame)
    }

    /// A repeat of an event that is itself still staged is answered after that commit.
    func noteRepeat(of position: Position, at offset: Int, _ session: Session) {
        guard position > log.head.position else { return }
        session.staged.append(offset..<session.replies.buffer.count)
    }

    /// The moment against which a round's events are checked: that of its first.
    private func roundMoment() -> Timestamp {
        if writer.stagedCount == 0 { roundBegan = environment.now() }
        return roundBegan
    }

    /// Stages the event in a range of words: its type, then names and values.
    ///
    /// - Returns: Nil where its id is to be read ahead: `LogWriter.stage(unread:_:)`.
    private func stage(
        _ arguments: Arguments, _ range: Range<Int>, _ command: CommandDefinition,
        _ unread: inout [EventIDHash]?
    ) throws(CommandError) -> LogWriter.Outcome? {
        if arguments[range.lowerBound].equals("definition.set") {
            do throws(EventRefusal) {
                try checkDefinition(arguments, range)
            } catch {
                throw .refused(error)
            }
        }
        let mark = writer.mark()
        var outcome = try stage(arguments, range, command, cutting: nil, &unread)
        if intake.beginsWithDigits, let position = outcome?.newOrConflicting,
            let cut = try cut(arguments, range, before: position)
        {
            writer.takeBack(to: mark)
            outcome = try stage(arguments, range, command, cutting: cut, &unread)
        }
        if case .new(let position) = outcome {
            try refuseSuppressed(position, mark)
            if intake.redactions.isAny { counters.redactions.add(intake.redactions) }
        }
        return outcome
    }

    private func stage(
        _ arguments: Arguments, _ range: Range<Int>, _ command: CommandDefinition,
        cutting cut: SplitNumber.Cut?, _ unread: inout [EventIDHash]?
    ) throws(CommandError) -> LogWriter.Outcome? {
        let staged: Staged
        do throws(ReadFailure<EventRefusal>) {
            staged = try Self.stage(
                arguments, range, now: roundMoment(), cut, &unread, writer: writer,
                intake: &intake)
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            case .body(let refusal): throw .refused(refusal)
            }
        }
        guard case .settled(let outcome) = staged else {
            throw .badArgument(
                command.name, argument: "EXPECT",
                expected: "followed by a stream and its version, behind everything else")
        }
        return outcome
    }

    private enum Staged {
        /// What became of it; nil where its id is to be read ahead.
        case settled(LogWriter.Outcome?)
        /// Nothing, as an EXPECT stands among the attributes.
        case misplacedExpect
    }

    private static func stage(
        _ arguments: Arguments, _ range: Range<Int>, now: Timestamp, _ cut: SplitNumber.Cut?,
        _ unread: inout [EventIDHash]?, writer: LogWriter, intake: inout EventIntake
    ) throws(ReadFailure<EventRefusal>) -> Staged {
        do throws(EventRefusal) {
            try intake.begin(type: arguments[range.lowerBound], now: now, cutting: cut)
            var next = range.lowerBound + 1
            while next < range.upperBound {
                let name = arguments[next]
                let value = arguments[next + 1]
                // Few names have these lengths, so that few are compared.
                if name.byteCount == 4, name.equalsIgnoringCase("DATA") {
                    try intake.take(data: value)
                } else if name.byteCount == 6, isExpect(arguments, next) {
                    return .misplacedExpect
                } else {
                    try intake.take(name, value)
                }
                next += 2
            }
        } catch {
            throw .body(error)
        }
        return .settled(
            try writer.stage(unread: &unread) { (records) throws(EventRefusal) in
                try intake.finish(into: &records)
            })
    }
}

extension LogWriter.Outcome {
    /// The position of an event that is not the one that is stored, or not stored yet.
    fileprivate var newOrConflicting: Position? {
        switch self {
        case .new(let position), .conflicting(let position): position
        case .repeated, .erased: nil
        }
    }
}

internal import EventLog
internal import EventModel
internal import RESP

/// EXPECT: guards behind the last word of an append.
///
///     … EXPECT stream version [EXPECT stream version …]
///
/// The version is the number of events the stream must have, `none` for none, or `any`. All guards
/// are held against the state before the request's first event; one that fails refuses the whole.
/// What is a repeat is one whatever its guards say.
extension CommandExecutor {
    /// The words of one guard.
    private static let guardWords = 3

    /// Returns how many words before the guards an APPEND has; nil when names and values do not
    /// pair up.
    ///
    /// It looks from the end, so that an append without guards costs one comparison. The value of
    /// an attribute may be the word EXPECT; its name may not.
    static func wordsBeforeGuards(_ arguments: Arguments) -> Int? {
        var end = arguments.count
        while end - guardWords >= 2, isExpect(arguments, end - guardWords) { end -= guardWords }
        if end % 2 == 0 { return end }
        // The first word that was found is a value, if there is one.
        return end < arguments.count ? end + guardWords : nil
    }

    /// Tells whether a word is EXPECT in any case.
    static func isExpect(_ arguments: Arguments, _ index: Int) -> Bool {
        arguments[index].byteCount == 6 && arguments.equalsIgnoringCase(index, "EXPECT")
    }

    /// Reads the guards in a range of words into `guards`.
    func takeGuards(
        _ arguments: Arguments, _ range: Range<Int>, _ command: CommandDefinition
    ) throws(CommandError) {
        if !guards.isEmpty { guards.removeAll(keepingCapacity: true) }
        var next = range.lowerBound
        while next < range.upperBound {
            guard range.upperBound - next >= Self.guardWords, Self.isExpect(arguments, next) else {
                throw .badArgument(
                    command.name, argument: "what follows the events",
                    expected: "nothing, or EXPECT, a stream and its version")
            }
            guard guards.count < CommandLimits.guardsMax else {
                throw .badArgument(
                    command.name, argument: "EXPECT",
                    expected: "given at most \(CommandLimits.guardsMax) times")
            }
            guards.append(try guarded(arguments[next + 1], arguments[next + 2], command))
            next += Self.guardWords
        }
    }

    /// Reads one guard. An error names it by its number: an identifier is personal.
    private func guarded(
        _ name: RawSpan, _ version: RawSpan, _ command: CommandDefinition
    ) throws(CommandError) -> StreamGuard {
        let number = guards.count + 1
        guard case .stream(let stream) = StreamName.read(name) else {
            throw .badArgument(
                command.name, argument: "stream of EXPECT \(number)", expected: StreamName.grammar)
        }
        if version.equalsIgnoringCase("none") { return writer.makeGuard(stream, .noStream) }
        if version.equalsIgnoringCase("any") { return writer.makeGuard(stream, .any) }
        guard let count = version.decimalInteger(), count >= 0 else {
            throw .badArgument(
                command.name, argument: "version of EXPECT \(number)",
                expected: "the number of events the stream has, none, or any")
        }
        return writer.makeGuard(stream, .exactly(UInt64(count)))
    }

    /// Holds the guards against what came before a request's first event. On a conflict, and on an
    /// error, the request is taken back.
    func conflict(
        before first: Position, _ mark: LogWriter.Mark
    ) throws(CommandError) -> VersionConflict? {
        do throws(EventLogError) {
            guard let found = try writer.firstConflict(of: guards, before: first) else {
                return nil
            }
            writer.takeBack(to: mark)
            return found
        } catch {
            writer.takeBack(to: mark)
            throw .log(error)
        }
    }

    /// Answers a conflict. One that counts events of this round is true only once they are
    /// committed: it waits for that, and becomes what the round becomes.
    func refuse(_ conflict: VersionConflict, _ arguments: Arguments, _ session: Session) {
        counters.refusals += 1
        let error = CommandError.versionConflict(
            conflict, agent: agentState(after: conflict, arguments))
        let offset = session.replies.buffer.count
        session.replies.error(error.code, error.description)
        guard conflict.countsStaged else { return }
        session.staged.append(offset..<session.replies.buffer.count)
    }
}

public import EventLog
public import EventModel
public import Views

/// Why a command is refused or fails. The connection lives on.
public enum CommandError: Error, Sendable {
    /// No such command.
    case unknownCommand(name: String, hint: String)
    /// The wrong number of words.
    case wrongArity(CommandName, usage: String)
    /// A word where none of this command's options stands.
    case unknownOption(CommandName, word: String, usage: String)
    /// A word that is none of a command's subcommands.
    case unknownSubcommand(CommandName, word: String, expected: String)
    /// An option without its value, or missing altogether.
    case missingOption(CommandName, option: String)
    /// An argument that is not what it must be; never carries the argument.
    case badArgument(CommandName, argument: String, expected: String)
    /// A query that is well formed and cannot be answered.
    case unanswerable(CommandName, MetricsRefusal)
    /// The event breaks its type's schema or a bound.
    case refused(EventRefusal)
    /// (source, id) is known with other content.
    case idConflict(Position)
    /// The event is from before the erasure of a person whom it names.
    case suppressed
    /// Some events of a batch are known and others are not.
    case partialRepeat(known: Int, of: Int, first: Int)
    /// Two events of a batch have the same source and id; they are counted from 1.
    case twiceInBatch(first: Int, second: Int, isSame: Bool)
    /// A stream does not have the version that EXPECT names.
    case versionConflict(VersionConflict, agent: String?)
    /// The reader asked for a position the log does not have.
    case ahead(asked: Position, head: Position)
    /// The view did not get as far in time.
    case stale(view: String, asked: Position, reached: Position, milliseconds: Int64)
    /// The view's projection stands still.
    case halted(view: String, position: Position, reason: String)
    /// The view is folded for the first time by this version of its projection.
    case rebuilding(view: String, position: Position, head: Position, milliseconds: Int64?)
    /// As many questions about the past wait as may.
    case busy(Int)
    /// All of a past moment is asked for while something is being erased.
    case erasing
    /// A question that is answered beside the loop was not answered in time; with `goesOn` what was
    /// done for it serves who asks again.
    case pastTooSlow(milliseconds: Int64, goesOn: Bool)
    /// Nobody has the id or identifier that the argument names.
    case unknownCustomer(CommandName, argument: String)
    /// The identifier shows several persons; one has to be named.
    case ambiguous(CommandName, candidates: [CustomerID])
    /// The identifier is shared by several persons and so nobody's.
    case sharedIdentifier(CommandName, seenWith: [CustomerID])
    /// What an erasure or a redaction says of its events has no room in one commit.
    case tooManyErased(StaticString)
    /// An event made more erased customers another's person than it has room to tell of.
    case tooManyMoved(Position)
    /// A field that REDACT is asked for stays.
    case kept(CommandName, KeptField)
    /// What is asked for is so already.
    case unchanged(CommandName, state: String)
    /// The peer may not do this.
    case notPermitted(CommandName, needs: Role)
    /// The command answers by pushes, which the connection's protocol version has not.
    case needsPushes(CommandName)
    /// The connection follows as much as one may.
    case tooManyFollows(most: Int)
    /// The position was counted in another epoch; nil = that epoch never was.
    case otherEpoch(asked: UInt64, epoch: UInt64, lastCommon: Position?)
    /// The protocol version asked for is not spoken here.
    case noProtocol
    /// A peer names a user or a password.
    case noPasswords
    /// The wall clock cannot be believed.
    case clock(RecordedClock.State, wall: Timestamp)
    /// The log failed.
    case log(EventLogError)
    /// A view failed.
    case view(ViewFault)
    /// A backup cannot be begun.
    case backup(BackupError)
    /// A limit is reached that makes one wait no longer.
    case limit(Limit, value: Int)
    /// A command about a named consumer is refused.
    case consumer(ConsumerRefusal)
    /// The daemon is stopping.
    case stopping

    /// A command's name in an error.
    public typealias CommandName = String

    /// The code on the wire; clients match this and nothing else.
    public var code: StaticString {
        switch self {
        case .unknownCommand, .wrongArity: "ERR"
        case .unknownOption, .unknownSubcommand, .missingOption, .badArgument, .unanswerable:
            "SYNTAX"
        case .refused(let refusal): refusal.code
        case .idConflict: "IDCONFLICT"
        case .suppressed: "ERASED"
        case .partialRepeat, .twiceInBatch(_, _, isSame: true): "PARTIALREPEAT"
        case .twiceInBatch: "IDCONFLICT"
        case .versionConflict: "CONFLICT"
        case .ahead: "AHEAD"
        case .stale, .pastTooSlow: "STALE"
        case .busy, .erasing: "BUSY"
        case .halted: "HALTED"
        case .rebuilding: "REBUILDING"
        case .unknownCustomer: "UNKNOWN"
        case .kept: "KEPT"
        case .tooManyErased, .tooManyMoved, .log(.roundFull): "TOOLARGE"
        case .unchanged: "UNCHANGED"
        case .ambiguous, .sharedIdentifier: "AMBIGUOUS"
        case .notPermitted: "NOPERM"
        case .noProtocol, .needsPushes: "NOPROTO"
        case .noPasswords: "WRONGPASS"
        case .tooManyFollows: "LIMIT"
        case .otherEpoch: "EPOCH"
        case .clock: "CLOCK"
        case .log(.full): "FULL"
        case .log(.damaged), .log(.damagedBlock): "DAMAGED"
        case .log: "STORAGE"
        case .view: "VIEW"
        case .backup: "BACKUP"
        case .limit: "LIMIT"
        case .consumer(.unknown): "NOCONSUMER"
        case .consumer(.exists): "EXISTS"
        case .consumer(.held), .consumer(.reset): "HELD"
        case .consumer(.tooMany), .consumer(.tooManyOwned): "LIMIT"
        case .consumer(.belongs): "NOPERM"
        case .consumer: "STORAGE"
        case .stopping: "STOPPING"
        }
    }
}

extension CommandError: CustomStringConvertible {
    /// What was wrong, what was expected, what to do.
    public var description: String {
        switch self {
        case .unknownCommand(let name, let hint): "unknown command '\(name)'; \(hint)"
        case .wrongArity(let name, let usage):
            "wrong number of arguments for '\(name.lowercased())' command; usage: \(usage)"
        case .unknownOption(let name, let word, let usage):
            "\(name) has no option \(word); usage: \(usage)"
        case .unknownSubcommand(let name, let word, let expected):
            "\(name) has no subcommand \(word), it has \(expected)"
        case .missingOption(let name, let option): "\(name) needs \(option) and its value"
        case .badArgument(let name, let argument, let expected):
            "\(argument) of \(name) must be \(expected)"
        case .unanswerable(let name, let refusal): "\(name) refused: \(refusal)"
        case .refused(let refusal): "\(refusal)"
        case .idConflict(let position):
            "this source and id are stored at position \(position) with other content; give a "
                + "changed event an id of its own"
        case .suppressed:
            "the event names somebody who was erased, and occurred before that; it is not stored; leave "
                + "it out: what occurred later is taken"
        case .partialRepeat(let known, let count, let first):
            "\(known) of \(count) events are stored already, the first of them is number \(first) "
                + "of the batch; nothing was stored; send the events one by one"
        case .twiceInBatch(let first, let second, let isSame):
            "events \(first) and \(second) of the batch have the same source and id"
                + (isSame
                    ? "; nothing was stored; send it once"
                    : " and different content; nothing was stored; give each event an id of its own")
        case .versionConflict(let conflict, let agent):
            conflict.text + (agent.map { "; \($0)" } ?? "")
        case .ahead(let asked, let head):
            "position \(asked) is beyond the head \(head); ask for a position the log gave"
        case .stale(let view, let asked, let reached, let milliseconds):
            "\(view) is at position \(reached), not yet at \(asked) after \(milliseconds) ms; "
                + "retry, or allow more with WITHIN"
        case .halted(let view, let position, let reason):
            "\(view) stands still at position \(position): \(reason); see PROJECTIONS"
        case .rebuilding(let view, let position, let head, let milliseconds):
            "\(view) is folded anew by a new version: \(position) of \(head) events"
                + (milliseconds.map { ", about \(($0 + 999) / 1_000) s left" } ?? "")
                + "; retry then, PROJECTIONS says how far it is"
        case .busy(let most): "\(most) questions about the past wait already; retry"
        case .erasing:
            "an erasure or redaction is being carried out, until then this is not told of a past "
                + "moment; retry then, INFO privacy says how far it is"
        case .pastTooSlow(let milliseconds, let goesOn):
            goesOn
                ? "the past moment was not reached within \(milliseconds) ms; folding goes on: retry, "
                    + "or ask for a moment with fewer events behind it"
                : "what was asked was not found in the log within \(milliseconds) ms; retry when less "
                    + "is going on"
        case .unknownCustomer(let name, let argument):
            "nobody has the \(argument) of \(name); give an id, or an identifier that the store has "
                + "seen"
        case .ambiguous(let name, let candidates):
            "\(name) needs one person; the identifier shows \(Self.shown(candidates)); name one of them"
        case .sharedIdentifier(let name, let persons):
            "\(name) needs one person; the identifier is shared by several and nobody's"
                + (persons.isEmpty
                    ? "; name one by another identifier or by id"
                    : ", seen with \(Self.shown(persons)); name one of them")
        case .tooManyErased(let word):
            "the \(word) names more events than fit into one commit; shorten REASON, or take it in "
                + "parts: REDACT a shorter range, UNMERGE a person's customers and ERASE each"
        case .tooManyMoved(let position):
            "event \(position) made more customers, erased ones and these, another's person than it can "
                + "tell of once they are gone: \(EventLimits.erasedMovesMax); figures by person would move"
        case .kept(let name, let kept): "\(name) cannot take \(kept)"
        case .unchanged(let name, let state): "\(name) changes nothing: \(state)"
        case .notPermitted(let name, let role): "\(name) needs role \(role.rawValue)"
        case .noProtocol: "unsupported protocol version; 2 and 3 are spoken here"
        case .noPasswords:
            "there are no users and no passwords here: the socket tells who a peer is, and the "
                + "access rules give it its role; connect without them"
        case .needsPushes(let name):
            "\(name) answers by pushes, which RESP2 has not: say HELLO 3 first, or read with EVENTS "
                + "FROM position WAIT milliseconds"
        case .tooManyFollows(let most):
            "this connection follows \(most) things already; UNFOLLOW one or open another"
        case .otherEpoch(let asked, let epoch, let lastCommon?):
            "epoch \(asked) and this one have positions up to \(lastCommon) in common; this is epoch "
                + "\(epoch): go on FROM \(lastCommon.next) EPOCH \(epoch)"
        case .otherEpoch(let asked, let epoch, nil):
            "this store is in epoch \(epoch) and never was in epoch \(asked); HELLO tells the epoch"
        case .clock(let state, let wall): state.refusal(wall: wall)
        case .log(let error): "\(error)"
        case .view(let fault): "\(fault)"
        case .backup(let error): "\(error)"
        case .limit(let limit, let value):
            "\(limit.name) is \(value) (\(limit.definition.summary)): "
                + limit.definition.consequence
        case .consumer(let refusal): "\(refusal)"
        case .stopping: "the daemon is stopping; reconnect and retry"
        }
    }
}

extension CommandError {
    private static func shown(_ persons: [CustomerID]) -> String {
        persons.prefix(CommandLimits.candidatesShown).map { "\($0)" }.joined(separator: ", ")
    }
}

extension VersionConflict {
    /// Names the guard by its number and the stream by its kind: its id may be personal.
    var text: String {
        let expectation: String =
            switch expected {
            case .noStream: "none"
            case .exactly(let version): "\(version)"
            case .any: "any"
            }
        return "the \(kind) stream of EXPECT \(index + 1) is at version \(actual), expected "
            + "\(expectation); nothing was stored; look at the stream again and decide anew"
    }
}

extension RecordedClock.State {
    fileprivate func refusal(wall: Timestamp) -> String {
        let distance =
            switch self {
            case .behind(let milliseconds): "\(milliseconds) ms before"
            case .ahead(let milliseconds): "\(milliseconds) ms after"
            case .followed, .stepped: preconditionFailure("appends are not refused then")
            }
        return "append refused: the machine's clock says \(wall.rfc3339), \(distance) the newest "
            + "recorded time; set the clock, or say CLOCK ACCEPT if it is right"
    }
}

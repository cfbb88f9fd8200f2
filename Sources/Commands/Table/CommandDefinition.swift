/// What a peer must be to use a command.
public enum Role: String, Sendable, CaseIterable {
    /// Reads views and the log.
    case reader
    /// Also appends.
    case writer
    /// Also exports, erases, redacts.
    case privacy
    /// Also operates the daemon.
    case `operator`
}

/// The families of commands, as the reference page lists them.
public enum CommandGroup: String, Sendable, CaseIterable {
    case connection, write, log, follow, views, privacy, operate
}

/// One word or value a command takes; the shapes are those of COMMAND DOCS.
public struct ArgumentDefinition: Sendable {
    /// What the value is.
    public enum Kind: String, Sendable {
        case string, integer, pureToken = "pure-token", block
    }

    /// The name in documentation.
    public let name: String
    /// The value's kind.
    public let kind: Kind
    /// The word before the value, like `FROM`; nil for a value that is known by its place.
    public let token: String?
    /// How many values stand behind the token.
    public var valueCount = 1
    /// Whether it may be left out.
    public let isOptional: Bool
    /// Whether it may stand several times.
    public let isMultiple: Bool

    static func value(
        _ name: String, _ kind: Kind = .string, optional: Bool = false, multiple: Bool = false
    ) -> ArgumentDefinition {
        ArgumentDefinition(
            name: name, kind: kind, token: nil, isOptional: optional, isMultiple: multiple)
    }

    static func option(
        _ token: String, _ name: String, _ kind: Kind = .string, required: Bool = false,
        multiple: Bool = false
    ) -> ArgumentDefinition {
        ArgumentDefinition(
            name: name, kind: kind, token: token, isOptional: !required, isMultiple: multiple)
    }

    /// An option of two words that may stand several times.
    static func pair(_ token: String, _ name: String) -> ArgumentDefinition {
        ArgumentDefinition(
            name: name, kind: .string, token: token, valueCount: 2, isOptional: true,
            isMultiple: true)
    }

    /// A guard: the stream, and what it must hold.
    static let expect = ArgumentDefinition(
        name: "stream n|none|any", kind: .string, token: "EXPECT", valueCount: 2,
        isOptional: true, isMultiple: true)

    static func word(_ token: String) -> ArgumentDefinition {
        ArgumentDefinition(
            name: token.lowercased(), kind: .pureToken, token: token, isOptional: true,
            isMultiple: false)
    }
}

/// One command as data: this drives dispatch, parsing, roles, COMMAND, the reference page and the
/// tests. An object, so that finding one copies no texts.
public final class CommandDefinition: Sendable {
    /// The name in capitals.
    public let name: String
    /// Its family.
    public let group: CommandGroup
    /// The least a peer must be.
    public let role: Role
    /// What it does, one line.
    public let summary: String
    /// The version that brought it.
    public let since: String
    /// What it takes.
    public let arguments: [ArgumentDefinition]
    /// What it answers, one line.
    public let reply: String
    /// Which code runs it.
    let action: CommandAction
    /// The words of which one must stand behind the name; nil where options alone tell.
    let subcommands: String?

    /// The least and most words, the name included; nil = no bound.
    public let arity: (least: Int, most: Int?)
    /// Which of the arguments are known by their place.
    let positional: [Int]

    init(
        name: String, group: CommandGroup, role: Role, summary: String, since: String,
        arguments: [ArgumentDefinition], reply: String, action: CommandAction,
        subcommands: String? = nil
    ) {
        self.name = name
        self.group = group
        self.role = role
        self.summary = summary
        self.since = since
        self.arguments = arguments
        self.reply = reply
        self.action = action
        self.subcommands = subcommands
        arity = Self.arity(arguments)
        positional = arguments.indices.filter { arguments[$0].token == nil }
    }

    private static func arity(_ arguments: [ArgumentDefinition]) -> (least: Int, most: Int?) {
        var least = 1
        var most: Int? = 1
        for argument in arguments {
            let values = argument.kind == .pureToken ? 0 : argument.valueCount
            let words = (argument.token == nil ? 0 : 1) + values
            if !argument.isOptional { least += words }
            if argument.isMultiple { most = nil }
            most = most.map { $0 + words }
        }
        return (least, most)
    }

    /// Whether it reads views and so takes AFTER and WITHIN.
    public var readsViews: Bool { group == .views }

    /// Whether it takes NOW.
    var readsNow: Bool { readsViews && action.readsNow }

    /// How it is called, one line.
    public var usage: String {
        ([name]
            + arguments.map { argument in
                var words = [argument.token, argument.kind == .pureToken ? nil : argument.name]
                    .compactMap { $0 }.joined(separator: " ")
                if argument.isMultiple { words += " …" }
                return argument.isOptional ? "[\(words)]" : words
            }).joined(separator: " ")
    }
}

/// Names the code of each command, so that a command without code does not compile.
enum CommandAction: Sendable {
    case hello, auth, ping, echo, quit, select, client, command, info
    case append, appendBatch
    case head, event, events, version, timeline
    case customer, signals, interaction, queue, queues, metrics
    case waiting, agent, agents
    case scorecard, season, lifecycle
    case follow, unfollow, credit
    case identity, merge, unmerge, block
    case erase, exportCustomer, redact
    case wait
    case limits
    case consumer
    case projections, rebuild, seal, backup, clock, shutdown

    /// Whether it takes AT: it answers as of a past moment too.
    var takesMoment: Bool { foldsPast || self == .timeline }

    /// Whether a past moment is folded for it, beside the loop.
    var foldsPast: Bool {
        switch self {
        case .customer, .signals, .interaction, .queue, .queues, .waiting, .wait, .agent, .agents,
            .metrics, .scorecard, .season, .identity:
            true
        default: false
        }
    }

    /// Whether it takes OCCURRED: who is who follows the order in which events were recorded.
    var tellsOccurred: Bool { takesMoment && self != .identity }

    /// Whether it counts ages from the reader's now, so that it takes NOW.
    var readsNow: Bool { self != .timeline && self != .identity }

    /// Whether documents that it answers may tell of a person. What is not known to tell of none is
    /// looked through; pushes are looked through where they are made.
    var tellsOfPersons: Bool {
        switch self {
        case .hello, .auth, .ping, .echo, .quit, .select, .client, .command, .info, .append,
            .appendBatch, .head, .version, .projections, .rebuild, .seal, .backup, .clock,
            .shutdown, .limits, .wait, .follow, .unfollow, .credit:
            false
        default: true
        }
    }

    /// What COMMAND says of it, in Redis's words.
    var flags: [StaticString] {
        switch self {
        case .append, .appendBatch, .merge, .unmerge, .block, .erase, .redact, .consumer: ["write"]
        case .rebuild, .seal, .backup, .clock, .shutdown: ["admin"]
        case .follow, .unfollow, .credit: ["pubsub"]
        default: ["readonly"]
        }
    }

    /// Whether it stages events: all others wait until what their connection staged is committed.
    var stages: Bool { self == .append || self == .appendBatch }
}

internal import EventLog
internal import EventModel

/// All commands.
public struct CommandTable: Sendable {
    /// In the order of the reference page.
    public let commands: [CommandDefinition]
    private let byName: SpanTable<Int>

    /// The commands of this version.
    public static let standard = CommandTable()

    private init() {
        commands = Self.connection + Self.write + Self.log + Self.views + Self.operate
        byName = SpanTable(commands.enumerated().map { ($0.element.name, $0.offset) })
    }

    /// Returns a command by its name in any case.
    public func command(_ name: RawSpan) -> CommandDefinition? {
        guard name.byteCount <= 32 else { return nil }
        var upper: [UInt8] = []
        upper.reserveCapacity(name.byteCount)
        for offset in 0..<name.byteCount {
            let byte = name[offset]
            upper.append(byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte)
        }
        return unsafe byName[upper.span.bytes].map { commands[$0] }
    }

    /// Returns the name that a mistyped one resembles most.
    public func near(_ name: String) -> String? {
        let candidates = commands.map { ($0.name, Spelling.distance($0.name, name.uppercased())) }
        return candidates.filter { $0.1 <= 2 }.min { $0.1 < $1.1 }?.0
    }
}

extension CommandTable {
    private static func make(
        _ name: String, _ group: CommandGroup, _ action: CommandAction, role: Role = .reader,
        _ summary: String, _ arguments: [ArgumentDefinition] = [], reply: String
    ) -> CommandDefinition {
        let fresh: [ArgumentDefinition] =
            group == .views
            ? [
                .option("AFTER", "position", .integer),
                .option("WITHIN", "milliseconds", .integer),
            ] : []
        return CommandDefinition(
            name: name, group: group, role: role, summary: summary, since: "1.0.0",
            arguments: arguments + fresh, reply: reply, action: action)
    }

    private static let connection = [
        make(
            "HELLO", .connection, .hello,
            "Chooses the protocol version and tells about the server.",
            [
                .value("protover", .integer, optional: true),
                ArgumentDefinition(
                    name: "username password", kind: .string, token: "AUTH", valueCount: 2,
                    isOptional: true, isMultiple: false),
                .option("SETNAME", "clientname"),
            ], reply: "map: server, version, proto, id, store, epoch, head …"),
        make(
            "PING", .connection, .ping, "Answers PONG, or the message.",
            [.value("message", optional: true)], reply: "PONG or the message"),
        make(
            "ECHO", .connection, .echo, "Answers the message.", [.value("message")],
            reply: "the message"),
        make(
            "QUIT", .connection, .quit, "Answers OK and closes the connection.", reply: "OK"),
        make(
            "SELECT", .connection, .select,
            "Accepts database 0, the only one, for clients that select one.",
            [.value("index", .integer)], reply: "OK"),
        make(
            "CLIENT", .connection, .client,
            "Names the connection: SETNAME name, SETINFO attribute value, GETNAME, ID.",
            [.value("subcommand"), .value("argument", optional: true, multiple: true)],
            reply: "by subcommand"),
        make(
            "COMMAND", .connection, .command,
            "Describes the commands: COUNT, LIST, INFO [name …], DOCS [name …].",
            [
                .value("subcommand", optional: true),
                .value("name", optional: true, multiple: true),
            ], reply: "by subcommand"),
        make(
            "INFO", .connection, .info, "Tells how the daemon stands.",
            [.value("section", optional: true, multiple: true)],
            reply: "text, lines of name:value under # sections"),
    ]

    private static let write = [
        make(
            "APPEND", .write, .append, role: .writer,
            "Records one event, once: the same source and id again answers the first position. EXPECT "
                + "refuses it unless the stream has so many events, none, or any.",
            [
                .value("type"), .value("attribute value", multiple: true),
                .option("DATA", "bytes"), .expect,
            ],
            reply: "position; for a repeat an array of the first position and REPEAT"),
        make(
            "APPENDBATCH", .write, .appendBatch, role: .writer,
            "Records several events, all or none, each behind the number of its words. EXPECT guards "
                + "all of them by streams as they are before the first.",
            [
                .value("events", .integer), .value("words", .integer),
                .value("type attribute value", multiple: true), .expect,
            ],
            reply: "array of positions; for a repeat of the whole batch, REPEAT behind them"),
    ]

    private static let log = [
        make("HEAD", .log, .head, "Tells the last position.", reply: "position"),
        make(
            "EVENT", .log, .event, "Shows one event.", [.value("position", .integer)],
            reply: "JSON document, or null beyond the head"),
        make(
            "EVENTS", .log, .events,
            "Shows events in order; with WAIT it waits for the first when there is none yet.",
            [
                .option("FROM", "position", .integer, required: true),
                .option("COUNT", "n", .integer), .option("TYPE", "pattern", multiple: true),
                .option("WAIT", "milliseconds", .integer),
            ], reply: "array of the position to go on from and an array of JSON documents"),
        make(
            "VERSION", .log, .version,
            "Tells how many events a stream has: \(StreamName.grammar).",
            [.value("stream")], reply: "number of events, 0 for a stream that has none"),
    ]

    private static let views = [
        make(
            "TIMELINE", .views, .timeline,
            "Shows the events of a stream (\(StreamName.grammar)), of an interaction by its bare id, or "
                + "of the customer behind kind:value, c_id or interaction:id; newest first, with "
                + "FROM oldest first.",
            [
                .value("stream-or-identifier"), .option("FROM", "position", .integer),
                .option("BEFORE", "position", .integer), .option("COUNT", "n", .integer),
                .option("CHANNEL", "channel"), .option("TYPE", "pattern", multiple: true),
            ],
            reply: "JSON document with events and the next page's from or before, or null for an "
                + "unknown one"),
        make(
            "CUSTOMER", .views, .customer,
            "Shows the customer behind kind:value, c_id or interaction:id.",
            [.value("identifier")], reply: "JSON document, or null for an unknown identifier"),
        make(
            "INTERACTION", .views, .interaction, "Shows one interaction.", [.value("id")],
            reply: "JSON document, or null for an unknown interaction"),
        make(
            "QUEUE", .views, .queue, "Shows who waits in a queue and who is being served.",
            [.value("name")], reply: "JSON document, or null for an unknown queue"),
        make("QUEUES", .views, .queues, "Shows all queues, one line each.", reply: "JSON document"),
        make(
            "METRICS", .views, .metrics, "Computes the figures of a period.",
            [
                .option("FROM", "time", required: true), .option("TO", "time", required: true),
                .option("QUEUE", "name", multiple: true), .option("CHANNEL", "channel"),
                .option("ANCHOR", "created|offered|ended"),
                .option("BY", "quarter|hour|day|week|month"), .option("PER", "queue|channel"),
                .option("ZONE", "iana-name"),
                .option("TARGET", "milliseconds", .integer, multiple: true),
                .option("SHORT", "milliseconds", .integer),
            ], reply: "JSON document with one row per interval and group"),
    ]

    private static let operate = [
        make(
            "PROJECTIONS", .operate, .projections, "Tells how far each view is.",
            reply: "JSON document"),
        make(
            "SEAL", .operate, .seal, role: .operator,
            "Ends the newest segment, which is then packed for good; INFO says how far that is.",
            reply: "the last position of the segment"),
        make(
            "BACKUP", .operate, .backup, role: .operator,
            "Begins a backup of the log under a name; without one it tells how the newest stands.",
            [.value("name", optional: true)], reply: "OK, or a JSON document"),
        make(
            "CLOCK", .operate, .clock,
            "Tells whether the machine's clock is followed; ACCEPT follows it (operators only).",
            [.value("subcommand", optional: true)], reply: "JSON document"),
        make(
            "SHUTDOWN", .operate, .shutdown, role: .operator,
            "Commits what is staged, stops the views at a checkpoint and ends the daemon.",
            reply: "OK, then the connection closes"),
    ]
}

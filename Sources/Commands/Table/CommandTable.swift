internal import EventModel

/// All commands.
public struct CommandTable: Sendable {
    /// In the order of the reference page.
    public let commands: [CommandDefinition]
    private let byName: SpanTable<Int>

    /// The commands of this version.
    public static let standard = CommandTable()

    private init() {
        commands =
            Self.connection + Self.write + Self.log + Self.follow + Self.views + Self.queues
            + Self.performance + Self.identity + Self.privacy
            + Self.operate
        byName = SpanTable(commands.enumerated().map { ($0.element.name, $0.offset) })
    }

    /// The longest name that is looked for.
    private static let nameBytesMax = 32

    /// Returns a command by its name in any case.
    public func command(_ name: RawSpan) -> CommandDefinition? {
        guard name.byteCount <= Self.nameBytesMax else { return nil }
        let found = unsafe withUnsafeTemporaryAllocation(
            byteCount: Self.nameBytesMax, alignment: 1
        ) { upper in
            for offset in 0..<name.byteCount {
                let byte = name[offset]
                unsafe upper[offset] = byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte
            }
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: upper[..<name.byteCount])
            return unsafe byName[bytes.bytes]
        }
        return found.map { commands[$0] }
    }

    /// Returns the name that a mistyped one resembles most: one letter in three may be wrong, at
    /// most two. Of two others in a short name too little is left to tell what was meant.
    public func near(_ name: String) -> String? {
        let candidates = commands.map { ($0.name, Spelling.distance($0.name, name.uppercased())) }
        return candidates.filter { $0.1 <= min(2, $0.0.utf8.count / 3, name.utf8.count / 3) }
            .min { $0.1 < $1.1 }?.0
    }
}

extension CommandTable {
    static func make(
        _ name: String, _ group: CommandGroup, _ action: CommandAction, role: Role = .reader,
        _ summary: String, _ arguments: [ArgumentDefinition] = [], reply: String,
        subcommands: String? = nil
    ) -> CommandDefinition {
        let fresh: [ArgumentDefinition] =
            group == .views
            ? [
                .option("AFTER", "position", .integer),
                .option("WITHIN", "milliseconds", .integer),
            ] : []
        var moments: [ArgumentDefinition] = []
        if action.takesMoment {
            moments = [.option("AT", "position-or-time")]
        }
        if action.tellsOccurred { moments.append(.option("OCCURRED", "time")) }
        if group == .views, action.readsNow { moments.append(.option("NOW", "time")) }
        return CommandDefinition(
            name: name, group: group, role: role, summary: summary, since: "1.0.0",
            arguments: arguments + fresh + moments, reply: reply, action: action,
            subcommands: subcommands)
    }
}

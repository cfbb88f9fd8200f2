import ArgumentParser
import Importing
import JSON
import RESP

struct TailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "The latest events, and those to come.")

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print each event's JSON document as it is, one per line.")
    var json = false

    @Option(name: [.customShort("n"), .long], help: "How many of the latest events.")
    var count: UInt64 = 20

    @Option(help: "From this position on instead of the latest.")
    var from: UInt64?

    @Option(help: "Only events of types that match, such as 'queue.*'.")
    var type: [String] = []

    @Flag(name: [.short, .long], help: "Go on with what comes.")
    var follow = false

    /// How many events are asked for at once, and how long one request waits for more.
    private static let pageEvents: UInt64 = 256
    private static let waitMilliseconds = 10_000

    func validate() throws {
        guard count >= 1 else { throw ValidationError("--count must be 1 or more") }
        guard from != 0 else { throw ValidationError("positions begin at 1") }
    }

    func run() throws {
        var session = try connection.connect()
        guard let head = try session.call(["HEAD"]).integerValue else {
            throw ToolFailure("HEAD answered no position")
        }
        let end = UInt64(max(0, head))
        var next = from ?? (end >= count ? end - count + 1 : 1)
        let last =
            from == nil ? end : min(end, next.addingReportingOverflow(count - 1).partialValue)
        while next <= last {
            next = try show(&session, from: next, through: last)
        }
        while follow {
            next = try show(&session, from: next, through: nil)
        }
    }

    /// Shows a page, of what is there or of what comes next; returns the position after it.
    private func show(
        _ session: inout DaemonSession, from position: UInt64, through last: UInt64?
    ) throws -> UInt64 {
        let room = last.map { $0 - position + 1 } ?? Self.pageEvents
        var words = ["EVENTS", "FROM", "\(position)", "COUNT", "\(min(room, Self.pageEvents))"]
        for pattern in type { words += ["TYPE", pattern] }
        if last == nil { words += ["WAIT", "\(Self.waitMilliseconds)"] }
        let page = try EventPage(try session.call(words))
        var text: [UInt8] = []
        for event in page.events {
            if case .integer(let own) = event["position"], let last, own > Int64(clamping: last) {
                break
            }
            if json {
                event.write(to: &text)
            } else {
                text.append(contentsOf: EventLine.text(event).utf8)
            }
            text.append(UInt8(ascii: "\n"))
        }
        Terminal.write(json ? Escaping.document(text) : text)
        return page.next
    }
}

/// A page of events: where to go on, and a document each.
struct EventPage {
    let events: [JSONValue]
    let next: UInt64

    init(_ reply: Reply) throws {
        guard let parts = reply.elements, parts.count == 2, let next = parts[0].integerValue,
            let documents = parts[1].elements
        else {
            throw ToolFailure(
                "EVENTS answered something that is no page of events; daemon and tool may be of "
                    + "different versions")
        }
        self.next = UInt64(max(0, next))
        events = try documents.map { document in
            guard case .bulk(let bytes) = document else {
                throw ToolFailure("EVENTS answered something that is no document")
            }
            return try Document(bytes).value()
        }
    }
}

/// One event in one line.
enum EventLine {
    private static let leading = ["position", "occurred", "type"]
    private static let valueLengthMax = 60

    static func text(_ event: JSONValue) -> String {
        let position = Cell.text(event["position"] ?? .null, name: "position")
        let occurred = Cell.text(event["occurred"] ?? .null, name: "occurred")
        let type = Cell.text(event["type"] ?? .null, name: "type")
        var parts = [
            DisplayWidth.pad(position, to: 9, right: true), occurred,
            DisplayWidth.pad(type, to: 24),
        ]
        parts += pairs(event.members ?? []).filter { !$0.isEmpty }
        var line = parts.joined(separator: "  ")
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    private static func pairs(_ members: [JSONValue.Member]) -> [String] {
        members.filter { !leading.contains($0.name) }.flatMap { member -> [String] in
            if let inner = member.value.members, member.name == "attributes" { return pairs(inner) }
            let text = Cell.text(member.value, name: "")
            let shown =
                text.count > valueLengthMax ? "\(text.prefix(valueLengthMax - 1))…" : text
            return ["\(Escaping.printable(member.name))=\(shown)"]
        }
    }
}

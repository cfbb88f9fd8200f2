import ArgumentParser
import EventLog
import EventModel
import Importing
import JSON
import Views

struct InspectBlock: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "block", abstract: "The block that holds a position, and its events.",
        discussion: """
            The newest events lie in the journal until they fill a block: throughline inspect event \
            shows those.
            """)

    @OptionGroup var folder: StoreArgument

    @Argument(help: "A position in it.")
    var position: UInt64

    @Flag(help: "Also print the block's bytes: its head and its compressed frame.")
    var hex = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard position >= 1 else { throw ValidationError("positions begin at 1") }
    }

    func run() throws {
        let segment: SegmentInspection
        let found: BlockContent?
        do throws(EventLogError) {
            segment = try SegmentInspection.open(
                store: folder.store, holding: Position(position))
            found = try segment.content(at: Position(position))
        } catch {
            throw ToolFailure("\(error)")
        }
        guard let content = found else {
            let what = "no block in \(segment.file) holds position \(position)"
            guard let fault = segment.faults.first else { throw ToolFailure(what) }
            throw ToolFailure(what, "The file is damaged: \(fault)")
        }
        let events = content.records.map(Self.event)
        if output.csv {
            return Terminal.write(EventCSV.header + events.map(EventCSV.line).joined())
        }
        guard !output.json else {
            var members = BlockText.document(content.block).members ?? []
            members.append(JSONValue.Member("records", .array(events)))
            if let fault = content.fault {
                members.append(JSONValue.Member("records_fault", .string(fault)))
            }
            if hex {
                members.append(JSONValue.Member("hex", .string(HexText.digits(content.bytes))))
            }
            return OutputOptions.printed(.object(members))
        }
        var text = DocumentPrinter.text(BlockText.document(content.block)) + "\n"
        text += events.map { EventLine.text($0) + "\n" }.joined()
        if let fault = content.fault { text += Terminal.bold(fault) + "\n" }
        if hex { text += "\n" + HexText.dump(content.bytes, from: 0) }
        Terminal.write(text)
    }

    /// The document of a record; what cannot be read is shown as its bytes.
    private static func event(_ record: [UInt8]) -> JSONValue {
        var json = JSONWriter()
        do throws(MalformedBytes) {
            EventDocument.write(try unsafe EventView(checking: record.span.bytes), to: &json)
        } catch {
            return .object([
                JSONValue.Member("type", .string("unreadable: \(error)")),
                JSONValue.Member("hex", .string(HexText.digits(record))),
            ])
        }
        return (try? JSONValue.read(json.bytes)) ?? .string(HexText.digits(record))
    }
}

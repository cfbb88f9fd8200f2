import ArgumentParser
import EventLog
import EventModel
import Importing
import JSON

struct InspectSegment: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment", abstract: "The segments of a log, or the blocks of one.",
        discussion: """
            With --at the segment that holds a position is shown with its blocks from there on. Where \
            the pages of a file are damaged, its blocks are found by their own heads, and shown with \
            the place in the file where each lies.
            """)

    @OptionGroup var folder: StoreArgument

    @Option(help: ArgumentHelp("Show this position's segment.", valueName: "position"))
    var at: UInt64?

    @Option(help: ArgumentHelp("How many blocks at most.", valueName: "n"))
    var count: Int = 100

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard at != 0 else { throw ValidationError("positions begin at 1") }
        guard count >= 0 else { throw ValidationError("--count must be 0 or more") }
    }

    func run() throws {
        do throws(EventLogError) {
            if let at {
                let segment = try SegmentInspection.open(
                    store: folder.store, holding: Position(at))
                try show(segment, from: Position(at))
            } else {
                try showAll()
            }
        } catch {
            throw ToolFailure("\(error)")
        }
    }

    private func showAll() throws(EventLogError) {
        var rows: [JSONValue] = []
        for first in try SegmentInspection.firsts(store: folder.store) {
            let segment = try SegmentInspection.open(store: folder.store, holding: first)
            rows.append(.object(try Self.members(of: segment)))
        }
        output.show(
            .object([JSONValue.Member("segments", .array(rows))]),
            as: DocumentShape(list: "segments", bars: ["events"]))
    }

    private func show(
        _ segment: SegmentInspection, from position: Position
    ) throws(EventLogError) {
        var blocks: [JSONValue] = []
        var left = count
        try segment.blocks(from: position) { block in
            guard left > 0 else { return false }
            left -= 1
            blocks.append(BlockText.document(block))
            return true
        }
        let document = JSONValue.object(
            try Self.members(of: segment) + [JSONValue.Member("blocks", .array(blocks))])
        output.show(
            document,
            as: DocumentShape(
                list: "blocks",
                columns: [
                    "first", "last", "events", "raw_bytes", "frame_bytes", "earliest", "latest",
                    "offset", "fault",
                ], bars: ["frame_bytes"]))
    }

    private static func members(
        of segment: SegmentInspection
    ) throws(EventLogError) -> [JSONValue.Member] {
        var (blocks, events, raw, frames, damaged) = (0, 0, 0, 0, 0)
        var last: Position?
        try segment.blocks(from: segment.first) { block in
            blocks += 1
            events += block.count
            raw += block.rawBytes
            frames += block.frameBytes
            if block.fault != nil { damaged += 1 }
            last = block.last
            return true
        }
        func number(_ name: String, _ value: Int) -> JSONValue.Member {
            JSONValue.Member(name, .integer(Int64(value)))
        }
        func position(_ name: String, _ value: Position?) -> JSONValue.Member {
            JSONValue.Member(
                name, value.map { .integer(Int64(clamping: $0.rawValue)) } ?? .null)
        }
        return [
            JSONValue.Member("file", .string(segment.file)),
            position("first", segment.first), position("last", last),
            position("sealed_at", segment.sealedAt), number("events", events),
            number("block_count", blocks), number("damaged_blocks", damaged),
            number("raw_bytes", raw), number("frame_bytes", frames),
            number("dictionary_bytes", segment.dictionary?.count ?? 0),
            JSONValue.Member("faults", .array(segment.faults.map { .string($0) })),
        ]
    }
}

/// A block in words.
enum BlockText {
    static func document(_ block: StoredBlock) -> JSONValue {
        func number(_ name: String, _ value: Int?) -> JSONValue.Member {
            JSONValue.Member(name, value.map { .integer(Int64($0)) } ?? .null)
        }
        var members = [
            number("first", Int(clamping: block.first.rawValue)),
            number("last", block.count > 0 ? Int(clamping: block.last.rawValue) : nil),
            number("events", block.count), number("raw_bytes", block.rawBytes),
            number("frame_bytes", block.frameBytes),
            JSONValue.Member(
                "earliest", block.occurred.map { .string($0.lowerBound.rfc3339) } ?? .null),
            JSONValue.Member(
                "latest", block.occurred.map { .string($0.upperBound.rfc3339) } ?? .null),
            JSONValue.Member("digest", block.digest.map { .string($0.hexadecimal) } ?? .null),
        ]
        if let offset = block.offset { members.append(number("offset", offset)) }
        if let fault = block.fault { members.append(JSONValue.Member("fault", .string(fault))) }
        return .object(members)
    }
}

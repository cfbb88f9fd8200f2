import ArgumentParser
import EventLog
import EventModel
import Importing
import JSON
import Zstd

struct InspectDictionary: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dictionary",
        abstract: "How well a segment's dictionary compresses each type.",
        discussion: """
            Takes blocks from all over the segment and compresses the records of each type by \
            themselves, with the segment's dictionary and without one. In blocks, where an event \
            stands beside others, it takes less: `frame` says how much the blocks do take.
            """)

    @OptionGroup var folder: StoreArgument

    @Option(help: ArgumentHelp("A position of the segment; the first by default.", valueName: "n"))
    var at: UInt64 = 1

    @Option(help: "How many blocks are looked at, at most.")
    var blocks = 400

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard at >= 1 else { throw ValidationError("positions begin at 1") }
        guard (1...100_000).contains(blocks) else {
            throw ValidationError("--blocks must be 1 to 100000")
        }
    }

    func run() throws {
        do {
            let segment = try SegmentInspection.open(
                store: folder.store, holding: Position(at))
            var table = try TypeCompression.make(dictionary: segment.dictionary)
            for position in try sample(segment) {
                guard let content = try segment.content(at: position) else { continue }
                try table.add(content)
            }
            output.show(
                table.document(of: segment),
                as: DocumentShape(list: "types", bars: ["stored_bytes"]))
        } catch {
            throw ToolFailure("\(error)")
        }
    }

    /// Blocks from all over the segment, by their first positions.
    private func sample(_ segment: SegmentInspection) throws -> [Position] {
        var all: [Position] = []
        try segment.blocks(from: segment.first) { block in
            all.append(block.first)
            return true
        }
        let step = max(1, (all.count + blocks - 1) / blocks)
        return stride(from: 0, to: all.count, by: step).map { all[$0] }
    }
}

/// What the events of each type come to, compressed.
struct TypeCompression: ~Copyable {
    private struct Sum {
        var events = 0
        var raw = 0
        var with = 0
        var without = 0
    }

    private var sums: [String: Sum] = [:]
    private var with: Compressor
    private var without: Compressor
    private var raw = 0
    private var frames = 0
    private var blocks = 0

    private init(_ with: consuming Compressor, _ without: consuming Compressor) {
        self.with = with
        self.without = without
    }

    static func make(dictionary: [UInt8]?) throws -> TypeCompression {
        let chosen = try dictionary.map { try CompressionDictionary($0) }
        return TypeCompression(try Compressor(dictionary: chosen), try Compressor())
    }

    mutating func add(_ content: BlockContent) throws {
        blocks += 1
        raw += content.records.reduce(0) { $0 + $1.count }
        frames += content.block.frameBytes
        for record in content.records {
            var type = "unreadable"
            if let event = try? unsafe EventView(checking: record.span.bytes) {
                type = event.type.text()
            }
            var (one, other): ([UInt8], [UInt8]) = ([], [])
            try unsafe with.compress(record.span.bytes, into: &one)
            try unsafe without.compress(record.span.bytes, into: &other)
            sums[type, default: Sum()].events += 1
            sums[type, default: Sum()].raw += record.count
            sums[type, default: Sum()].with += one.count
            sums[type, default: Sum()].without += other.count
        }
    }

    func document(of segment: SegmentInspection) -> JSONValue {
        func number(_ name: String, _ value: Int) -> JSONValue.Member {
            JSONValue.Member(name, .integer(Int64(value)))
        }
        let events = sums.values.reduce(0) { $0 + $1.events }
        let types = sums.sorted { ($1.value.with, $0.key) < ($0.value.with, $1.key) }
        let rows = types.map { type, sum in
            JSONValue.object([
                JSONValue.Member("type", .string(type)), number("events", sum.events),
                number("raw_bytes", sum.raw / sum.events),
                number("without_dictionary", sum.without / sum.events),
                number("with_dictionary", sum.with / sum.events),
                number("stored_bytes", sum.with),
            ])
        }
        return .object([
            JSONValue.Member("file", .string(segment.file)),
            number("dictionary_bytes", segment.dictionary?.count ?? 0),
            number("blocks", blocks), number("events", events),
            number("raw_bytes_per_event", events > 0 ? raw / events : 0),
            number("frame_bytes_per_event", events > 0 ? frames / events : 0),
            JSONValue.Member("types", .array(rows)),
        ])
    }
}

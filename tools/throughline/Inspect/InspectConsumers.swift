import ArgumentParser
import Consumers
import EventModel
import Glibc
import JSON

struct InspectConsumers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consumers", abstract: "Named consumers, as their file has them.",
        discussion: """
            A daemon flushes acknowledgements within 100 ms: throughline consumers asks it for the \
            newest.
            """)

    @OptionGroup var folder: StoreArgument

    @OptionGroup var output: OutputOptions

    func run() throws {
        guard unsafe access(folder.store + "/" + ConsumerFile.name, F_OK) == 0 else {
            throw ToolFailure("\(folder.store) has no \(ConsumerFile.name)")
        }
        let (records, faults) = ConsumerFile.look(store: folder.store)
        let rows = records.map { record in
            JSONValue.object([
                JSONValue.Member("name", .string(record.name)),
                JSONValue.Member("owner", record.owner.map { .integer(Int64($0)) } ?? .null),
                JSONValue.Member(
                    "acknowledged", .integer(Int64(clamping: record.acknowledged.rawValue))),
                JSONValue.Member("epoch", .integer(Int64(clamping: record.epoch))),
                JSONValue.Member("created", .string(record.created.rfc3339)),
                JSONValue.Member("types", .array(record.types.map { .string($0) })),
                JSONValue.Member("channels", .array(record.channels.map { .string($0) })),
            ])
        }
        output.show(
            .object([
                JSONValue.Member("consumers", .array(rows)),
                JSONValue.Member("faults", .array(faults.map { .string($0) })),
            ]), as: DocumentShape(list: "consumers"))
        guard faults.isEmpty else { Terminal.exit(1) }
    }
}

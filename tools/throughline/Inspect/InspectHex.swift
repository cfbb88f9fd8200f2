import ArgumentParser
import Glibc
import Importing
import JSON

struct InspectHex: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hex", abstract: "The bytes of any file, when nothing else is left.")

    @Argument(help: "The file.")
    var file: String

    @Option(help: "The first byte.")
    var from: Int = 0

    @Option(help: "How many bytes.")
    var count: Int = 4_096

    @Flag(help: "Print one JSON document.")
    var json = false

    func validate() throws {
        guard from >= 0, (1...16_777_216).contains(count) else {
            throw ValidationError("--from must be at least 0, --count 1 to 16777216")
        }
    }

    func run() throws {
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = unsafe pread(descriptor, &bytes, count, off_t(from))
        guard read >= 0 else { throw failure() }
        let found = Array(bytes[..<read])
        guard !json else {
            return OutputOptions.printed(
                .object([
                    JSONValue.Member("file", .string(file)),
                    JSONValue.Member("from", .integer(Int64(from))),
                    JSONValue.Member("bytes", .integer(Int64(found.count))),
                    JSONValue.Member("hex", .string(HexText.digits(found))),
                ]))
        }
        guard !found.isEmpty else {
            throw ToolFailure("\(file) has no bytes from \(from) on")
        }
        Terminal.write(HexText.dump(found, from: from))
    }

    private func failure() -> ToolFailure {
        ToolFailure("cannot read \(file): \(unsafe String(cString: strerror(errno)))")
    }
}

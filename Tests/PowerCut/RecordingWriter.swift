import Foundation

/// Begins a recording with what is on the disk before: a store that a daemon then goes on with.
struct RecordingWriter {
    private var bytes: [UInt8] = []
    /// Far from those that the recorder gives.
    private var serial: UInt64 = 1 << 60

    /// Describes a folder as made, its files as written and flushed.
    mutating func describe(_ folder: String, as name: String) throws {
        add(.madeFolder, file: try Self.inode(folder), text: name)
        for entry in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            let (path, name) = (folder + "/" + entry, name + "/" + entry)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            if attributes[.type] as? FileAttributeType == .typeDirectory {
                try describe(path, as: name)
            } else {
                let file = try Self.inode(path)
                add(.opened, flags: Recording.Entry.created, file: file, text: name)
                let contents = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
                serial += 2
                add(
                    .writing, flags: Recording.Entry.durable, serial: serial, file: file,
                    data: contents)
                add(.ended, serial: serial, number: Int64(contents.count))
            }
        }
        let file = try Self.inode(folder)
        flush(file, name)
    }

    /// Describes a folder's entries as flushed.
    mutating func flush(_ file: UInt64, _ name: String) {
        serial += 2
        add(.opened, flags: 8, file: file, text: name)
        add(.flushing, flags: 8, serial: serial, file: file)
        add(.ended, serial: serial)
    }

    /// Ends the description and writes it.
    mutating func write(to path: String) throws {
        add(.began)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    static func inode(_ path: String) throws -> UInt64 {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
    }

    private mutating func add(
        _ kind: Recording.Kind, flags: UInt32 = 0, serial: UInt64 = 0, file: UInt64 = 0,
        number: Int64 = 0, text: String = "", data: [UInt8] = []
    ) {
        func add(_ integer: some FixedWidthInteger) {
            for shift in stride(from: 0, to: integer.bitWidth, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: integer >> shift))
            }
        }
        add(UInt32(kind.rawValue))
        add(flags)
        add(serial)
        add(file)
        add(number)
        add(UInt32(text.utf8.count))
        add(UInt32(data.count))
        bytes += Array(text.utf8) + data
    }
}

import EventLog
import Glibc

/// How much room a store's files take up, as the disk counts it.
struct StoreSizes: Equatable {
    /// Segments.
    var log: Int64 = 0
    /// Indexes and their filters.
    var index: Int64 = 0
    /// Views in use.
    var views: Int64 = 0
    /// The journal, which does not grow.
    var journal: Int64 = 0
    /// Everything else.
    var other: Int64 = 0
    /// The largest segment with its index, and the largest view: what is packed or folded anew
    /// needs that room beside itself.
    var largestSegment: Int64 = 0
    var largestView: Int64 = 0

    init() {}

    /// Adds the files of a store up.
    init(of store: String) {
        var segments: [String: Int64] = [:]
        for file in StoreLayout.files(of: store) {
            let bytes = Self.bytes(store + "/" + file.name)
            let stem = file.name.prefix { $0 != "." }
            switch file.name {
            case let name where name.hasSuffix(".segment"): log += bytes
            case let name where name.hasSuffix(".index") || name.hasSuffix(".filter"):
                index += bytes
            case let name where name.hasSuffix(".view"):
                views += bytes
                largestView = max(largestView, bytes)
                continue
            case "journal":
                journal += bytes
                continue
            default:
                other += bytes
                continue
            }
            segments[String(stem), default: 0] += bytes
        }
        largestSegment = segments.values.max() ?? 0
    }

    var all: Int64 { log + index + views + journal + other }

    /// The blocks that a file has: those of a map may be fewer than its length says.
    private static func bytes(_ path: String) -> Int64 {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return 0 }
        return Int64(status.st_blocks) * 512
    }
}

/// A file system's room.
struct DiskRoom: Equatable {
    let total: Int64
    let free: Int64

    init(total: Int64, free: Int64) {
        self.total = total
        self.free = free
    }

    /// Asks for the room of the file system that a path is on; nil where it cannot be told.
    init?(of path: String) {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        total = Int64(clamping: UInt64(status.f_blocks) &* UInt64(status.f_frsize))
        free = Int64(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    }
}

/// Bytes for people.
enum ByteText {
    static func text(_ bytes: Int64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
        var value = Double(bytes)
        var unit = 0
        while value.magnitude >= 1_024, unit < units.count - 1 {
            value /= 1_024
            unit += 1
        }
        guard unit > 0 else { return "\(bytes) B" }
        let tenths = Int64((value * 10).rounded())
        return tenths >= 1_000
            ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}

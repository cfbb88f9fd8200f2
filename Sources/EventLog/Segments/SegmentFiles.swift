internal import EventModel
internal import Glibc

/// The files of a log's folder.
enum SegmentFiles {
    /// Returns the first positions of the segments in a folder, in order.
    ///
    /// Files under temporary names, which a killed process left, are removed.
    ///
    /// - Throws: `system`. Files of other names, as indexes are, are passed over.
    static func list(_ folder: String) throws(EventLogError) -> [Position] {
        let (firsts, leftovers) = try read(folder)
        for path in leftovers where unsafe unlink(path) != 0 && errno != ENOENT {
            throw .system(operation: "remove", path: path, errno: errno)
        }
        return firsts
    }

    /// Returns the first positions of the segments in a folder, in order, and changes nothing.
    static func firsts(_ folder: String) throws(EventLogError) -> [Position] {
        try read(folder).firsts
    }

    private static func read(
        _ folder: String
    ) throws(EventLogError) -> (firsts: [Position], leftovers: [String]) {
        guard let entries = unsafe opendir(folder) else {
            throw .system(operation: "open folder", path: folder, errno: errno)
        }
        defer { unsafe closedir(entries) }
        var firsts: [Position] = []
        var leftovers: [String] = []
        while let entry = unsafe readdir(entries) {
            let name = unsafe FolderEntry.name(entry)
            if let first = Segment.first(ofFile: name) {
                firsts.append(first)
            } else if name.hasSuffix(".new") || name.hasSuffix(".new-lock") {
                leftovers.append(folder + "/" + name)
            }
        }
        return (firsts.sorted(), leftovers)
    }
}

extension Segment {
    private static let suffix = ".segment"

    /// The name of the file whose first position is given.
    static func fileName(first: Position) -> String {
        let digits = String(first.rawValue)
        return String(repeating: "0", count: 20 - digits.count) + digits + suffix
    }

    /// Returns the first position of a file by its name, or nil when it is not a segment's.
    static func first(ofFile name: String) -> Position? {
        guard name.hasSuffix(suffix), name.utf8.count == 20 + suffix.utf8.count,
            let first = UInt64(name.dropLast(suffix.count)), first > 0
        else { return nil }
        return Position(first)
    }
}

public import EventModel
internal import Glibc
internal import LMDB

extension ViewSet {
    /// Returns the greatest position that a view's file in a folder has a checkpoint of: the log was
    /// at least as long once. Files that cannot be read count as none.
    ///
    /// Called before the views are opened.
    public static func recordedPosition(folder: String) -> Position {
        guard let entries = unsafe opendir(folder) else { return .zero }
        defer { unsafe closedir(entries) }
        var greatest = Position.zero
        while let entry = unsafe readdir(entries) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasSuffix(".view"),
                unsafe access(folder + "/" + name + ".damaged", F_OK) != 0,
                let position = try? ViewStore.recordedPosition(path: folder + "/" + name)
            else { continue }
            greatest = max(greatest, position)
        }
        return greatest
    }
}

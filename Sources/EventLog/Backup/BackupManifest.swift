internal import EventModel
internal import LMDB

/// What a backup says about itself. It is written last: a folder without it is no backup, however
/// much lies there.
///
///     throughline-backup 1
///     store <32 hexadecimal digits>
///     name <name>
///     epoch <number>
///     position <the last position>
///     digest <64 hexadecimal digits, the running digest after it>
///     time <RFC 3339, when it was begun>
///     file <name in log/> <bytes> <last position> <digest> <device> <inode> <changed, ns>
///     …
///     checksum <8 hexadecimal digits: CRC-32C over the lines before>
///
/// A line for each segment. Its last three words say which file of the store was copied: as long
/// as the store has the very same file, the next backup takes this copy over.
struct BackupManifest: Equatable {
    static let fileName = "backup.manifest"

    var store: String
    var name: String
    var epoch: UInt64
    var position: Position
    var digest: Digest
    var time: Timestamp
    var files: [File]

    /// One segment's file.
    struct File: Equatable {
        var name: String
        var bytes: UInt64
        var last: Position
        var digest: Digest
        /// The file of the store that it is a copy of; nil of one that the store was still writing.
        var origin: Origin?
    }

    /// What makes two files of a store the very same.
    struct Origin: Equatable {
        var device: UInt64
        var inode: UInt64
        var changed: UInt64
    }

    var text: String {
        var text = "throughline-backup 1\nstore \(store)\nname \(name)\nepoch \(epoch)\n"
        text += "position \(position)\ndigest \(digest.hexadecimal)\ntime \(time.rfc3339)\n"
        for file in files {
            let origin = file.origin ?? Origin(device: 0, inode: 0, changed: 0)
            text += "file \(file.name) \(file.bytes) \(file.last) \(file.digest.hexadecimal) "
            text += "\(origin.device) \(origin.inode) \(origin.changed)\n"
        }
        return text + "checksum \(Self.checksum(text))\n"
    }

    private static func checksum(_ text: String) -> String {
        let digits = String(CRC32C.checksum(Array(text.utf8).rawSpan), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Reads a manifest; nil when it is not what was written.
    init?(reading text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 9, lines.last == "", let sum = lines.dropLast().last else {
            return nil
        }
        let summed = lines.dropLast(2).map { $0 + "\n" }.joined()
        guard sum == "checksum \(Self.checksum(summed))" else { return nil }
        func value(_ line: Int, _ name: String) -> String? {
            lines[line].hasPrefix(name + " ")
                ? String(lines[line].dropFirst(name.utf8.count + 1)) : nil
        }
        guard value(0, "throughline-backup") == "1", let store = value(1, "store"),
            let name = value(2, "name"), let epoch = value(3, "epoch").flatMap({ UInt64($0) }),
            let position = value(4, "position").flatMap({ UInt64($0) }),
            let digest = value(5, "digest").flatMap(Digest.init(digits:)),
            let time = value(6, "time").flatMap({ Timestamp(rfc3339: $0) })
        else { return nil }
        var files: [File] = []
        for line in lines[7...].dropLast(2) {
            guard let file = File(line) else { return nil }
            files.append(file)
        }
        (self.store, self.name, self.epoch, self.time) = (store, name, epoch, time)
        (self.position, self.digest, self.files) = (Position(position), digest, files)
    }

    init(
        store: String, name: String, epoch: UInt64, position: Position, digest: Digest,
        time: Timestamp, files: [File]
    ) {
        self.store = store
        self.name = name
        self.epoch = epoch
        self.position = position
        self.digest = digest
        self.time = time
        self.files = files
    }

    /// Reads the manifest of a folder; nil when there is none or it is not what was written.
    static func read(_ folder: String) -> BackupManifest? {
        guard let text = try? SmallFile.read(folder + "/" + fileName) else { return nil }
        return BackupManifest(reading: text)
    }
}

extension BackupManifest.File {
    fileprivate init?(_ line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 8, words[0] == "file", Segment.first(ofFile: String(words[1])) != nil,
            let bytes = UInt64(words[2]), let last = UInt64(words[3]),
            let digest = Digest(digits: String(words[4])), let device = UInt64(words[5]),
            let inode = UInt64(words[6]), let changed = UInt64(words[7])
        else { return nil }
        name = String(words[1])
        self.bytes = bytes
        self.last = Position(last)
        self.digest = digest
        origin =
            inode == 0
            ? nil
            : BackupManifest.Origin(device: device, inode: inode, changed: changed)
    }
}

extension Digest {
    /// Reads 64 hexadecimal digits; nil when it is something else.
    init?(digits: String) {
        guard digits.utf8.count == 64, Hexadecimal.isRight(digits) else { return nil }
        self.init(reading: Hexadecimal.bytes(of: digits).rawSpan)
    }
}

import Foundation

/// A small file system mounted on a folder, which only root may do; `unmount` ends it.
final class SmallVolume {
    /// What it is.
    enum Kind: String, CaseIterable {
        case tmpfs, ext4
    }

    private let path: String
    private let image: String?

    init?(_ kind: Kind, on path: String, megabytes: Int) {
        self.path = path
        switch kind {
        case .tmpfs:
            image = nil
            guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "none", path) else {
                return nil
            }
        case .ext4:
            let image = path + ".image"
            self.image = image
            guard Self.run("truncate", "-s", "\(megabytes)M", image),
                Self.run("mkfs.ext4", "-q", "-F", image),
                Self.run("mount", "-o", "loop", image, path)
            else {
                try? FileManager.default.removeItem(atPath: image)
                return nil
            }
        }
    }

    func unmount() {
        _ = Self.run("umount", "-l", path)
        if let image { try? FileManager.default.removeItem(atPath: image) }
    }

    /// Why a kind cannot be had here; nil when it can.
    static func obstacle(_ kind: Kind) -> String? {
        let folder = FileManager.default.temporaryDirectory.path + "/tl-volume-\(getpid())-\(kind)"
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        guard let volume = SmallVolume(kind, on: folder, megabytes: 8) else {
            return "mounting \(kind.rawValue) is not permitted here"
        }
        volume.unmount()
        return nil
    }

    private static func run(_ words: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

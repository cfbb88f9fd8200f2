internal import CFileSystem

/// What a folder's file system is, by the number that statfs(2) gives it.
enum FileSystemKind {
    /// File systems whose locks, flushes or mapped pages other machines take part in, and FUSE,
    /// behind which anything may be. Numbers: linux/magic.h, statfs(2), and the projects' own.
    private static let network: [UInt32: String] = [
        0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB2",
        0x0102_1997: "9p", 0x00C3_6400: "Ceph", 0x0BD0_0BD0: "Lustre", 0x5346_414F: "AFS",
        0x6B41_4653: "AFS", 0x7375_7245: "Coda", 0x564C: "NCP", 0x6573_5546: "FUSE",
        0x7461_636F: "OCFS2", 0x0116_1970: "GFS2", 0x4750_4653: "GPFS", 0x2003_0528: "OrangeFS",
        0x1983_0326: "BeeGFS", 0x786F_4256: "a VirtualBox share", 0xBACB_ACBC: "a VMware share",
    ]

    /// Names the network file system of a number, or returns nil for any other.
    static func networkName(_ number: Int) -> String? {
        network[UInt32(truncatingIfNeeded: number)]
    }

    /// Refuses a folder on a network file system. Of a folder that is still to be made, the nearest
    /// that exists above it counts.
    ///
    /// - Throws: `networkFileSystem`. A file system that does not say what it is is none.
    static func refuseNetwork(_ path: String) throws(EventLogError) {
        var existing = path[...]
        while !StoreFolder.exists(String(existing)), let slash = existing.lastIndex(of: "/") {
            existing = slash == existing.startIndex ? "/" : existing[..<slash]
        }
        let folder = StoreFolder.exists(String(existing)) ? String(existing) : "."
        let number = unsafe throughline_file_system_kind(folder)
        guard number != -1, let name = networkName(number) else { return }
        throw .networkFileSystem(path: path, name: name)
    }
}

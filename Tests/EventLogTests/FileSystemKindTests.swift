import Testing

@testable import EventLog

@Suite("The kind of a store's file system")
struct FileSystemKindTests {
    @Test("names those of the network and FUSE, also where the number was read as negative")
    func network() {
        #expect(FileSystemKind.networkName(0x6969) == "NFS")
        #expect(FileSystemKind.networkName(Int(Int32(bitPattern: 0xFF53_4D42))) == "CIFS")
        #expect(FileSystemKind.networkName(0xFE53_4D42) == "SMB2")
        #expect(FileSystemKind.networkName(0x6573_5546) == "FUSE")
    }

    @Test("lets local ones be: ext4, XFS, btrfs, tmpfs, overlay, ZFS")
    func local() {
        for number in [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630, 0x2FC1_2FC1] {
            #expect(FileSystemKind.networkName(number) == nil)
        }
    }

    @Test("of a folder that is still to be made is that of the nearest above it")
    func missing() throws {
        let folder = try TemporaryFolder()
        try FileSystemKind.refuseNetwork(folder.path + "/a/b/c")
        try FileSystemKind.refuseNetwork("relative/to/here")
    }

    @Test("a pid that a killed process left in LOCK is no obstacle, nor is anything else in it")
    func staleLock() throws {
        for text in ["999999999\n", "1\n", "", "rubbish", "-5\n", "4294967296\n"] {
            let folder = try TemporaryFolder()
            try File.write(bytes(text), to: folder.file("LOCK"))
            let store = try StoreFolder(path: folder.path, now: OpenLog.noon) { 7 }
            #expect(store.storeID.count == 32)
        }
    }
}

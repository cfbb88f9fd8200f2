import EventModel
import Testing

@testable import EventLog

@Suite("Backups and restores")
struct BackupTests {
    private let folder: TemporaryFolder
    private var store: String { folder.path + "/store" }
    private var backups: String { folder.path + "/backups" }

    private static let sizes = {
        var sizes = OpenLog.sizes
        sizes.segmentEvents = 100
        sizes.strideBytes = 20_000
        return sizes
    }()

    init() throws { folder = try TemporaryFolder() }

    private func runner(_ opened: OpenLog) -> BackupRunner {
        BackupRunner(
            log: opened.log, store: opened.folder, folder: backups, epochs: [.first],
            now: { OpenLog.noon })
    }

    /// Makes a backup and waits until its thread has ended.
    private func make(_ name: String, of opened: OpenLog) throws -> BackupStatus {
        let runner = runner(opened)
        try runner.start(name)
        runner.finish()
        return runner.status
    }

    private func append(_ numbers: Range<Int>, to opened: OpenLog) throws {
        var random = SeededRandom(seed: 7)
        for number in numbers {
            try opened.append([VerifiedStore.said(number, &random)], after: Int64(number))
        }
    }

    @Test("a backup holds everything committed, whatever is still in memory, and verifies")
    func whole() throws {
        let opened = try OpenLog(store, sizes: Self.sizes)
        for end in [0, 1, 57, 99, 100, 101, 230, 300, 455] {
            let before = Int(opened.log.head.position.rawValue)
            try append(before..<end, to: opened)
            let status = try make("at-\(end)", of: opened)
            #expect(status.state == .done, "\(status)")
            #expect(status.position == Position(UInt64(end)))
            let report = try VerifiedStore.report(backups + "/at-\(end)")
            #expect(report.isBackup)
            #expect(report.faults == [], "at \(end)")
            #expect(report.head == Position(UInt64(end)))
            #expect(report.events == UInt64(end))
        }
    }

    @Test("what an earlier backup has of ended segments is not copied again")
    func incremental() throws {
        let opened = try OpenLog(store, sizes: Self.sizes)
        try append(0..<350, to: opened)
        opened.log.settle()
        opened.log.settleSealing()
        let first = try make("first", of: opened)
        #expect(first.takenOver == 0)
        try append(350..<550, to: opened)
        let second = try make("second", of: opened)
        #expect(second.takenOver > 0)
        #expect(second.takenOver < second.bytes)
        #expect(try VerifiedStore.report(backups + "/second").isWhole)
        // Damage of the copy that is taken over is found in both.
        let file = backups + "/second/log/00000000000000000101.segment"
        var bytes = try File.contents(file)
        bytes[bytes.count / 2] ^= 0xFF
        bytes[bytes.count - 3_000] ^= 0xFF
        try File.write(bytes, to: file)
        #expect(try !VerifiedStore.report(backups + "/second").isWhole)
        #expect(try !VerifiedStore.report(backups + "/first").isWhole)
    }

    @Test("a restored store has the same events, goes on, and begins a new epoch")
    func restore() throws {
        let events: [Event]
        do {
            let opened = try OpenLog(store, sizes: Self.sizes)
            try append(0..<333, to: opened)
            events = try opened.events()
            #expect(try make("monday", of: opened).state == .done)
        }
        let target = folder.path + "/restored"
        let result = try Restore.run(backup: backups + "/monday", to: target)
        #expect(result.position == Position(333))
        #expect(result.epoch == 2)
        let opened = try OpenLog(target, sizes: Self.sizes)
        #expect(opened.folder.storeID == (try StoreFolder.readDescription(store).store))
        #expect(try opened.events() == events)
        let epoch = try opened.log.enterEpoch(
            opened.writer, folder: opened.folder, recorded: .zero, now: OpenLog.noon)
        #expect(epoch == StoreEpoch(number: 2, position: Position(334)))
        // Once for ever goes on over the restore.
        var random = SeededRandom(seed: 7)
        let said = (0..<333).map { VerifiedStore.said($0, &random) }
        #expect(try opened.append([said[17]]) == [.repeated(Position(18))])
        try append(400..<600, to: opened)
        opened.log.settle()
        #expect(try make("after", of: opened).state == .done)
        #expect(try VerifiedStore.report(backups + "/after").isWhole)
    }

    @Test("nothing is overwritten, and nothing restored of what is not a whole backup")
    func refusals() throws {
        let opened = try OpenLog(store, sizes: Self.sizes)
        try append(0..<120, to: opened)
        #expect(try make("one", of: opened).state == .done)
        for name in ["", ".", "..", "a/b", ".x", "x.partial", String(repeating: "n", count: 65)] {
            #expect(throws: BackupError.self, "\(name)") { try runner(opened).start(name) }
        }
        #expect(throws: BackupError.self) { try runner(opened).start("one") }
        #expect(throws: BackupError.self) {
            try Restore.run(backup: backups + "/one", to: store)
        }
        #expect(throws: BackupError.self) {
            try Restore.run(backup: store, to: folder.path + "/new")
        }
        let segment = backups + "/one/log/00000000000000000001.segment"
        let whole = try File.contents(segment)
        try File.write(Array(whole.dropLast(4_096)), to: segment)
        #expect(throws: BackupError.self) {
            try Restore.run(backup: backups + "/one", to: folder.path + "/new")
        }
        #expect(!File.exists(folder.path + "/new"))
        try File.write(whole, to: segment)
        let manifest = try File.contents(backups + "/one/backup.manifest")
        for place in stride(from: 0, to: manifest.count, by: 17) {
            var changed = manifest
            changed[place] ^= 1
            try File.write(changed, to: backups + "/one/backup.manifest")
            #expect(throws: BackupError.self) {
                try Restore.run(backup: backups + "/one", to: folder.path + "/new")
            }
        }
        try File.write(manifest, to: backups + "/one/backup.manifest")
        // A folder that is empty is not in the way.
        try File.makeFolder(folder.path + "/new")
        _ = try Restore.run(backup: backups + "/one", to: folder.path + "/new")
    }

    @Test("a manifest is read as it was written")
    func manifest() throws {
        let manifest = BackupManifest(
            store: String(repeating: "ab", count: 16), name: "n-1.x_", epoch: 3,
            position: Position(12), digest: .zero, time: OpenLog.noon,
            files: [
                .init(
                    name: Segment.fileName(first: Position(1)), bytes: 9, last: Position(10),
                    digest: .zero, origin: .init(device: 1, inode: 2, changed: 3)),
                .init(
                    name: Segment.fileName(first: Position(11)), bytes: 9, last: Position(12),
                    digest: .zero, origin: nil),
            ])
        #expect(BackupManifest(reading: manifest.text) == manifest)
    }

    @Test("a manifest of two thousand segments is read from its folder")
    func largeManifest() throws {
        let manifest = BackupManifest(
            store: String(repeating: "ab", count: 16), name: "n", epoch: 1,
            position: Position(20_000), digest: .zero, time: OpenLog.noon,
            files: (0..<2_000).map {
                .init(
                    name: Segment.fileName(first: Position(UInt64($0) * 10 + 1)), bytes: 9,
                    last: Position(UInt64($0) * 10 + 10), digest: .zero,
                    origin: .init(device: 1, inode: UInt64($0) + 1, changed: 3))
            })
        try SmallFile.write(
            manifest.text, to: folder.path + "/" + BackupManifest.fileName)
        #expect(BackupManifest.read(folder.path) == manifest)
    }
}

import EventModel
import Testing

@testable import EventLog

@Suite("Files whose place others have taken")
struct ReplacedFilesTests {
    private final class File: Sendable {}

    @Test("are let go of once nobody else holds them")
    func held() {
        let files = ReplacedFiles()
        #expect(files.letGo())
        let held = File()
        weak var other: File?
        do {
            let file = File()
            other = file
            files.take(file)
        }
        files.take(held)
        #expect(!files.letGo())
        #expect(other == nil)
        withExtendedLifetime(held) {}
    }

    @Test(
        "the form that a segment had before it was sealed is one, also where it was begun by this process"
    )
    func begun() throws {
        let folder = try TemporaryFolder()
        var sizes = OpenLog.sizes
        sizes.segmentEvents = 100
        let opened = try OpenLog(folder.path, sizes: sizes)
        for id in 1...101 { try opened.append([Said("a-\(id)")]) }
        opened.log.settleSealing()
        let second = try opened.log.segments.place(of: Position(101)).segment
        #expect(second.first == Position(101) && second.end == nil)
        for id in 102...201 { try opened.append([Said("a-\(id)")]) }
        opened.log.settleSealing()
        #expect(opened.log.sealing.through == Position(200))
        #expect(!opened.log.segments.replaced.letGo())
        withExtendedLifetime(second) {}
        try opened.writer.close()
    }
}

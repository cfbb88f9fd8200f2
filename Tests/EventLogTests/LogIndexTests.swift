import EventIndex
import EventModel
import Testing

@testable import EventLog

@Suite("The indexes of a log")
struct LogIndexTests {
    private let folder: TemporaryFolder
    private let sizes: LogSizes = {
        var sizes = OpenLog.sizes
        sizes.segmentEvents = 40
        return sizes
    }()

    init() throws { folder = try TemporaryFolder() }

    private func said(_ id: Int) -> Said {
        var said = Said("\(id)")
        said.open = [Attribute("interaction", .ref("i-\(id / 5)"))]
        return said
    }

    private func index(_ first: UInt64) -> String {
        folder.path + "/log/" + IndexFile.fileName(first: Position(first))
    }

    /// Writes 200 events in five segments, the first four of which have whole indexes.
    private func write() throws {
        let opened = try OpenLog(folder.path, sizes: sizes)
        for id in 1...200 { try opened.append([said(id)]) }
        opened.log.settle()
        #expect(File.exists(index(121)))
    }

    /// Every event is recognised and none is taken for another.
    private func expectAllKnown() throws {
        let opened = try OpenLog(folder.path, seed: 2, sizes: sizes)
        let outcomes = try opened.append((1...201).map { said($0) })
        for (index, outcome) in outcomes.enumerated() {
            let position = Position(UInt64(index) + 1)
            #expect(outcome == (index < 200 ? .repeated(position) : .new(position)))
        }
        var other = said(3)
        other.open = []
        #expect(try opened.stage(other) == .conflicting(Position(3)))
    }

    @Test("know every event of all segments after reopening")
    func reopening() throws {
        try write()
        try expectAllKnown()
    }

    @Test("are made anew where one is missing")
    func missing() throws {
        try write()
        for first in [1, 81, 121] as [UInt64] { try File.remove(index(first)) }
        try expectAllKnown()
        #expect(File.exists(index(81)))
    }

    @Test("are made anew where one is rubbish, cut short or another segment's")
    func rubbish() throws {
        try write()
        let other = try File.contents(index(1))
        try File.write(Array("rubbish".utf8), to: index(1))
        try File.write(Array(try File.contents(index(41)).prefix(5_000)), to: index(41))
        try File.write(other, to: index(81))
        try expectAllKnown()
    }

    @Test("that know more than the log are made anew: their positions are other events now")
    func ahead() throws {
        try write()
        let whole = try File.contents(index(161 - 40))
        let second = try TemporaryFolder()
        do {
            let opened = try OpenLog(second.path, sizes: sizes)
            for id in 1...130 { try opened.append([said(id)]) }
            opened.log.settle()
        }
        // Same seed, so the same store by name: only its length tells that it is ahead.
        let path = second.path + "/log/" + IndexFile.fileName(first: Position(121))
        try File.write(whole, to: path)
        let opened = try OpenLog(second.path, seed: 2, sizes: sizes)
        #expect(try opened.append([said(131)]) == [.new(Position(131))])
        #expect(try opened.append([said(130)]) == [.repeated(Position(130))])
    }

    @Test("follow segments that end by their bytes")
    func bytes() throws {
        var sizes = OpenLog.sizes
        sizes.segmentBytes = 150_000
        var random = SeededRandom(seed: 3)
        let data = (1...200).map { _ in random.bytes(3_000) }
        func said(_ id: Int) -> Said {
            var said = Said("\(id)")
            said.data = data[id - 1]
            return said
        }
        do {
            let opened = try OpenLog(folder.path, sizes: sizes)
            for id in 1...200 {
                try opened.append([said(id)])
                opened.log.settle()
            }
            #expect(opened.log.segmentCount > 3)
        }
        let opened = try OpenLog(folder.path, seed: 2, sizes: sizes)
        #expect(opened.log.segmentCount > 3)
        #expect(try opened.events().map(\.draft) == (1...200).map { said($0).draft })
        let again = try opened.append((1...200).map { said($0) })
        #expect(again == (1...200).map { .repeated(Position(UInt64($0))) })
    }
}

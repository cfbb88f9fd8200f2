import EventModel
import Testing

@testable import EventLog

@Suite("Epochs")
struct EpochTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func enter(_ opened: OpenLog, recorded: UInt64 = 0) throws -> StoreEpoch {
        try opened.log.enterEpoch(
            opened.writer, folder: opened.folder, recorded: Position(recorded), now: OpenLog.noon)
    }

    @Test("a store begins in the first, without an event")
    func first() throws {
        let opened = try OpenLog(folder.path)
        #expect(try enter(opened) == .first)
        #expect(opened.log.head.position == .zero)
        #expect(try StoreEpoch.read(folder.path) == .first)
    }

    @Test("a log shorter than what is recorded begins the next, once, and says from where")
    func shorter() throws {
        do {
            let opened = try OpenLog(folder.path)
            try opened.append([Said("1"), Said("2")])
            #expect(try enter(opened, recorded: 2) == .first)
        }
        do {
            let opened = try OpenLog(folder.path)
            let epoch = try enter(opened, recorded: 9)
            #expect(epoch == StoreEpoch(number: 2, position: Position(3)))
            let event = try #require(try opened.events(from: 3).first)
            #expect(event.draft.type == "store.epoch")
            #expect(event.draft.source == "throughline")
            #expect(event.draft.attributes.contains(Attribute("epoch", .integer(2))))
            #expect(event.draft.attributes.contains(Attribute("last_common", .integer(2))))
            #expect(event.draft.attributes.contains(Attribute("previous", .integer(1))))
        }
        let opened = try OpenLog(folder.path)
        #expect(try enter(opened, recorded: 3).number == 2)
        #expect(opened.log.head.position == Position(3))
        #expect(try enter(opened, recorded: 4).number == 3)
        #expect(try StoreEpoch.read(folder.path).number == 3)
    }

    @Test("one that a restore has left to begin begins at the next start, however often it dies")
    func pending() throws {
        do { try OpenLog(folder.path).append([Said("1")]) }
        let pending = PendingEpoch(number: 2, reason: .restored, lastCommon: Position(1))
        for _ in 0..<3 {
            // As if each start had been killed before it took the note away.
            try pending.write(folder.path)
            let opened = try OpenLog(folder.path)
            #expect(try enter(opened) == StoreEpoch(number: 2, position: Position(2)))
            #expect(try PendingEpoch.read(folder.path) == nil)
            #expect(opened.log.head.position == Position(2))
        }
    }

    @Test("notes that are not what was written are refused")
    func damagedNotes() throws {
        let opened = try OpenLog(folder.path)
        try File.write(bytes("epoch x\n"), to: folder.path + "/epoch.next")
        #expect(throws: EventLogError.self) { try enter(opened) }
        try File.write(bytes("epoch 1\nreason restored\nlast 0\n"), to: folder.path + "/epoch.next")
        #expect(throws: EventLogError.self) { try enter(opened) }
        try File.remove(folder.path + "/epoch.next")
        // What is only a copy of what the log says is written anew.
        try File.write(bytes("rubbish"), to: folder.path + "/epoch")
        #expect(try enter(opened) == .first)
        #expect(try StoreEpoch.read(folder.path) == .first)
    }
}

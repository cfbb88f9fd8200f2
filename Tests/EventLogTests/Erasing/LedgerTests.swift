import EventModel
import Testing

@testable import EventLog

@Suite("The ledger of erasures and redactions")
struct LedgerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let store = String(repeating: "a7", count: 16)

    private func erasure(_ position: UInt64, of events: [UInt64]) -> Erasure {
        var erased = ErasedPositions()
        for event in events {
            erased.add(
                Position(event), .init([.init(identifier: 0, customer: 0, person: 0)]))
        }
        return Erasure(
            number: 1, position: Position(position),
            what: .person(Surrogate(drawing: { position << 20 }), erased: erased, quoted: .init()))
    }

    private func redaction(_ position: UInt64, _ parts: String) throws -> Erasure {
        Erasure(
            number: 1, position: Position(position),
            what: .parts(try #require(RedactedParts(parts))))
    }

    private func ledger() throws -> ErasureLedger {
        let epochs = [
            StoreEpoch.first, StoreEpoch(number: 2, position: Position(101)),
            StoreEpoch(number: 3, position: Position(201)),
        ]
        try ErasureLedger.note(
            [erasure(50, of: [7, 9])], store: Self.store, epochs: [.first], folder: folder.path)
        try ErasureLedger.note(
            [erasure(150, of: [8, 120])], store: Self.store, epochs: Array(epochs[...1]),
            folder: folder.path)
        try ErasureLedger.note(
            [try redaction(250, "8:text@1+2;180:#1&data"), erasure(150, of: [1])],
            store: Self.store, epochs: epochs, folder: folder.path)
        let path = folder.path + "/" + ErasureLedger.fileName
        return try #require(try ErasureLedger.read(path))
    }

    @Test("it reads back, each entry once")
    func text() throws {
        let ledger = try ledger()
        #expect(ledger.entries.map(\.epoch) == [1, 2, 3, 3])
        #expect(ledger.entries.map(\.position.rawValue) == [50, 150, 250, 150])
        #expect(try ErasureLedger(ledger.text) == ledger)
        #expect(ledger.text.contains("\nepoch 2 101\nepoch 3 201\n"))
        #expect(ledger.text.contains("\nredaction 3 250 8:text@1+2;180:#1&data\n"))
    }

    @Test("a backup of the same epoch or of what all have in common lacks what came later")
    func behind() throws {
        let ledger = try ledger()
        #expect(try ledger.behind(epoch: 1, Position(40)).entries.count == 4)
        let early = try ledger.behind(epoch: 1, Position(100))
        #expect(early.entries.map(\.position.rawValue) == [150, 250, 150])
        // What it does not hold cannot be erased of it.
        #expect(early.entries[1].what == .parts(try #require(RedactedParts("8:text@1+2"))))
        #expect(try ledger.behind(epoch: 3, Position(240)).entries.count == 1)
        #expect(try ledger.behind(epoch: 3, Position(300)).entries.isEmpty)
    }

    @Test("a backup that goes on beyond what it has in common with a later epoch is refused")
    func apart() throws {
        let ledger = try ledger()
        let first = #expect(throws: ErasureLedger.Apart.self) {
            try ledger.behind(epoch: 1, Position(101))
        }
        #expect(first?.lastCommon == Position(100))
        let second = #expect(throws: ErasureLedger.Apart.self) {
            try ledger.behind(epoch: 2, Position(230))
        }
        #expect(second?.lastCommon == Position(200))
        let text = ledger.text.replacing("epoch 3 201\n", with: "")
        let unknown = #expect(throws: ErasureLedger.Apart.self) {
            try ErasureLedger(text).behind(epoch: 2, Position(180))
        }
        #expect(unknown != nil && unknown?.lastCommon == nil)
    }

    @Test(
        "a line that is none is named",
        arguments: [
            "redaction 1 5", "redaction 1 5 -", "redaction 1 5 8:Text", "redaction 1 x 8:text",
            "epoch 1 5", "epoch 2 0", "epoch 2", "forgotten 1 5 8:text", "",
        ])
    func refused(_ line: String) throws {
        let text = "throughline-erasures 1\nstore \(Self.store)\nepoch 2 9\n\(line)\n"
        let fault = #expect(throws: ErasureLedger.Fault.self) { try ErasureLedger(text) }
        #expect(fault?.line == 4)
    }

    @Test("the keeper writes what it is told, and again once it can")
    func keeper() throws {
        let path = folder.path + "/backups"
        // A file stands where the folder should.
        try SmallFile.write("", to: path)
        let keeper = LedgerKeeper(folder: path, store: Self.store, epochs: [.first])
        keeper.note([erasure(50, of: [7])])
        while keeper.trouble == nil {}
        #expect(!keeper.isComplete)
        try StoreFiles.removeLeftovers(path)
        keeper.retry()
        while !keeper.isComplete {}
        keeper.note([erasure(60, of: [8])])
        keeper.stop()
        #expect(keeper.isComplete && keeper.trouble == nil)
        let ledger = try ErasureLedger.read(path + "/" + ErasureLedger.fileName)
        #expect(ledger?.entries.map(\.position.rawValue) == [50, 60])
    }
}

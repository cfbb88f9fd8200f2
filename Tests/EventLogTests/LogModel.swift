import EventModel
import Testing

@testable import EventLog

/// A log and a naive model of it, driven by the same random steps.
///
/// The model is an array of what was said: index + 1 is the position.
struct LogModel {
    private struct Name: Hashable {
        let source: String
        let id: String
    }

    private struct Known {
        var said: Said
        var recorded: Timestamp
    }

    private let path: String
    private let seed: UInt64
    private var sizes = OpenLog.sizes
    private var random: SeededRandom
    private var opened: OpenLog?
    private var committed: [Known] = []
    private var staged: [Said] = []
    private var byName: [Name: Int] = [:]
    private var clock = OpenLog.noon
    private var lastRecorded = Timestamp.earliest
    private var nextID = 1
    private var repeats: UInt64 = 0

    init(path: String, seed: UInt64) throws {
        self.path = path
        self.seed = seed
        random = SeededRandom(seed: seed)
        sizes.segmentEvents = 20 + seed % 50
        sizes.strideBytes = 1 << (seed % 16)
        if seed % 2 == 0 { sizes.coldLookUpNanoseconds = 0 }
        opened = try OpenLog(path, seed: seed, sizes: sizes)
    }

    private var log: OpenLog {
        get throws { try #require(opened) }
    }

    mutating func run(rounds: Int) throws {
        for _ in 0..<rounds {
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                if random.once(in: 5) { try batch() } else { try step() }
            }
            if random.once(in: 9) { try log.writer.endSegment() }
            if !random.once(in: 12) { try commit() }
            if random.once(in: 8) { try log.log.settleSealing() }
            if random.once(in: 6) { try reopen() }
        }
        try commit()
        try reopen()
    }

    // MARK: Steps

    private mutating func step() throws {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...5: try stageNew()
        case 6: try stageAgain { $0 }
        case 7: try stageAgain { Self.inOtherOrder($0) }
        case 8: try stageConflict()
        default: try stageFailing()
        }
        #expect(try log.writer.stagedCount == staged.count, "seed \(seed)")
    }

    private mutating func stageNew() throws {
        let said = makeSaid()
        let expected = Position(UInt64(committed.count + staged.count + 1))
        #expect(try log.stageAhead(said) == .new(expected), "seed \(seed)")
        staged.append(said)
        byName[Self.name(said)] = committed.count + staged.count
    }

    private mutating func stageAgain(_ reworded: (Said) -> Said) throws {
        guard let (position, said) = anyKnown() else { return }
        #expect(
            try log.stageAhead(reworded(said)) == .repeated(Position(UInt64(position))),
            "seed \(seed)")
        repeats += 1
        #expect(try log.writer.repeats == repeats, "seed \(seed)")
    }

    private mutating func stageConflict() throws {
        guard let (position, known) = anyKnown() else { return }
        var said = known
        switch Int.random(in: 0..<5, using: &random) {
        case 0: said.type += ".other"
        case 1: said.occurred = (said.occurred ?? 0) + 1
        case 2: said.open.append(Attribute("further", .integer(1)))
        case 3: said.data.append(1)
        default: said.identifiers.append(Identifier(kind: "crm", value: "other"))
        }
        #expect(
            try log.stageAhead(said) == .conflicting(Position(UInt64(position))), "seed \(seed)")
    }

    private struct Refused: Error {}

    /// A writer of records that gives up half-way leaves no trace.
    private mutating func stageFailing() throws {
        let half = random.bytes(Int.random(in: 0...300, using: &random))
        #expect(throws: ReadFailure<Refused>.self) {
            _ = try log.writer.stage { (records) throws(Refused) in
                records.append(contentsOf: half)
                throw Refused()
            }
        }
    }

    /// Stages some and, as for a batch that is refused, takes all of it back or keeps it.
    private mutating func batch() throws {
        let mark = try log.writer.mark()
        let before = (staged, byName)
        for _ in 0..<Int.random(in: 0...6, using: &random) { try step() }
        guard Bool.random(using: &random) else { return }
        try log.writer.takeBack(to: mark)
        (staged, byName) = before
        #expect(try log.writer.stagedCount == staged.count, "seed \(seed)")
    }

    private mutating func commit() throws {
        // Seconds forward and back, as a clock that is set does.
        clock = clock.advanced(byMilliseconds: Int64.random(in: -4_000...6_000, using: &random))
        let commits = try log.writer.commits
        let head = try log.commit(at: clock)
        let first = committed.count + 1
        if !staged.isEmpty { lastRecorded = max(lastRecorded, clock) }
        committed += staged.map { Known(said: $0, recorded: lastRecorded) }
        #expect(try log.writer.commits == commits + (staged.isEmpty ? 0 : 1), "seed \(seed)")
        staged = []
        #expect(head == Position(UInt64(committed.count)), "seed \(seed)")
        try check(from: first)
    }

    /// Lets go of the log, staged events and all, and opens it again.
    private mutating func reopen() throws {
        opened = nil
        for said in staged { byName[Self.name(said)] = nil }
        staged = []
        opened = try OpenLog(path, seed: random.next(), sizes: sizes)
        repeats = 0
        try check(from: 1)
        try checkBlocks()
    }

    // MARK: Comparing

    private func check(from first: Int) throws {
        let log = try log
        #expect(log.log.head.position == Position(UInt64(committed.count)), "seed \(seed)")
        #expect(log.writer.newestRecorded == lastRecorded, "seed \(seed)")
        #expect(log.writer.stagedCount == 0, "seed \(seed)")
        let events = try log.events(from: UInt64(first))
        #expect(events.count == committed.count - first + 1, "seed \(seed)")
        for (event, position) in zip(events, first...) {
            let known = committed[position - 1]
            #expect(event.position == Position(UInt64(position)), "seed \(seed)")
            #expect(event.recorded == known.recorded, "seed \(seed)")
            #expect(event.draft == known.said.draft, "seed \(seed)")
            let occurred = known.said.occurred.map { Timestamp(milliseconds: $0) }
            #expect(event.occurred == occurred ?? known.recorded, "seed \(seed)")
        }
    }

    /// Blocks follow each other. In the newest segment none is larger than a block but for one
    /// single record, and none was closed while the next record had room in it; those of the others
    /// are as large as pages want them.
    private func checkBlocks() throws {
        let blocks = try log.blocks()
        let records = try log.records()
        let firsts = try log.log.segments.firsts
        var next = Position(1)
        for block in blocks {
            #expect(block.first == next, "seed \(seed)")
            let isNewest = firsts.last.map { block.first >= $0 } ?? true
            let most =
                isNewest ? LogLimits.blockRawBytes : LogLimits.sealedBlockRawBytesMax
            #expect(
                block.rawBytes <= most || block.count == 1,
                "seed \(seed), block \(block.first)")
            let own = records[Int(block.first.rawValue) - 1..<Int(block.last.rawValue)]
            #expect(own.reduce(0) { $0 + $1.count } == Int(block.rawBytes), "seed \(seed)")
            next = block.last.next
            guard next.rawValue <= UInt64(records.count), isNewest else { continue }
            let following = records[Int(next.rawValue) - 1].count
            #expect(
                Int(block.rawBytes) + following > LogLimits.blockRawBytes,
                "seed \(seed), block \(block.first)")
        }
        let left = records[Int(next.rawValue - 1)...].reduce(0) { $0 + $1.count }
        #expect(
            left <= LogLimits.blockRawBytes || Int(next.rawValue) == records.count,
            "seed \(seed): what is in no block would fill one")
    }
}

/// What the model makes up.
extension LogModel {
    private static func name(_ said: Said) -> Name { Name(source: said.source, id: said.id) }

    /// An event that is committed or staged, with its position.
    private mutating func anyKnown() -> (Int, Said)? {
        guard
            let name = byName.keys.sorted(by: { ($0.source, $0.id) < ($1.source, $1.id) })
                .randomElement(using: &random), let position = byName[name]
        else { return nil }
        let said =
            position <= committed.count
            ? committed[position - 1].said : staged[position - committed.count - 1]
        return (position, said)
    }

    private mutating func makeSaid() -> Said {
        var said = Said("\(nextID)")
        nextID += 1
        // The same id from another source is another event.
        said.source = random.pick(["acd", "chat", "shop"])
        if random.once(in: 4) { said.id = "\(Int.random(in: 1...nextID, using: &random))" }
        while byName[Self.name(said)] != nil { said.id += "x" }
        said.type = random.pick(["note.taken", "queue.entered", "message.received"])
        if random.once(in: 2) {
            said.occurred =
                OpenLog.noon.rawValue + Int64.random(in: -90_000...90_000, using: &random)
        }
        said.open = [Attribute("queue", .ref("q-\(nextID % 7)"))]
        said.open.append(Attribute("priority", .integer(Int64(nextID % 5))))
        if random.once(in: 2) { said.open.append(Attribute("done", .boolean(nextID % 2 == 0))) }
        if random.once(in: 3) {
            said.personal = [
                Attribute("text", .text(String(repeating: "é", count: nextID % 400))),
                Attribute("price", .money(minorUnits: -199, currency: "EUR")),
            ]
        }
        if random.once(in: 3) {
            said.identifiers = [
                Identifier(kind: "phone", value: "+3491\(nextID)"),
                Identifier(kind: "email", value: "a\(nextID)@example.com", role: .payer),
            ]
        }
        if random.once(in: 15) {
            let most = random.once(in: 8) ? EventLimits.dataBytesMax : 20_000
            said.data = random.bytes(Int.random(in: 1...most, using: &random))
        }
        return said
    }

    private static func inOtherOrder(_ said: Said) -> Said {
        var other = said
        other.open.reverse()
        other.personal.reverse()
        other.identifiers.reverse()
        return other
    }
}

import EventIndex
import EventModel
import LMDB
import Testing

@testable import EventLog

@Suite("Scrubbing: what is erased is gone from segments, indexes and the journal")
struct ScrubTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path }

    init() throws { folder = try TemporaryFolder() }

    private static let phone = "+34911777001"

    private func said(_ id: Int) -> Said {
        var said = Said("order-of-ana-\(id)")
        said.open = [Attribute("interaction", .ref("i-\(id % 40)"))]
        said.personal = [Attribute("text", .text("markedtext \(id)"))]
        let isAna = id % 7 == 0
        said.identifiers = [
            Identifier(kind: "phone", value: isAna ? Self.phone : "+349110000\(id % 90 + 10)")
        ]
        said.data = bytes("markedpayload of \(id)")
        return said
    }

    /// Erases the events whose number divides by seven, and takes the receiver's number out of
    /// another.
    private func erase(_ opened: OpenLog, _ count: Int) throws -> Erasure {
        var erased = ErasedPositions()
        let pattern = ErasedPositions.Pattern([.init(identifier: 0, customer: 0, person: 0)])
        for id in stride(from: 7, through: count, by: 7) {
            erased.add(Position(UInt64(id)), pattern)
        }
        var quoted = ErasedPositions()
        quoted.add(Position(8), pattern)
        let erasure = Erasure(
            number: 1, position: opened.log.head.position.next,
            what: .person(Surrogate(drawing: { 77 << 20 }), erased: erased, quoted: quoted))
        // The log's own word for it; what it says is not read here.
        try opened.append([Said("erasure")])
        opened.log.erasures.add(erasure)
        return erasure
    }

    private func scrub(_ opened: OpenLog, _ erasure: Erasure) throws {
        opened.writer.endSegment()
        opened.log.settleSealing()
        #expect(opened.log.hasEnded(erasure.position))
        opened.log.scrub(through: erasure.position)
        opened.log.settleSealing()
        #expect(opened.log.scrubbing.trouble == nil)
        #expect(opened.log.scrubbing.through == erasure.position)
        var offset = 0
        while try !opened.writer.wipeJournal(at: &offset) {}
    }

    @Test("events show what is left, the chain goes on as it did, and repeats are known")
    func shown() throws {
        let count = 700
        var sizes = OpenLog.sizes
        // Segments end amid groups of positions that share a seed.
        sizes.segmentEvents = 200
        let erasure: Erasure
        let digests: [Digest]
        do {
            let opened = try OpenLog(path, sizes: sizes)
            for id in 1...count { try opened.append([said(id)]) }
            erasure = try erase(opened, count)
            opened.writer.endSegment()
            opened.log.settleSealing()
            digests = try opened.blocks().map(\.digest)
            try expectHidden(opened, count)
            try scrub(opened, erasure)
            let after = try opened.blocks()
            #expect(after.last?.digest == digests.last)
            try expectHidden(opened, count)
            try expectScrubbed(opened, count, erasure)
            let again = try opened.append([said(7), said(8), said(9)])
            #expect(
                again == [.erased(Position(7)), .repeated(Position(8)), .repeated(Position(9))])
            try opened.writer.close()
        }
        let report = try Verification.run(store: path)
        #expect(report.isWhole, "\(report.faults)")
        let opened = try OpenLog(path, seed: 9, sizes: sizes)
        try expectScrubbed(opened, count, erasure)
    }

    /// Whoever asks sees the skeleton of what is erased, before it is gone and after.
    private func expectHidden(_ opened: OpenLog, _ count: Int) throws {
        var reader = try opened.log.makeHidingReader()
        try reader.events(from: Position(1), through: Position(UInt64(count))) {
            (event) throws(Never) in
            let id = Int(event.position.rawValue)
            #expect(event.isErased == (id % 7 == 0))
            guard event.isErased else { return true }
            #expect(event.text("text") == nil && event.id.byteCount == 0)
            #expect(event.data.byteCount == 0 && event.source.equals("test"))
            #expect(event.text("interaction") == "i-\(id % 40)")
            return true
        }
    }

    private func expectScrubbed(_ opened: OpenLog, _ count: Int, _ erasure: Erasure) throws {
        for event in try opened.events(through: UInt64(count)) {
            let id = Int(event.position.rawValue)
            if id % 7 == 0 || id == 8 {
                let surrogate = Surrogate(drawing: { 77 << 20 })[0]
                #expect(event.draft.identifiers[0].value == "\(surrogate) \(surrogate)")
            }
            if id == 8 { #expect(event.draft.data == said(8).data) }
            if id % 7 != 0, id != 8 { #expect(event.draft == said(id).draft) }
        }
        var found: [Position] = []
        try opened.writer.positions(
            of: StreamName(.identifier, bytes("phone:\(Self.phone)")), from: Position(1),
            limit: 10, into: &found)
        #expect(found.isEmpty)
        try opened.writer.positions(
            of: StreamName(.interaction, bytes("i-7")), from: Position(1), limit: 1, into: &found)
        #expect(found == [Position(7)])
    }

    @Test("no salt is left with which a guess could be held against a kept commitment")
    func guesses() throws {
        let count = 300
        let opened = try OpenLog(path)
        for id in 1...count { try opened.append([said(id)]) }
        var parts: [UInt64: [UInt8]] = [:]
        var reader = try opened.log.makeReader()
        try reader.events(from: Position(1)) { (event) throws(Never) in
            parts[event.position.rawValue] = event.personalPart.copied()
            return true
        }
        try scrub(opened, try erase(opened, count))
        var guessed = 0
        let segment = try opened.log.segments.place(of: Position(1)).segment
        for id in stride(from: 7, through: count, by: 7) {
            let seed = try #require(try segment.seed(ofGroup: UInt64(id) / 256))
            #expect(seed.bytes.count != SaltSeed.byteCount)
            #expect(SaltSeed.salt(of: Position(UInt64(id)), in: seed.bytes.rawSpan) == nil)
            let kept = try #require(try commitment(opened, id))
            let part = try #require(parts[UInt64(id)])
            // Who knows all of the event but its salt tries what salts the file holds.
            for other in UInt64(1)...UInt64(count) where other / 256 == UInt64(id) / 256 {
                guard let salt = SaltSeed.salt(of: Position(other), in: seed.bytes.rawSpan) else {
                    continue
                }
                var hash = SHA256()
                hash.update(salt.0)
                hash.update(salt.1)
                hash.update(part.rawSpan)
                if hash.finish() == kept { guessed += 1 }
            }
        }
        #expect(guessed == 0)
    }

    private func commitment(_ opened: OpenLog, _ id: Int) throws -> Digest? {
        var reader = try opened.log.makeReader()
        var kept: Digest?
        _ = try reader.event(at: Position(UInt64(id))) { (event) throws(Never) in
            if let remnant = event.remnant { kept = Digest(reading: remnant.commitment) }
        }
        return kept
    }

    @Test("of a seed that segments share no salt is left in either", arguments: [110, 130])
    func sharedSeed(erased: UInt64) throws {
        var sizes = OpenLog.sizes
        sizes.segmentEvents = 120
        let opened = try OpenLog(path, sizes: sizes)
        // A segment that ends amid a round goes on with its seed in the next.
        for round in 0..<5 { try opened.append((1...50).map { said(round * 50 + $0) }) }
        var positions = ErasedPositions()
        positions.add(
            Position(erased), .init([.init(identifier: 0, customer: 0, person: 0)]))
        let erasure = Erasure(
            number: 1, position: opened.log.head.position.next,
            what: .person(
                Surrogate(drawing: { 77 << 20 }), erased: positions, quoted: .init()))
        try opened.append([Said("erasure")])
        opened.log.erasures.add(erasure)
        opened.writer.endSegment()
        opened.log.settleSealing()
        let seeds = try [1, 121].map {
            try opened.log.segments.place(of: Position($0)).segment.seed(ofGroup: 0)?.bytes
        }
        #expect(seeds[0] != nil && seeds[0] == seeds[1])
        try scrub(opened, erasure)
        for first: UInt64 in [1, 121] {
            let segment = try opened.log.segments.place(of: Position(first)).segment
            let seed = try #require(try segment.seed(ofGroup: 0))
            #expect(SaltSeed.salt(of: Position(erased), in: seed.bytes.rawSpan) == nil)
        }
    }

    @Test("the text of positions and patterns reads back; other text is refused")
    func grammar() throws {
        var random = SeededRandom(seed: 5)
        var positions = ErasedPositions()
        var portions = ErasedPortions(ofBytes: 300)
        var all: [Position: ErasedPositions.Pattern] = [:]
        var position: UInt64 = 0
        for _ in 0..<500 {
            position += UInt64(Int.random(in: 0..<4, using: &random)) + 1
            if Int.random(in: 0..<50, using: &random) == 0 { position += 1_000_000 }
            let entries = (0..<Int.random(in: 0..<3, using: &random)).map {
                ErasedPositions.Pattern.Entry(
                    identifier: $0, customer: Int.random(in: 0..<3, using: &random),
                    person: Int.random(in: 0..<2, using: &random))
            }
            positions.add(Position(position), ErasedPositions.Pattern(entries))
            portions.add(Position(position), ErasedPositions.Pattern(entries))
            all[Position(position)] = ErasedPositions.Pattern(entries)
        }
        let read = try #require(ErasedPositions(positions.text))
        #expect(read == positions && read.count == 500)
        #expect(positions.text.contains(",+") && positions.text.contains("-+"))
        for probe in 0...position + 2 where probe < 2_000 || probe % 7_919 == 0 {
            #expect(positions.pattern(at: Position(probe)) == all[Position(probe)])
        }
        for bounds in [0..<5, 7..<7, 40..<200, 900_000..<position - 3, position..<position + 9] {
            var found: [Position: ErasedPositions.Pattern] = [:]
            positions.forEach(in: bounds) { found[$0] = $1 }
            #expect(found == all.filter { bounds.contains($0.key.rawValue) }, "\(bounds)")
        }
        #expect(portions.count == 500 && portions.all.count > 3)
        var last: UInt64 = 0
        for portion in portions.all {
            #expect(portion.text.utf8.count <= 300)
            let bounds = try #require(portion.bounds)
            #expect(bounds.lowerBound > last)
            last = bounds.upperBound
            portion.forEach { #expect(all.removeValue(forKey: $0) == $1) }
        }
        #expect(all.isEmpty)
        // Many patterns take more room than positions.
        var long = ErasedPortions()
        for position in 1...2_000 as ClosedRange<UInt64> {
            let entries = (0..<16).map {
                ErasedPositions.Pattern.Entry(
                    identifier: $0, customer: Int(position) % 97, person: Int(position) % 89)
            }
            long.add(Position(position), .init(entries))
        }
        #expect(long.count == 2_000 && long.all.reduce(0) { $0 + $1.count } == 2_000)
        #expect(long.all.allSatisfy { $0.text.utf8.count <= EventLimits.textBytesMax })
        for right in [
            "0=:5", "0=0/0/0:5", "1=0/0//d,2=:5", "0=1/0/15/d:5", "16=1/0,254=2/2:5", "0=0/c_3:5",
            "16=c_8-1/c_3:5",
        ] {
            #expect(ErasedPositions(right)?.text == right)
        }
        for wrong in [
            "5", "0=0:5", "0=0/x:5", "0=0/c_:5", "0=0/0/:5", "0=0/0/16:5", "0=0/0/1/e:5",
            "0=0/0/1/d/:5", "255=1/0:5",
            ":0", ":9-5",
            ":5,5", "a=0/0:1", ":1-2-3", ":", ":+0", ":1,++2", ":5,+0",
            ":5-+", ":1,+576460752303423488",
            ":+18446744073709551615",
        ] {
            #expect(ErasedPositions(wrong) == nil, "\(wrong)")
        }
    }
}

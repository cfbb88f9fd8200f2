import EventIndex
import EventModel
import LMDB
import Testing

@testable import EventLog

/// Who has all files of a store, its key among them, and knows of an event everything but whose it
/// was, tries ten thousand telephone numbers.
@Suite("Guessing: what an erasure keeps confirms nobody")
struct GuessTests {
    private let folder: TemporaryFolder
    private static let erased: [UInt64] = [7, 23]
    private static let count: UInt64 = 40

    init() throws { folder = try TemporaryFolder() }

    private static let prefix = "+3491177"
    private static let phone = prefix + "7001"
    private static let candidates = (0..<10_000).map { number in
        let digits = "\(number)"
        return prefix + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }

    private func said(_ id: UInt64) -> Said {
        var said = Said("id-\(id)")
        said.personal = [Attribute("text", .text("said in \(id)"))]
        let isTheirs = Self.erased.contains(id)
        said.identifiers = [
            Identifier(kind: "phone", value: isTheirs ? Self.phone : "+44207946\(1_000 + id)")
        ]
        return said
    }

    private func erase(_ opened: OpenLog) throws {
        var positions = ErasedPositions()
        for id in Self.erased {
            positions.add(Position(id), .init([.init(identifier: 0, customer: 0, person: 0)]))
        }
        let erasure = Erasure(
            number: 1, position: opened.log.head.position.next,
            what: .person(
                Surrogate(drawing: { 77 << 20 }), erased: positions, quoted: .init()))
        try opened.append([Said("erasure")])
        opened.log.erasures.add(erasure)
        opened.writer.endSegment()
        opened.log.settleSealing()
        opened.log.scrub(through: erasure.position)
        opened.log.settleSealing()
        #expect(opened.log.scrubbing.through == erasure.position)
        var offset = 0
        while try !opened.writer.wipeJournal(at: &offset) {}
    }

    /// The personal parts of the events that go, with each candidate in the place of the number.
    private func guesses(_ opened: OpenLog) throws -> [UInt64: [(String, [UInt8])]] {
        var guesses: [UInt64: [(String, [UInt8])]] = [:]
        var reader = try opened.log.makeReader()
        try reader.events(from: Position(1)) { (event) throws(Never) in
            let part = event.personalPart.copied()
            let number = bytes(Self.phone)
            guard Self.erased.contains(event.position.rawValue),
                let start = part.indices.first(where: { part[$0...].starts(with: number) })
            else { return true }
            guesses[event.position.rawValue] = Self.candidates.map { candidate in
                var guess = part
                guess.replaceSubrange(start..<start + number.count, with: bytes(candidate))
                return (candidate, guess)
            }
            return true
        }
        return guesses
    }

    private static func digest(_ salt: (UInt64, UInt64), _ part: [UInt8]) -> Digest {
        var hash = SHA256()
        hash.update(salt.0)
        hash.update(salt.1)
        hash.update(part.rawSpan)
        return hash.finish()
    }

    /// The salts that the segment holds, in whatever form.
    private func salts(_ opened: OpenLog) throws -> [(UInt64, UInt64)] {
        let segment = try opened.log.segments.place(of: Position(1)).segment
        let seed = try #require(try segment.seed(ofGroup: 0))
        return (1...Self.count).compactMap { position in
            SaltSeed.salt(of: Position(position), in: seed.bytes.rawSpan)
        }
    }

    @Test("no kept digest is that of any candidate; with the salt that went, it would be of one")
    func digests() throws {
        let opened = try OpenLog(folder.path)
        for id in 1...Self.count { try opened.append([said(id)]) }
        opened.writer.endSegment()
        opened.log.settleSealing()
        let guesses = try guesses(opened)
        #expect(guesses.count == Self.erased.count)
        let before = try salts(opened)
        #expect(before.count == Int(Self.count))
        try erase(opened)
        let after = try salts(opened)
        #expect(after.count == Int(Self.count) - Self.erased.count)

        var reader = try opened.log.makeReader()
        for id in Self.erased {
            var kept: Set<Digest> = []
            var own: (UInt64, UInt64) = (0, 0)
            _ = try reader.event(at: Position(id)) { (event) throws(Never) in
                guard let remnant = event.remnant else { return }
                kept = [
                    Digest(reading: remnant.commitment), Digest(reading: remnant.restCommitment),
                ]
                own = (
                    remnant.salt.load(littleEndian: UInt64.self, at: 0),
                    remnant.salt.load(littleEndian: UInt64.self, at: 8)
                )
            }
            try #require(kept.count == 2)
            let guesses = try #require(guesses[id])
            let confirmed = guesses.filter { _, part in
                (after + [own]).contains { kept.contains(Self.digest($0, part)) }
            }
            #expect(confirmed.isEmpty, "\(confirmed.map(\.0))")
            let lost = before[Int(id) - 1]
            let known = guesses.filter { kept.contains(Self.digest(lost, $0.1)) }.map(\.0)
            #expect(known == [Self.phone], "the salt that went would have told")
        }
    }

    @Test("no index knows any candidate; before the erasure it knew the one")
    func indexes() throws {
        let opened = try OpenLog(folder.path)
        for id in 1...Self.count { try opened.append([said(id)]) }
        func known() throws -> [String] {
            try Self.candidates.filter { candidate in
                var found: [Position] = []
                try opened.writer.positions(
                    of: StreamName(.identifier, bytes("phone:\(candidate)")), from: Position(1),
                    limit: 1, into: &found)
                return !found.isEmpty
            }
        }
        #expect(try known() == [Self.phone])
        try erase(opened)
        #expect(try known().isEmpty)
    }
}

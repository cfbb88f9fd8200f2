import EventIndex
import EventModel
import LMDB
import Testing

@testable import EventLog

/// A log and a naive model of its streams, driven by the same random steps: the model is an array
/// of what was said, and a stream is what a filter over it finds.
struct StreamModel {
    private let path: String
    private let seed: UInt64
    private var sizes = OpenLog.sizes
    private var random: SeededRandom
    private var opened: OpenLog?
    private var committed: [Said] = []
    private var staged: [Said] = []
    private var nextID = 1
    private(set) var conflicts = 0

    /// All streams there can be, and one of each kind that never is.
    private static let names: [StreamName] = {
        let pools: [(StreamKind, [String])] = [
            (.interaction, ["i-1", "i-2", "i-3", "i-4", "i-none"]),
            (.agent, ["ana", "bea", "none"]),
            (.thread, ["t", "none"]), (.order, ["2026/1", "2026/2", "none"]),
            (.case, ["7", "8", "none"]),
            (.identifier, ["crm:7", "crm:8", "phone:+34911234567", "crm:none"]),
        ]
        return pools.flatMap { kind, ids in ids.map { StreamName(kind, bytes($0)) } }
    }()

    init(path: String, seed: UInt64) throws {
        self.path = path
        self.seed = seed
        random = SeededRandom(seed: seed)
        sizes.segmentEvents = 16
        opened = try OpenLog(path, seed: seed, sizes: sizes)
    }

    private var log: OpenLog {
        get throws { try #require(opened) }
    }

    mutating func run(rounds: Int) throws {
        for _ in 0..<rounds {
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                if random.once(in: 3) { try appendGuarded() } else { try stage(makeSaid()) }
            }
            try checkSome(3)
            if random.once(in: 8) { try takeBackAll() }
            if !random.once(in: 5) { try commit() }
            if random.once(in: 3) { try log.log.settle() }
            if random.once(in: 6) { try log.log.settleSealing() }
            try checkSome(3)
            if random.once(in: 8) { try reopen() }
        }
        try commit()
        try reopen()
    }

    // MARK: Steps

    private mutating func stage(_ said: Said) throws {
        let expected = Position(UInt64(committed.count + staged.count + 1))
        #expect(try log.stage(said) == .new(expected), "seed \(seed)")
        staged.append(said)
    }

    /// Several events behind several guards: all of them or none.
    private mutating func appendGuarded() throws {
        let writer = try log.writer
        let before = committed + staged
        var guards: [StreamGuard] = []
        var wrong: VersionConflict?
        for number in 0..<Int.random(in: 1...4, using: &random) {
            let name = random.pick(Self.names)
            let actual = UInt64(Self.positions(of: name, in: before).count)
            let expected: ExpectedVersion =
                switch Int.random(in: 0..<8, using: &random) {
                case 0: .any
                case 1: .noStream
                case 2: .exactly(actual + 1)
                case 3 where actual > 0: .exactly(actual - 1)
                default: .exactly(actual)
                }
            guards.append(writer.makeGuard(name, expected))
            if wrong == nil, !expected.allows(actual) {
                wrong = VersionConflict(
                    index: number, kind: name.kind, expected: expected, actual: actual,
                    countsStaged: !Self.positions(of: name, in: staged).isEmpty)
            }
        }
        let mark = writer.mark()
        let kept = staged
        for _ in 0..<Int.random(in: 1...4, using: &random) { try stage(makeSaid()) }
        let first = Position(UInt64(before.count + 1))
        let conflict = try writer.firstConflict(of: guards, before: first)
        #expect(conflict == wrong, "seed \(seed)")
        guard conflict != nil else { return }
        conflicts += 1
        writer.takeBack(to: mark)
        staged = kept
        #expect(writer.stagedCount == staged.count, "seed \(seed)")
    }

    private mutating func takeBackAll() throws {
        let writer = try log.writer
        let mark = writer.mark()
        let kept = staged
        for _ in 0..<Int.random(in: 0...40, using: &random) { try stage(makeSaid()) }
        writer.takeBack(to: mark)
        staged = kept
    }

    private mutating func commit() throws {
        try log.commit()
        committed += staged
        staged = []
    }

    /// Lets go of the log, staged events and all, harms some of its index files, opens it again.
    private mutating func reopen() throws {
        opened = nil
        staged = []
        for first in stride(from: 1, through: committed.count, by: 16) {
            let first = Position(UInt64(first))
            let name =
                random.once(in: 3)
                ? SegmentFilter.fileName(first: first) : IndexFile.fileName(first: first)
            let file = path + "/log/" + name
            guard random.once(in: 4), File.exists(file) else { continue }
            switch Int.random(in: 0..<3, using: &random) {
            case 0: try File.remove(file)
            case 1: try File.write(random.bytes(3_000), to: file)
            default: try File.write(Array(try File.contents(file).prefix(5_000)), to: file)
            }
        }
        opened = try OpenLog(path, seed: random.next(), sizes: sizes)
        for name in Self.names { try check(name) }
    }

    // MARK: Comparing

    private mutating func checkSome(_ count: Int) throws {
        for _ in 0..<count {
            let name = random.pick(Self.names)
            try check(name)
        }
    }

    private mutating func check(_ name: StreamName) throws {
        let writer = try log.writer
        let all = Self.positions(of: name, in: committed)
        let note = "seed \(seed), \(name) of \(committed.count)"
        #expect(try writer.version(of: name) == UInt64(all.count), "\(note)")
        var found: [Position] = []
        try writer.positions(of: name, limit: .max / 2, into: &found)
        #expect(found == all.reversed(), "\(note)")
        found = []
        try writer.positions(of: name, from: .zero, limit: .max / 2, into: &found)
        #expect(found == all, "\(note)")
        // One page from anywhere, and all pages of one size.
        let limit = Int.random(in: 0...7, using: &random)
        let bound = Position(UInt64.random(in: 0...UInt64(committed.count + 9), using: &random))
        found = []
        try writer.positions(of: name, before: bound, limit: limit, into: &found)
        #expect(found == all.reversed().filter { $0 < bound }.prefix(limit).map(\.self), "\(note)")
        found = []
        try writer.positions(of: name, from: bound, limit: limit, into: &found)
        #expect(found == all.filter { $0 >= bound }.prefix(limit).map(\.self), "\(note)")
        #expect(try backward(name, by: limit + 1) == all.reversed(), "\(note)")
        #expect(try forward(name, by: limit + 1) == all, "\(note)")
    }

    private func backward(_ name: StreamName, by limit: Int) throws -> [Position] {
        var found: [Position] = []
        var bound: Position?
        while true {
            let count = found.count
            try log.writer.positions(of: name, before: bound, limit: limit, into: &found)
            if found.count - count < limit { return found }
            bound = found.last
        }
    }

    private func forward(_ name: StreamName, by limit: Int) throws -> [Position] {
        var found: [Position] = []
        var next = Position(1)
        while true {
            let count = found.count
            try log.writer.positions(of: name, from: next, limit: limit, into: &found)
            if found.count - count < limit { return found }
            next = found.last?.next ?? next
        }
    }

    private static func positions(of name: StreamName, in all: [Said]) -> [Position] {
        zip(all, 1...).compactMap { said, number in
            belongs(said, to: name) ? Position(UInt64(number)) : nil
        }
    }

    private static func belongs(_ said: Said, to name: StreamName) -> Bool {
        let id = name.id.rawSpan.text()
        if name.kind == .identifier {
            return said.identifiers.contains { "\($0.kind):\($0.value)" == id }
        }
        return (said.open + said.personal).contains { attribute in
            let isNamed =
                attribute.name == "\(name.kind.word)"
                || name.kind == .case && attribute.name == "case_id"
            return isNamed && (attribute.value == .ref(id) || attribute.value == .text(id))
        }
    }

    private mutating func makeSaid() -> Said {
        var said = Said("\(nextID)")
        nextID += 1
        for name in Self.names where random.once(in: 6) {
            let id = name.id.rawSpan.text()
            if id.hasSuffix("none") { continue }
            if name.kind == .identifier {
                let parts = id.split(separator: ":").map(String.init)
                said.identifiers.append(Identifier(kind: parts[0], value: parts[1]))
                // The same person as payer: one event in one stream all the same.
                if random.once(in: 3) {
                    said.identifiers.append(
                        Identifier(kind: parts[0], value: parts[1], role: .payer))
                }
            } else {
                let isOther = name.kind == .case && random.once(in: 2)
                let attribute = isOther ? "case_id" : "\(name.kind.word)"
                if said.open.contains(where: { $0.name == attribute }) { continue }
                said.open.append(
                    Attribute(attribute, random.once(in: 2) ? .ref(id) : .text(id)))
            }
        }
        return said
    }
}

import EventModel
import Glibc
import Testing

@testable import EventLog

@Suite("The list of what erased persons were called")
struct SuppressionListTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/suppression" }
    private static let store = String(repeating: "ab", count: 16)

    init() throws { folder = try TemporaryFolder() }

    private func open(
        store: String = store, erased: Set<Surrogate> = []
    ) throws(EventLogError) -> SuppressionList {
        var generator = SystemRandomNumberGenerator()
        return try SuppressionList(
            folder: path, store: store, randomBytes: { generator.next() },
            isErased: { surrogate, _ in erased.contains(surrogate) })
    }

    private func name(_ number: Int) -> SuppressionList.Name {
        SuppressionList.Name(.identifier, bytes("phone:+3491177\(1_000 + number)"))
    }

    private func surrogate(_ number: UInt64) -> Surrogate {
        Surrogate(drawing: { (number + 1) << 20 })
    }

    private let moment = Timestamp(milliseconds: 1_000_000)

    private func note(
        _ list: SuppressionList, _ numbers: [Int], _ erasure: UInt64, until: Timestamp? = nil
    ) throws {
        try list.note(
            Set(numbers.map(name)), surrogate: surrogate(erasure), position: Position(erasure + 1),
            until: until ?? moment)
    }

    @Test("a name is held for what occurred before, from the commit on, and across restarts")
    func holds() throws {
        let list = try open()
        #expect(list.newest == nil && list.count == 0)
        #expect(!StoreFolder.exists(path), "a store in which nobody is erased has no list")
        try note(list, [1, 2], 0)
        #expect(!list.holds(name(1), Timestamp(milliseconds: 1)))
        list.keep()
        for list in [list, try open(), try open()] {
            #expect(list.holds(name(1), Timestamp(milliseconds: 999_999)))
            #expect(!list.holds(name(1), moment))
            #expect(!list.holds(name(3), Timestamp(milliseconds: 1)))
            #expect(
                !list.holds(.init(.interaction, name(1).bytes), Timestamp(milliseconds: 1)),
                "an interaction is no identifier")
            #expect(list.newest == moment && list.count == 2)
        }
    }

    @Test("what a crash parted from its erasure goes, what is in the log stays")
    func crash() throws {
        let list = try open()
        try note(list, [1], 0)
        try note(list, [2], 1)
        let again = try open(erased: [surrogate(1)])
        #expect(!again.holds(name(1), Timestamp(milliseconds: 1)))
        #expect(again.holds(name(2), Timestamp(milliseconds: 1)))
        // It was settled then: whatever the log says later.
        let later = try open(erased: [surrogate(0)])
        #expect(!later.holds(name(1), Timestamp(milliseconds: 1)))
        #expect(later.holds(name(2), Timestamp(milliseconds: 1)))
    }

    @Test("a round that is given up leaves nothing in force")
    func dropped() throws {
        let list = try open()
        try note(list, [1], 0)
        list.drop()
        try note(list, [2], 1)
        list.keep()
        for list in [list, try open()] {
            #expect(!list.holds(name(1), Timestamp(milliseconds: 1)))
            #expect(list.holds(name(2), Timestamp(milliseconds: 1)))
        }
    }

    @Test("a write that was cut off at any byte leaves what stood before it")
    func torn() throws {
        let list = try open()
        try note(list, [1], 0)
        list.keep()
        let before = try #require(try SmallFile.read(path + "/list"))
        try note(list, [2], 1)
        list.keep()
        let after = try #require(try SmallFile.read(path + "/list"))
        for length in before.utf8.count...after.utf8.count {
            let part = String(decoding: Array(after.utf8)[..<length], as: UTF8.self)
            try SmallFile.write(part, to: path + "/list")
            let again = try open()
            #expect(again.holds(name(1), Timestamp(milliseconds: 1)), "\(length) bytes")
            #expect(
                again.holds(name(2), Timestamp(milliseconds: 1)) == (length == after.utf8.count))
            try note(again, [3], 2)
            again.keep()
            #expect(try open().holds(name(3), Timestamp(milliseconds: 1)), "\(length) bytes")
        }
    }

    @Test("neither file is taken from another store, without its fellow, or damaged")
    func others() throws {
        let list = try open()
        try note(list, [1], 0)
        list.keep()
        #expect(throws: EventLogError.self) {
            try open(store: String(repeating: "cd", count: 16))
        }
        let key = try #require(try SmallFile.read(path + "/key"))
        for other in ["", "no key\n", String(repeating: "0", count: 32) + "\n"] {
            try SmallFile.write(other, to: path + "/key")
            #expect(throws: EventLogError.self) { try open() }
        }
        unsafe unlink(path + "/key")
        #expect(throws: EventLogError.self) { try open() }
        try SmallFile.write(key, to: path + "/key")
        let text = try #require(try SmallFile.read(path + "/list"))
        try SmallFile.write(text + "names c_1 2 3 4\n", to: path + "/list")
        #expect(throws: EventLogError.self) { try open() }
        try SmallFile.write(text, to: path + "/list")
        #expect(try open().count == 1)
    }

    @Test("the files are the owner's only and say no name")
    func files() throws {
        let list = try open()
        try note(list, Array(0..<100), 0)
        list.keep()
        for (file, mode) in [("", 0o700), ("/key", 0o600), ("/list", 0o600)] {
            var status = stat()
            #expect(unsafe stat(path + file, &status) == 0)
            #expect(status.st_mode & 0o777 == mode_t(mode), "\(file)")
        }
        let text = try #require(try SmallFile.read(path + "/list"))
        #expect(!text.contains("3491177"))
    }

    @Test("it holds what a plain set would, whatever is erased, given up or restarted between")
    func model() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        var expected: [Int: Int64] = [:]
        var list = try open()
        for step in 0..<200 {
            let numbers = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                Int.random(in: 0..<40, using: &random)
            }
            let until = Int64.random(in: 1...1_000, using: &random)
            try note(list, numbers, UInt64(step), until: Timestamp(milliseconds: until))
            if Int.random(in: 0...3, using: &random) == 0 {
                list.drop()
            } else {
                list.keep()
                for number in numbers { expected[number] = max(expected[number] ?? until, until) }
            }
            if Int.random(in: 0...9, using: &random) == 0 { list = try open() }
            let occurred = Int64.random(in: 0...1_000, using: &random)
            for number in 0..<40 {
                let isHeld = expected[number].map { occurred < $0 } ?? false
                #expect(
                    list.holds(name(number), Timestamp(milliseconds: occurred)) == isHeld,
                    "seed \(seed), step \(step)")
            }
        }
        #expect(list.count == expected.count)
    }
}

import LMDB
import Testing

@Suite("Cursor")
struct CursorTests {
    private func filled() throws -> Fixture {
        let fixture = try Fixture()
        var transaction = try fixture.environment.beginWrite()
        for key: UInt64 in [10, 20, 30] { try transaction.put(fixture.numbers, key, "v\(key)") }
        for key in ["b", "ba", "c"] { try transaction.put(fixture.texts, key, "v\(key)") }
        try transaction.commit()
        return fixture
    }

    @Test("a new cursor goes forwards from the first pair and backwards from the last")
    func fromNowhere() throws {
        let fixture = try filled()
        let transaction = try fixture.environment.beginRead()
        #expect(try transaction.integerKeys(fixture.numbers) == [10, 20, 30])
        var cursor = try transaction.cursor(fixture.numbers)
        #expect(cursor.isOnPair == false)
        var keys: [UInt64] = []
        while try cursor.previous() { keys.append(cursor.integerKey) }
        #expect(keys == [30, 20, 10])
        #expect(cursor.isOnPair == false)
    }

    @Test("from beyond an end a cursor turns back to that end")
    func turn() throws {
        let fixture = try filled()
        let transaction = try fixture.environment.beginRead()
        var cursor = try transaction.cursor(fixture.numbers)
        #expect(try cursor.last())
        #expect(try !cursor.next())
        #expect(try !cursor.next())
        #expect(try cursor.previous())
        #expect(cursor.integerKey == 30)
        #expect(try cursor.first())
        #expect(try !cursor.previous())
        #expect(try !cursor.previous())
        #expect(try cursor.next())
        #expect(cursor.integerKey == 10)
        #expect(copy(cursor.value) == bytes("v10"))
    }

    @Test("seeking at least a key finds it or the next greater one")
    func seekAtLeast() throws {
        let fixture = try filled()
        let transaction = try fixture.environment.beginRead()
        var cursor = try transaction.cursor(fixture.numbers)
        for (sought, found) in [(0, 10), (10, 10), (11, 20), (30, 30)] as [(UInt64, UInt64)] {
            #expect(try cursor.seek(atLeast: sought))
            #expect(cursor.integerKey == found)
        }
        #expect(try !cursor.seek(atLeast: 31))
        #expect(try !cursor.next())
        #expect(try cursor.previous())
        #expect(cursor.integerKey == 30)
    }

    @Test("an exact seek that finds nothing leaves the cursor nowhere")
    func seekExactly() throws {
        let fixture = try filled()
        let transaction = try fixture.environment.beginRead()
        var cursor = try transaction.cursor(fixture.numbers)
        #expect(try cursor.seek(exactly: 20))
        #expect(copy(cursor.value) == bytes("v20"))
        #expect(try !cursor.seek(exactly: 21))
        #expect(cursor.isOnPair == false)
        #expect(try !cursor.next())
        #expect(try !cursor.previous())
        #expect(try cursor.first())
    }

    @Test("byte keys are ordered byte by byte, a prefix first")
    func byteKeys() throws {
        let fixture = try filled()
        let transaction = try fixture.environment.beginRead()
        var cursor = try transaction.cursor(fixture.texts)
        let sought = bytes("bb")
        #expect(try cursor.seek(atLeast: sought.rawSpan))
        #expect(copy(cursor.key) == bytes("c"))
        let exact = bytes("ba")
        #expect(try cursor.seek(exactly: exact.rawSpan))
        #expect(copy(cursor.value) == bytes("vba"))
        #expect(try cursor.previous())
        #expect(copy(cursor.key) == bytes("b"))
    }

    @Test("what a cursor has read outlives its next move")
    func keptValue() throws {
        let fixture = try filled()
        let transaction = try fixture.environment.beginRead()
        var cursor = try transaction.cursor(fixture.texts)
        #expect(try cursor.first())
        let key = cursor.key
        let value = cursor.value
        #expect(try cursor.next())
        #expect(copy(key) == bytes("b"))
        #expect(copy(value) == bytes("vb"))
        #expect(copy(cursor.key) == bytes("ba"))
    }

    @Test("in an empty database no move finds anything")
    func empty() throws {
        let fixture = try Fixture()
        let transaction = try fixture.environment.beginRead()
        var cursor = try transaction.cursor(fixture.numbers)
        #expect(try !cursor.next())
        #expect(try !cursor.previous())
        #expect(try !cursor.first())
        #expect(try !cursor.last())
        #expect(try !cursor.seek(atLeast: 0))
        #expect(try !cursor.seek(exactly: 0))
    }

    @Test("a cursor of a write transaction sees what was just written")
    func inWriteTransaction() throws {
        let fixture = try filled()
        var transaction = try fixture.environment.beginWrite()
        try transaction.put(fixture.numbers, 25, "new")
        try transaction.delete(fixture.numbers, key: 10)
        #expect(try transaction.integerKeys(fixture.numbers) == [20, 25, 30])
        try transaction.put(fixture.numbers, 1, "newer")
        #expect(try transaction.integerKeys(fixture.numbers) == [1, 20, 25, 30])
    }

    @Test("a scan starts where told and stops when told")
    func scan() throws {
        let fixture = try filled()
        let transaction = try fixture.environment.beginRead()
        var keys: [UInt64] = []
        try transaction.forEach(in: fixture.numbers, from: 15) { key, _ in
            keys.append(key)
            return true
        }
        #expect(keys == [20, 30])
        keys = []
        try transaction.forEach(in: fixture.numbers, from: 0) { key, _ in
            keys.append(key)
            return key < 20
        }
        #expect(keys == [10, 20])
        var texts: [[UInt8]] = []
        let start = bytes("ba")
        try transaction.forEach(in: fixture.texts, from: start.rawSpan) { key, value in
            texts.append(copy(key))
            texts.append(copy(value))
            return true
        }
        #expect(texts == ["ba", "vba", "c", "vc"].map(bytes))
        var count = 0
        try transaction.forEach(in: fixture.texts) { _, _ in
            count += 1
            return count < 2
        }
        #expect(count == 2)
    }

    @Test("a scan by prefix visits the keys that start with it and no other")
    func prefix() throws {
        let fixture = try filled()
        let transaction = try fixture.environment.beginRead()
        let expected: [(prefix: String, keys: [String])] = [
            ("", ["b", "ba", "c"]), ("b", ["b", "ba"]), ("ba", ["ba"]), ("baa", []), ("a", []),
            ("c", ["c"]), ("d", []),
        ]
        for (prefix, keys) in expected {
            let start = bytes(prefix)
            var found: [[UInt8]] = []
            try transaction.forEach(in: fixture.texts, prefix: start.rawSpan) { key, value in
                #expect(copy(value) == bytes("v") + copy(key))
                found.append(copy(key))
                return true
            }
            #expect(found == keys.map(bytes))
        }
        let start = bytes("b")
        var count = 0
        try transaction.forEach(in: fixture.texts, prefix: start.rawSpan) { _, _ in
            count += 1
            return false
        }
        #expect(count == 1)
    }
}

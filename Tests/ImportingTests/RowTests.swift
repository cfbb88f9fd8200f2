import EventModel
import Testing

@testable import Importing

@Suite("fields of a row")
struct RowTests {
    private func fields(
        _ line: String, columns: Int, quote: UInt8? = nil, trims: Bool = true,
        repairs: [TableFormat.Repair] = []
    ) throws -> [String] {
        let names = (0..<columns).map { "c\($0)" }
        let format = TableFormat(
            delimiter: UInt8(ascii: ","), quote: quote, hasHeader: false, columns: names,
            trims: trims, repairs: repairs)
        var row = Row()
        let bound = try BoundFormat(format, columns: names)
        try withBytes(line) { line throws(RowFault) in try row.load(line, bound) }
        return row.fields.indices.map { row.field($0).text() }
    }

    @Test("fields stand between delimiters, blanks around them are dropped when told")
    func plain() throws {
        #expect(try fields("a, b ,,d", columns: 4) == ["a", "b", "", "d"])
        #expect(try fields("a, b ,,d", columns: 4, trims: false) == ["a", " b ", "", "d"])
        #expect(try fields("  ", columns: 1) == [""])
    }

    @Test("another number of fields is a fault that says both numbers")
    func counts() {
        #expect(throws: RowFault.fieldCount(expected: 3, actual: 2)) {
            try fields("a,b", columns: 3)
        }
        #expect(throws: RowFault.fieldCount(expected: 1, actual: 2)) {
            try fields("a,", columns: 1)
        }
    }

    @Test("columns joined by blanks are parted by the rule for that number of fields")
    func repair() throws {
        let rule = TableFormat.Repair(fieldCount: 3, joined: ["c1", "c2"])
        #expect(
            try fields("a,0       TT,z", columns: 4, repairs: [rule]) == ["a", "0", "TT", "z"])
        #expect(throws: RowFault.fieldCount(expected: 4, actual: 3)) {
            try fields("a,0 1 2,z", columns: 4, repairs: [rule])
        }
        #expect(throws: RowFault.fieldCount(expected: 4, actual: 2)) {
            try fields("a,0 1", columns: 4, repairs: [rule])
        }
    }

    @Test("a repair that cannot be is refused")
    func badRepairs() {
        for rule in [
            TableFormat.Repair(fieldCount: 3, joined: ["c1"]),
            TableFormat.Repair(fieldCount: 3, joined: ["c1", "c3"]),
            TableFormat.Repair(fieldCount: 2, joined: ["c1", "c2"]),
        ] {
            #expect(throws: ImportError.self) {
                try fields("a,b,c", columns: 4, repairs: [rule])
            }
        }
    }

    @Test("quoted fields hold delimiters, feeds and doubled quotes")
    func quoted() throws {
        let quote = UInt8(ascii: "\"")
        #expect(
            try fields("\"a,1\",\"say \"\"hi\"\"\",5\" disc,\"\"", columns: 4, quote: quote)
                == ["a,1", "say \"hi\"", "5\" disc", ""])
        #expect(throws: RowFault.badQuotes(field: 2)) {
            try fields("a,\"open", columns: 2, quote: quote)
        }
        #expect(throws: RowFault.badQuotes(field: 1)) {
            try fields("\"a\"b,c", columns: 2, quote: quote)
        }
    }
}

import TestSupport
import Testing

@testable import Importing

@Suite("conditions of a mapping")
struct ConditionTests {
    private static let row = "7;x y;-12;990131;10:00:00;;0:30:00"

    private static let cases: [(String, Bool)] = [
        ("a = 'x y'", true), ("a != 'x y'", false), ("a = 'x'", false), ("a = 'x yy'", false),
        ("id = 7", true), ("id = 07", true), ("b < 0", true), ("b >= -12", true),
        ("b > -12", false),
        ("a = 0", false), ("a != 0", true), ("a < 5", false),
        ("a is empty", false), ("a is not empty", true), ("middle is empty", true),
        ("start = '10:00:00'", true), ("start < '10:00:01'", true), ("stop < start", true),
        ("stop > start", false), ("`stop` = '0:30:00'", true),
        ("middle = '0:00:00'", false), ("middle != '0:00:00'", false), ("middle <= start", false),
        ("a = b", false), ("a = a", true), ("id != a", true),
        ("a in ('z', 'x y')", true), ("id in (1, 2)", false), ("id not in (1, 2)", true),
        ("not id = 7", false), ("not not id = 7", true),
        ("id = 1 or id = 7 and b = 0", false), ("(id = 1 or id = 7) and b < 0", true),
        ("id = 7 or id = 1 and id = 2", true), ("seven and not eight", true), ("eight", false),
    ]

    @Test("a condition holds or does not", arguments: cases.indices)
    func holds(index: Int) throws {
        let (condition, expected) = Self.cases[index]
        let toml = SmallTable.text(
            SmallTable.oneEvent + "\nwhen = \"\(condition)\"",
            more: """
                [conditions]
                seven = "id = 7"
                eight = "not seven"
                """)
        // The stop is less than twelve hours before the start, so on the same day.
        #expect(try SmallTable.map(Self.row, by: toml).isEmpty != expected, "\(condition)")
    }

    @Test("a clock against a clock compares moments, the next day's included")
    func nextDay() throws {
        let toml = SmallTable.text(SmallTable.oneEvent + "\nwhen = \"stop > start\"")
        let rows = "1;;;990131;23:00:00;;0:10:00"
        #expect(try SmallTable.map(rows, by: toml).count == 1)
    }

    @Test("nesting has a bound")
    func depth() {
        let deep = String(repeating: "not ", count: 100) + "a = 1"
        #expect(throws: ImportError.self) { try ConditionParser.parse(deep, place: "here") }
        let brackets = String(repeating: "(", count: 100) + "a = 1"
        #expect(throws: ImportError.self) { try ConditionParser.parse(brackets, place: "here") }
    }

    @Test("whatever is written, the parser answers or refuses")
    func arbitrary() {
        let seed: UInt64 = 42
        var random = SeededGenerator(seed: seed)
        let words = [
            "a", "=", "!=", "(", ")", "'x'", "and", "or", "not", "is", "empty", "in", ",", "5",
            "`c d`",
        ]
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...9, using: &random)
            let text = (0..<count).map { _ in words.randomElement(using: &random) ?? "" }
                .joined(separator: " ")
            _ = try? ConditionParser.parse(text, place: "seed \(seed)")
        }
    }
}

internal import EventModel

/// How a table writes dates and clocks: `YYMMDD`, `h:mm:ss`, `YYYY-MM-DD hh:mm:ss`.
///
/// Letters stand for numbers: `YYYY` year, `YY` year of a century, `MM` month, `DD` day, `hh` hour,
/// `mm` minute, `ss` second, `fff` milliseconds. A letter alone (`M D h`) takes one digit or two.
/// Everything else stands for itself.
public struct TimePattern: Sendable, Equatable {
    /// The pattern as it was written.
    public let text: String
    private let items: [Item]

    private enum Item: Equatable {
        case number(Unit, digitsMin: Int, digitsMax: Int)
        case literal(UInt8)
    }

    enum Unit: Equatable, CaseIterable {
        case year, shortYear, month, day, hour, minute, second, millisecond
    }

    /// The numbers that were read.
    struct Numbers {
        var year = 0
        var month = 1
        var day = 1
        var secondOfDay = 0
        var millisecond = 0
    }

    private static let words: [(text: String, unit: Unit, digits: ClosedRange<Int>)] = [
        ("YYYY", .year, 4...4), ("YY", .shortYear, 2...2), ("MM", .month, 2...2),
        ("M", .month, 1...2), ("DD", .day, 2...2), ("D", .day, 1...2), ("hh", .hour, 2...2),
        ("h", .hour, 1...2), ("mm", .minute, 2...2), ("ss", .second, 2...2),
        ("fff", .millisecond, 3...3),
    ]

    /// Reads a pattern; nil if a unit stands twice or a letter means nothing.
    public init?(_ text: String) {
        var items: [Item] = []
        var rest = Substring(text)
        while let character = rest.first {
            if let word = Self.words.first(where: { rest.hasPrefix($0.text) }) {
                items.append(
                    .number(
                        word.unit, digitsMin: word.digits.lowerBound,
                        digitsMax: word.digits.upperBound))
                rest.removeFirst(word.text.count)
            } else {
                guard let byte = character.asciiValue, !character.isLetter || character == "T"
                else { return nil }
                items.append(.literal(byte))
                rest.removeFirst()
            }
        }
        self.text = text
        self.items = items
        for unit in Unit.allCases where count(of: unit) > 1 { return nil }
        if count(of: .year) > 0, count(of: .shortYear) > 0 { return nil }
    }

    private func count(of unit: Unit) -> Int {
        items.count { if case .number(unit, _, _) = $0 { true } else { false } }
    }

    /// Whether it says which day.
    var hasDate: Bool {
        (count(of: .year) == 1 || count(of: .shortYear) == 1) && count(of: .month) == 1
            && count(of: .day) == 1
    }

    /// Whether its year has two digits.
    var needsCentury: Bool { count(of: .shortYear) == 1 }

    /// Whether it says which second of the day.
    var hasClock: Bool { count(of: .hour) == 1 && count(of: .minute) == 1 }

    /// Whether it says anything of the day.
    var hasDatePart: Bool {
        [Unit.year, .shortYear, .month, .day].contains { count(of: $0) > 0 }
    }

    /// Reads a whole value, or returns nil. Hour 24 and second 60 are refused; whether the day
    /// exists is for the caller to check.
    func read(_ value: RawSpan, century: Int) -> Numbers? {
        var numbers = Numbers()
        var offset = 0
        for item in items {
            switch item {
            case .literal(let byte):
                guard offset < value.byteCount, value[offset] == byte else { return nil }
                offset += 1
            case .number(let unit, let digitsMin, let digitsMax):
                var number = 0
                var digits = 0
                while digits < digitsMax, offset < value.byteCount, value[offset].isASCIIDigit {
                    number = number * 10 + Int(value[offset] & 0x0F)
                    digits += 1
                    offset += 1
                }
                guard digits >= digitsMin, numbers.set(unit, number, century) else { return nil }
            }
        }
        return offset == value.byteCount ? numbers : nil
    }
}

extension TimePattern.Numbers {
    fileprivate mutating func set(_ unit: TimePattern.Unit, _ number: Int, _ century: Int) -> Bool {
        switch unit {
        case .year: year = number
        case .shortYear: year = century + number
        case .month: month = number
        case .day: day = number
        case .hour:
            secondOfDay += number * 3_600
            return number < 24
        case .minute:
            secondOfDay += number * 60
            return number < 60
        case .second:
            secondOfDay += number
            return number < 60
        case .millisecond: millisecond = number
        }
        return true
    }
}

/// Card numbers that somebody sends in several messages, each of which by itself is none.
///
/// What was said before is stored and stays: so the last part goes, and of digits sent by fours the
/// third four already, before it is known whether they are a number. At most the first twelve digits are
/// left, of four messages the first eight. The parts have to end where people part such a number, in
/// fours or as it is printed; anything else would take orders and phone numbers for cards.
public enum SplitNumber {
    /// What is replaced at the beginning of a text.
    public struct Cut: Sendable, Equatable {
        let range: Range<Int>
        let rule: RedactionRule
        /// Whether the text is the event's payload, else its attribute `text`.
        public var isOfPayload = false

        /// The text with a mark in its place, which is no longer.
        func applied(to text: RawSpan) -> [UInt8] {
            let mark = range.count >= 6 ? "[card]" : "[*]"
            return text.extracting(0..<range.lowerBound).copied() + Array(mark.utf8)
                + text.extracting(range.upperBound..<text.byteCount).copied()
        }
    }

    /// How many earlier messages of the author count.
    public static let messagesMax = 3
    /// How many bytes at the end of each are looked at: more than a number has.
    public static let tailBytesMax = 64
    /// In how many events of the interaction they are looked for.
    public static let eventsMax = 8

    /// Whether a text may go on with a number: its first byte besides blanks is a digit.
    static func mayGoOn(_ text: RawSpan) -> Bool {
        for offset in 0..<min(text.byteCount, DigitGroups.separatorBytesMax) {
            if text[offset] == 0x20 || text[offset] == 0x0A { continue }
            return text[offset].isASCIIDigit
        }
        return false
    }

    /// Returns what must go of a text.
    ///
    /// - Parameter earlier: The ends of what its author said before in the interaction, the newest
    ///   first.
    public static func cut(_ text: [UInt8], after earlier: [[UInt8]]) -> Cut? {
        let own = Part(text)
        guard let first = own.groups.groups.first, own.leads, let newest = earlier.first else {
            return nil
        }
        let isShort = own.isAlone && own.groups.groups.count == 1
        if isShort, (3...4).contains(first.range.count), let rule = ruleBehind(mark: newest) {
            return Cut(range: first.range, rule: rule)
        }
        let before = run(before: earlier)
        guard !before.isEmpty else { return nil }
        if let end = end(of: own, behind: before) {
            return Cut(range: first.range.lowerBound..<end, rule: .cardNumber)
        }
        let areFours = before.count >= 2 && before.allSatisfy { $0.isAlone && $0.sizes == [4] }
        guard isShort, first.range.count == 4, areFours,
            CardNumber.canBegin(before[0].groups.digits[...])
        else { return nil }
        return Cut(range: first.range, rule: .cardNumber)
    }

    /// A text as digits.
    private struct Part {
        let groups: DigitGroups
        /// Whether nothing but blanks stands before its digits.
        let leads: Bool
        /// Whether nothing but what parts digits stands in it besides digits.
        let isAlone: Bool
        let sizes: [Int]

        init(_ text: [UInt8]) {
            groups = DigitGroups(text)
            let all = groups.groups
            sizes = all.map(\.range.count)
            let start = all.first?.range.lowerBound ?? 0
            leads = text[..<start].allSatisfy { $0 == 0x20 || $0 == 0x0A }
            let areJoined = all.dropFirst().allSatisfy(\.isJoined)
            let end = all.last?.range.upperBound ?? 0
            isAlone =
                leads && areJoined && !all.isEmpty
                && text[end...].allSatisfy { [0x20, 0x0A, 0x0D, 0x2C, 0x2D, 0x2E].contains($0) }
        }
    }

    /// By which rule three or four digits go that follow a text which ends with a mark: they are the
    /// code beside a number, or another part of one.
    private static func ruleBehind(mark text: [UInt8]) -> RedactionRule? {
        guard text.last == UInt8(ascii: "]"),
            let start = text.lastIndex(of: UInt8(ascii: "["))
        else { return nil }
        if text[start...].elementsEqual("[*]".utf8) { return .cardNumber }
        return text[start...].starts(with: "[card".utf8) ? .cardCode : nil
    }

    /// The messages that end with digits, the oldest first: all of them but the oldest are digits
    /// alone.
    private static func run(before earlier: [[UInt8]]) -> [Part] {
        var parts: [Part] = []
        for text in earlier {
            let part = Part(text)
            guard let last = part.groups.groups.last, last.range.upperBound == text.count else {
                break
            }
            parts.append(part)
            if !part.isAlone { break }
        }
        return parts.reversed()
    }

    /// Where the longest card number ends that begins in earlier messages and goes on in this one.
    private static func end(of own: Part, behind before: [Part]) -> Int? {
        var digits: [UInt8] = []
        var sizes: [Int] = []
        // Where each part begins, by its first group.
        var starts: [Int] = []
        for (index, part) in before.enumerated() {
            // Of the oldest only what stands together at its end.
            let all = part.groups.groups
            let first = index > 0 ? 0 : all.lastIndex { !$0.isJoined } ?? 0
            starts.append(sizes.count)
            for group in all[first...] {
                digits += part.groups.digits[group.digits]
                sizes.append(group.range.count)
            }
        }
        var found: Int?
        // A number does not begin amid another, as in the last four digits of a phone's.
        for start in starts {
            let skipped = sizes[..<start].reduce(0, +)
            var number = Array(digits[skipped...])
            var parts = Array(sizes[start...])
            for (index, group) in own.groups.groups.enumerated() {
                guard index == 0 || group.isJoined else { break }
                number += own.groups.digits[group.digits]
                parts.append(group.range.count)
                guard number.count <= CardNumber.lengths.upperBound else { break }
                // What goes on with a long group is a number of its own.
                let next = index + 1
                let goesOn =
                    next < own.groups.groups.count && own.groups.groups[next].isJoined
                    && own.groups.count(next) > 4
                if !goesOn, isParted(parts), CardNumber.isValid(number[...]) {
                    found = max(found ?? 0, group.range.upperBound)
                }
            }
            if found != nil { break }
        }
        return found
    }

    /// Whether a number is parted only where it is when it is printed or said.
    private static func isParted(_ sizes: [Int]) -> Bool {
        let length = sizes.reduce(0, +)
        var end = 0
        for size in sizes.dropLast() {
            end += size
            guard length < 16 ? end == 4 || end == 10 : end % 4 == 0 else { return false }
        }
        return true
    }
}

/// Looks for card numbers and for the codes beside them.
struct CardSearch {
    private let text: [UInt8]
    private let groups: DigitGroups

    /// How far from a number its code is looked for, in bytes.
    private static let nearBytes = 64
    /// What people call the code.
    private static let codeWords: [[UInt8]] = [
        "cvv", "cvc", "cid", "csc", "cvn", "code", "codigo", "código", "security", "seguridad",
        "보안",
    ].map { Array($0.utf8) }

    init(_ text: [UInt8], _ groups: DigitGroups) {
        self.text = text
        self.groups = groups
    }

    func findings() -> [Redactor.Finding] {
        var findings: [Redactor.Finding] = []
        var group = 0
        while group < groups.groups.count {
            guard let (finding, last) = number(from: group) else {
                group += 1
                continue
            }
            findings.append(finding)
            findings += codes(beside: finding.range, group...last)
            group = last + 1
        }
        return findings
    }

    /// The longest card number that begins with a group, and the group with which it ends. Where a
    /// shorter one begins there too, which is meant is not known: then no digits stay, for the last
    /// ones may be a code.
    private func number(from first: Int) -> (Redactor.Finding, last: Int)? {
        let start = groups.groups[first].range.lowerBound
        guard canBegin(first), !isNameBefore(start) else { return nil }
        var found: (finding: Redactor.Finding, last: Int)?
        var length = 0
        for last in first..<groups.groups.count {
            guard last == first || groups.groups[last].isJoined else { break }
            length += groups.count(last)
            guard length <= CardNumber.lengths.upperBound else { break }
            guard length >= CardNumber.lengths.lowerBound, isGrouped(first, last) else { continue }
            let end = groups.groups[last]
            let digits = groups.digits[
                groups.groups[first].digits.lowerBound..<end.digits.upperBound]
            guard CardNumber.isValid(digits) else { continue }
            let kept: ArraySlice<UInt8> = found == nil ? digits.suffix(4) : []
            found = (
                Redactor.Finding(
                    range: start..<end.range.upperBound, rule: .cardNumber, lastDigits: kept), last
            )
        }
        return found.map { ($0.finding, $0.last) }
    }

    /// Whether `isGrouped` can hold from a group on: told first, so that nothing costs more than its
    /// length, whatever somebody sends.
    private func canBegin(_ group: Int) -> Bool {
        let size = groups.count(group)
        return size == 4 || size >= CardNumber.lengths.lowerBound || !groups.groups[group].isJoined
    }

    /// Whether digits belong to a word before them, as those of `ORD4111…` do, or to a phone number.
    private func isNameBefore(_ offset: Int) -> Bool {
        guard offset > 0 else { return false }
        let before = text[offset - 1]
        return before.isASCIILetter || before == UInt8(ascii: "+")
    }

    /// Whether groups are parted as a card's number is: not at all, in fours, as American Express
    /// and Diners print them, or anyhow if nothing else stands there.
    private func isGrouped(_ first: Int, _ last: Int) -> Bool {
        let sizes = (first...last).map(groups.count)
        guard sizes.count > 1 else { return true }
        if sizes == [4, 6, 5] || sizes == [4, 6, 4] { return true }
        if sizes.dropLast().allSatisfy({ $0 == 4 }), sizes.last ?? 0 <= 4 { return true }
        let isAlone =
            !groups.groups[first].isJoined
            && (last + 1 == groups.groups.count || !groups.groups[last + 1].isJoined)
        return isAlone
    }

    /// Three or four digits near a number: behind a word for the code, directly behind the number,
    /// or behind the date of its end.
    private func codes(
        beside card: Range<Int>, _ own: ClosedRange<Int>
    ) -> [Redactor.Finding] {
        let before = (0..<own.lowerBound).reversed().prefix {
            groups.groups[$0].range.upperBound + Self.nearBytes > card.lowerBound
        }
        let behind = (own.upperBound + 1..<groups.groups.count).prefix {
            groups.groups[$0].range.lowerBound < card.upperBound + Self.nearBytes
        }
        return (before.reversed() + behind).filter { isCode($0, card) }
            .map { Redactor.Finding(range: groups.groups[$0].range, rule: .cardCode) }
    }

    private func isCode(_ group: Int, _ card: Range<Int>) -> Bool {
        let range = groups.groups[group].range
        guard (3...4).contains(range.count), !Redactor.isWord(text, range.lowerBound - 1),
            !Redactor.isWord(text, range.upperBound), !isPartOfDate(range)
        else { return false }
        return isNamed(range, card) || follows(group, card)
    }

    private func isPartOfDate(_ range: Range<Int>) -> Bool {
        let slash = UInt8(ascii: "/")
        return range.lowerBound > 0 && text[range.lowerBound - 1] == slash
            || range.upperBound < text.count && text[range.upperBound] == slash
    }

    /// Whether a word for the code stands at most 24 bytes before it, no digits between.
    private func isNamed(_ range: Range<Int>, _ card: Range<Int>) -> Bool {
        var start = max(0, range.lowerBound - 24)
        if card.upperBound <= range.lowerBound { start = max(start, card.upperBound) }
        let before =
            text[start..<range.lowerBound].split(
                omittingEmptySubsequences: false, whereSeparator: \.isASCIIDigit
            ).last ?? []
        let words = before.map { $0.isASCIILetter ? $0 | 0x20 : $0 }
        return Self.codeWords.contains { Self.contains(words, $0) }
    }

    private static func contains(_ bytes: [UInt8], _ word: [UInt8]) -> Bool {
        guard bytes.count >= word.count else { return false }
        return (0...bytes.count - word.count).contains { offset in
            bytes[offset..<offset + word.count].elementsEqual(word)
        }
    }

    /// Whether only separators, and at most a date like `12/27`, part a group from the number.
    private func follows(_ index: Int, _ card: Range<Int>) -> Bool {
        guard groups.groups[index].isJoined, index > 0 else { return false }
        if groups.groups[index - 1].range.upperBound == card.upperBound {
            return groups.count(index) == 3
        }
        guard index > 2, groups.groups[index - 1].isJoined, groups.groups[index - 2].isJoined,
            groups.groups[index - 3].range.upperBound == card.upperBound
        else { return false }
        return groups.count(index - 2) == 2 && [2, 4].contains(groups.count(index - 1))
    }
}

/// Numbers that states give to persons.
enum IdentityNumbers {
    /// `YYMMDD-GNNNNNN`. With a separator the date and the digit for sex and century decide: numbers
    /// given since October 2020 have no check digit. Thirteen digits in a row need one.
    static func korean(_ text: [UInt8], _ groups: DigitGroups) -> [Redactor.Finding] {
        var findings: [Redactor.Finding] = []
        for (index, group) in groups.groups.enumerated() {
            guard !Redactor.isWord(text, group.range.lowerBound - 1) else { continue }
            let digits = groups.digits
            if group.range.count == 13 {
                let own = digits[group.digits]
                guard isKoreanBirth(own), hasKoreanCheck(Array(own)),
                    !Redactor.isWord(text, group.range.upperBound)
                else { continue }
                findings.append(
                    Redactor.Finding(range: group.range, rule: .koreanResidentNumber))
            } else if group.range.count == 6, index + 1 < groups.groups.count {
                let next = groups.groups[index + 1]
                guard next.isJoined, next.range.count == 7,
                    next.range.lowerBound - group.range.upperBound <= 3,
                    isKoreanBirth(digits[group.digits.lowerBound..<next.digits.upperBound]),
                    !Redactor.isWord(text, next.range.upperBound)
                else { continue }
                findings.append(
                    Redactor.Finding(
                        range: group.range.lowerBound..<next.range.upperBound,
                        rule: .koreanResidentNumber))
            }
        }
        return findings
    }

    private static func isKoreanBirth(_ digits: ArraySlice<UInt8>) -> Bool {
        let own = digits.map { Int($0) }
        let (month, day) = (own[2] * 10 + own[3], own[4] * 10 + own[5])
        return (1...12).contains(month) && (1...31).contains(day) && (1...8).contains(own[6])
    }

    private static func hasKoreanCheck(_ digits: [UInt8]) -> Bool {
        let weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]
        let sum = zip(weights, digits).reduce(0) { $0 + $1.0 * Int($1.1) }
        // Foreigners' numbers count from 13.
        let base = digits[6] >= 5 ? 13 : 11
        return (base - sum % 11) % 10 == Int(digits[12])
    }

    private static let letters = Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)

    /// `12345678Z`, `12.345.678-Z`, `X1234567L`.
    static func spanish(_ text: [UInt8], _ groups: DigitGroups) -> [Redactor.Finding] {
        var findings: [Redactor.Finding] = []
        for (index, group) in groups.groups.enumerated() {
            var (last, sizes) = (index, [group.range.count])
            if sizes[0] <= 2 {
                while sizes.count < 3, last + 1 < groups.groups.count,
                    groups.groups[last + 1].isJoined
                {
                    last += 1
                    sizes.append(groups.count(last))
                }
            }
            let digits = groups.digits[
                group.digits.lowerBound..<groups.groups[last].digits.upperBound]
            guard let start = spanishStart(text, group.range.lowerBound, sizes),
                let end = spanishEnd(
                    text, groups.groups[last].range.upperBound, start.first, digits)
            else { continue }
            findings.append(
                Redactor.Finding(range: start.offset..<end, rule: .spanishIdentityNumber))
        }
        return findings
    }

    /// Where the number begins, and the digit that an NIE's letter stands for.
    private static func spanishStart(
        _ text: [UInt8], _ digits: Int, _ sizes: [Int]
    ) -> (offset: Int, first: Int)? {
        if sizes == [8] || sizes == [2, 3, 3] {
            return Redactor.isWord(text, digits - 1) ? nil : (digits, 0)
        }
        guard sizes == [7] || sizes == [1, 3, 3] else { return nil }
        var letter = digits - 1
        if letter > 0, text[letter] == UInt8(ascii: "-") { letter -= 1 }
        guard letter >= 0, !Redactor.isWord(text, letter - 1),
            let first = [UInt8]("xyz".utf8).firstIndex(of: text[letter] | 0x20)
        else { return nil }
        return (letter, first)
    }

    private static func spanishEnd(
        _ text: [UInt8], _ end: Int, _ first: Int, _ digits: ArraySlice<UInt8>
    ) -> Int? {
        var letter = end
        if letter < text.count, text[letter] == UInt8(ascii: "-") { letter += 1 }
        guard letter < text.count, !Redactor.isWord(text, letter + 1) else { return nil }
        let number = digits.reduce(first) { $0 * 10 + Int($1) }
        guard letters[number % 23] == text[letter] & 0xDF else { return nil }
        return letter + 1
    }
}

/// Finds in texts what must not be stored, and writes them without it. What it finds depends on the
/// text and the rules alone, so that an event that is sent again is the same again.
///
/// Nearly all texts have too few digits to hold anything: those cost one pass that counts them.
struct Redactor {
    /// What stands somewhere in a text.
    struct Finding: Equatable {
        let range: Range<Int>
        let rule: RedactionRule
        /// The last four digits, where they may stay.
        var lastDigits: ArraySlice<UInt8> = []
    }

    let rules: RedactionRules
    private let digitsMin: Int
    /// Whether card numbers are among what is looked for.
    let looksForCards: Bool

    init(_ rules: RedactionRules) {
        self.rules = rules
        digitsMin = rules.digitsMin
        looksForCards = rules.rules.contains(.cardNumber)
    }

    /// Returns the text as it may be stored, or nil where it may as it is.
    ///
    /// - Parameter found: Counts what was taken out, by rule.
    func redacted(_ text: RawSpan, counting found: inout RedactionCounts) -> [UInt8]? {
        guard text.byteCount >= digitsMin, digitCount(text) >= digitsMin,
            !rules.patterns.isEmpty || longestRun(text) >= digitsMin
        else { return nil }
        let bytes = unsafe text.withUnsafeBytes { unsafe Array($0) }
        let unescaped = UnescapedText(bytes)
        let findings = findings(in: unescaped.bytes)
        guard !findings.isEmpty else { return nil }
        let replacements = replacements(
            findings.map { ($0, unescaped.place(of: $0.range)) }, JSONValues(bytes))
        guard !replacements.isEmpty else { return nil }
        for replacement in replacements { found[replacement.finding.rule] += 1 }
        return rewrite(bytes, replacements)
    }

    /// A finding, and where what it replaces stands in the text as it was given.
    private struct Replacement {
        let finding: Finding
        let range: Range<Int>
        /// Whether it is a number of a JSON document: it becomes a string.
        let isNumber: Bool
    }

    /// What of the findings is replaced: all; in a JSON document what lies within one string, or is
    /// the whole of one number, so that a document stays one.
    private func replacements(
        _ findings: [(finding: Finding, range: Range<Int>)], _ document: JSONValues?
    ) -> [Replacement] {
        guard let document else {
            return findings.map {
                Replacement(finding: $0.finding, range: $0.range, isNumber: false)
            }
        }
        var index = 0
        return findings.compactMap { finding, range in
            index = document.index(from: index, endingBehind: range.lowerBound)
            guard index < document.values.count else { return nil }
            let value = document.values[index]
            guard value.range.contains(range) else { return nil }
            guard value.isString || value.range == range else { return nil }
            return Replacement(finding: finding, range: range, isNumber: !value.isString)
        }
    }

    private func digitCount(_ text: RawSpan) -> Int {
        unsafe text.withUnsafeBytes { bytes in
            var count = 0
            for offset in 0..<bytes.count {
                count &+= unsafe bytes[offset] &- 0x30 < 10 ? 1 : 0
            }
            return count
        }
    }

    /// The most digits between which no more stands than separators can. What is escaped may be one
    /// byte: backslashes do not count.
    private func longestRun(_ text: RawSpan) -> Int {
        unsafe text.withUnsafeBytes { bytes in
            var (longest, run, gap) = (0, 0, 0)
            for offset in 0..<bytes.count {
                let byte = unsafe bytes[offset]
                if byte &- 0x30 < 10 {
                    run = gap > DigitGroups.separatorBytesMax ? 1 : run + 1
                    gap = 0
                    longest = max(longest, run)
                } else if byte != UInt8(ascii: "\\") {
                    gap += 1
                }
            }
            return longest
        }
    }

    /// What is found, in order, none over another.
    func findings(in text: [UInt8]) -> [Finding] {
        let groups = DigitGroups(text)
        var findings: [Finding] = []
        if rules.rules.contains(.cardNumber) {
            findings += CardSearch(text, groups).findings()
        }
        if rules.rules.contains(.koreanResidentNumber) {
            findings += IdentityNumbers.korean(text, groups)
        }
        if rules.rules.contains(.spanishIdentityNumber) {
            findings += IdentityNumbers.spanish(text, groups)
        }
        if !rules.patterns.isEmpty { findings += fittingPatterns(text) }
        findings.sort {
            ($0.range.lowerBound, $0.rule.rawValue) < ($1.range.lowerBound, $1.rule.rawValue)
        }
        var end = 0
        return findings.filter { finding in
            guard finding.range.lowerBound >= end else { return false }
            end = finding.range.upperBound
            return true
        }
    }

    private func fittingPatterns(_ text: [UInt8]) -> [Finding] {
        var findings: [Finding] = []
        var offset = 0
        while offset < text.count {
            let pattern =
                Self.isWord(text, offset - 1)
                ? nil
                : rules.patterns.first {
                    $0.fits(text, at: offset) && !Self.isWord(text, offset + $0.form.count)
                }
            guard let pattern else {
                offset += 1
                continue
            }
            let range = offset..<offset + pattern.form.count
            findings.append(Finding(range: range, rule: .pattern))
            offset = range.upperBound
        }
        return findings
    }

    /// Whether a letter or a digit stands at an offset, which may lie outside.
    static func isWord(_ text: [UInt8], _ offset: Int) -> Bool {
        text.indices.contains(offset) && (text[offset].isASCIIDigit || text[offset].isASCIILetter)
    }

    private func rewrite(_ text: [UInt8], _ replacements: [Replacement]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var start = 0
        for replacement in replacements {
            result += text[start..<replacement.range.lowerBound]
            if replacement.isNumber { result.append(UInt8(ascii: "\"")) }
            appendMark(of: replacement.finding, replacement.isNumber, to: &result)
            if replacement.isNumber { result.append(UInt8(ascii: "\"")) }
            start = replacement.range.upperBound
        }
        return result + text[start...]
    }

    /// Appends what stands in the place of what was found; never longer than that.
    private func appendMark(of finding: Finding, _ isNumber: Bool, to result: inout [UInt8]) {
        // Between quotes there is room for one letter in the place of three digits.
        if isNumber, finding.rule == .cardCode { return result.append(UInt8(ascii: "*")) }
        finding.rule.mark.withUTF8Buffer { unsafe result.append(contentsOf: $0) }
        guard finding.rule == .cardNumber else { return }
        if !finding.lastDigits.isEmpty {
            result += [UInt8(ascii: " "), UInt8(ascii: "*")]
            result += finding.lastDigits.map { $0 + 0x30 }
        }
        result.append(UInt8(ascii: "]"))
    }
}

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

    init(_ rules: RedactionRules) {
        self.rules = rules
        digitsMin = rules.digitsMin
    }

    /// Returns the text as it may be stored, or nil where it may as it is.
    ///
    /// - Parameter found: Counts what was taken out, by rule.
    func redacted(_ text: RawSpan, counting found: inout RedactionCounts) -> [UInt8]? {
        guard text.byteCount >= digitsMin, digitCount(text) >= digitsMin,
            !rules.patterns.isEmpty || longestRun(text) >= digitsMin
        else { return nil }
        let bytes = unsafe text.withUnsafeBytes { unsafe Array($0) }
        let findings = findings(in: bytes)
        guard !findings.isEmpty else { return nil }
        for finding in findings { found[finding.rule] += 1 }
        return rewrite(bytes, findings)
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

    /// The most digits between which no more stands than separators can.
    private func longestRun(_ text: RawSpan) -> Int {
        unsafe text.withUnsafeBytes { bytes in
            var (longest, run, gap) = (0, 0, 0)
            for offset in 0..<bytes.count {
                if unsafe bytes[offset] &- 0x30 < 10 {
                    run = gap > DigitGroups.separatorBytesMax ? 1 : run + 1
                    gap = 0
                    longest = max(longest, run)
                } else {
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

    private func rewrite(_ text: [UInt8], _ findings: [Finding]) -> [UInt8] {
        let isDocument = text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[")
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var start = 0
        var quotes = Quotes()
        for finding in findings {
            quotes.pass(text[start..<finding.range.lowerBound])
            result += text[start..<finding.range.lowerBound]
            // A number of a JSON document becomes a text, so that the document stays one.
            let isNumber =
                isDocument && !quotes.areOpen && Self.isBareValue(text, finding.range)
            if isNumber { result.append(UInt8(ascii: "\"")) }
            appendMark(of: finding, isNumber, to: &result)
            if isNumber { result.append(UInt8(ascii: "\"")) }
            start = finding.range.upperBound
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

    /// Whether a place of a JSON document lies within a string.
    private struct Quotes {
        private(set) var areOpen = false
        private var isEscaped = false

        mutating func pass(_ bytes: ArraySlice<UInt8>) {
            for byte in bytes {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = areOpen
                } else if byte == UInt8(ascii: "\"") {
                    areOpen.toggle()
                }
            }
        }
    }

    private static func isBareValue(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        let before = text[..<range.lowerBound].last { !isBlank($0) }
        let after = text[range.upperBound...].first { !isBlank($0) }
        let opens = before.map { [0x3A, 0x2C, 0x5B].contains($0) } ?? false
        return opens && (after.map { [0x2C, 0x7D, 0x5D].contains($0) } ?? false)
    }
}

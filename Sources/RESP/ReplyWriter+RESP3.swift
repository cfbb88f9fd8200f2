extension ReplyWriter {
    /// Begins a set of that many values; RESP2: an array.
    public mutating func set(_ count: Int) {
        header(protocolVersion == .resp3 ? UInt8(ascii: "~") : UInt8(ascii: "*"), count)
    }

    /// Begins a push of that many values, the first of them its kind; RESP2: an array.
    public mutating func push(_ count: Int) {
        header(protocolVersion == .resp3 ? UInt8(ascii: ">") : UInt8(ascii: "*"), count)
    }

    /// Begins an attribute of that many pairs, which stands before the value it speaks of.
    ///
    /// Precondition: the version is RESP3; there is no way to say it in RESP2.
    public mutating func attribute(_ pairCount: Int) {
        precondition(protocolVersion == .resp3, "RESP2 has no attributes")
        header(UInt8(ascii: "|"), pairCount)
    }

    /// Writes a boolean; RESP2: 1 or 0.
    public mutating func boolean(_ value: Bool) {
        switch protocolVersion {
        case .resp2: buffer.append(value ? ":1\r\n" : ":0\r\n")
        case .resp3: buffer.append(value ? "#t\r\n" : "#f\r\n")
        }
    }

    /// Writes a number in as few digits as give the same number back; RESP2: as a bulk string.
    ///
    /// Infinities are `inf` and `-inf`, and every NaN is `nan`.
    public mutating func double(_ value: Double) {
        scalar(UInt8(ascii: ","), value.isNaN ? "nan" : value.description)
    }

    /// Writes an integer beyond 64 bits from its decimal digits; RESP2: as a bulk string.
    ///
    /// Precondition: digits, and at most one sign before them.
    public mutating func bigNumber(_ digits: String) {
        precondition(BigNumber.isValid(digits.utf8.span.octets), "a big number is made of digits")
        scalar(UInt8(ascii: "("), digits)
    }

    /// Writes a text with its format, three letters such as `txt`; RESP2: the text as a bulk string.
    public mutating func verbatim(format: StaticString = "txt", _ text: RawSpan) {
        precondition(format.utf8CodeUnitCount == 3, "a verbatim format has three letters")
        guard protocolVersion == .resp3 else { return bulk(text) }
        header(UInt8(ascii: "="), text.byteCount + 4)
        buffer.append(format)
        buffer.append(UInt8(ascii: ":"))
        buffer.append(text)
        endLine()
    }

    /// Writes a text with its format, three letters such as `txt`; RESP2: the text as a bulk string.
    public mutating func verbatim(format: StaticString = "txt", _ text: String) {
        verbatim(format: format, text.utf8.span.octets)
    }

    private mutating func scalar(_ type: UInt8, _ text: String) {
        guard protocolVersion == .resp3 else { return bulk(text) }
        buffer.append(type)
        buffer.append(text)
        endLine()
    }
}

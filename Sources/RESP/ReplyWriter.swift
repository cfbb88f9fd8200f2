/// Writes replies, in the peer's version of the protocol, behind each other into one buffer.
///
/// What RESP2 has no type for is written as Redis writes it there: a map as a flat array of keys
/// and values, a set or a push as an array, a boolean as 1 or 0, other scalars as bulk strings.
/// An aggregate's header says how many values follow; the caller writes exactly those.
///
/// It performs no I/O: the caller sends `buffer.bytes`, then `buffer.removeAll()`.
@frozen
public struct ReplyWriter: Sendable {
    /// What is written so far.
    public var buffer: OutputBuffer
    /// The version that what comes next is written in.
    public var protocolVersion: ProtocolVersion

    /// Creates a writer with an empty buffer.
    public init(protocolVersion: ProtocolVersion = .resp2, minimumCapacity: Int = 0) {
        self.protocolVersion = protocolVersion
        self.buffer = OutputBuffer(minimumCapacity: minimumCapacity)
    }

    /// Writes `+text`; line ends and other control bytes in it become spaces.
    public mutating func simpleString(_ text: StaticString) {
        buffer.append(UInt8(ascii: "+"))
        let start = buffer.count
        buffer.append(text)
        endLine(from: start)
    }

    /// Writes `+text`; line ends and other control bytes in it become spaces.
    public mutating func simpleString(_ text: String) {
        buffer.append(UInt8(ascii: "+"))
        let start = buffer.count
        buffer.append(text)
        endLine(from: start)
    }

    /// Writes `-CODE prose`; line ends and other control bytes in it become spaces.
    ///
    /// Clients match the code alone: one upper-case word.
    public mutating func error(_ code: StaticString, _ prose: String) {
        beginError(code)
        let start = buffer.count
        buffer.append(prose)
        endLine(from: start)
    }

    /// Writes `-CODE prose` with a prose known at compile time.
    public mutating func error(_ code: StaticString, _ prose: StaticString) {
        beginError(code)
        let start = buffer.count
        buffer.append(prose)
        endLine(from: start)
    }

    /// Writes `-CODE prose` with a code known only at run time.
    public mutating func error(code: String, _ prose: String) {
        buffer.append(UInt8(ascii: "-"))
        let start = buffer.count
        buffer.append(code)
        buffer.append(ASCII.space)
        buffer.append(prose)
        endLine(from: start)
    }

    /// Writes the answer to bytes that are no request: `-ERR Protocol error: …`.
    public mutating func error(_ error: ProtocolError) {
        self.error("ERR", "Protocol error: \(error)")
    }

    /// Writes `:value`.
    @inlinable
    public mutating func integer<Integer: FixedWidthInteger>(_ value: Integer) {
        buffer.append(
            line: UInt8(ascii: ":"), magnitude: UInt64(value.magnitude), isNegative: value < 0)
    }

    /// Writes that there is no value: `_` in RESP3, `$-1` in RESP2.
    public mutating func null() {
        buffer.append(protocolVersion == .resp3 ? "_\r\n" : "$-1\r\n")
    }

    /// Writes that there is no array: `_` in RESP3, `*-1` in RESP2.
    public mutating func nullArray() {
        buffer.append(protocolVersion == .resp3 ? "_\r\n" : "*-1\r\n")
    }

    /// Begins an array of that many values.
    public mutating func array(_ count: Int) {
        header(UInt8(ascii: "*"), count)
    }

    /// Begins a map of that many pairs: key, value, key, value …
    public mutating func map(_ pairCount: Int) {
        switch protocolVersion {
        case .resp2: header(UInt8(ascii: "*"), pairCount * 2)
        case .resp3: header(UInt8(ascii: "%"), pairCount)
        }
    }

    private mutating func beginError(_ code: StaticString) {
        buffer.append(UInt8(ascii: "-"))
        buffer.append(code)
        buffer.append(ASCII.space)
    }

    /// Writes a type byte, a count and CR LF.
    mutating func header(_ type: UInt8, _ count: Int) {
        precondition(count >= 0, "a count is never negative")
        buffer.append(line: type, magnitude: UInt64(count))
    }

    mutating func endLine() {
        buffer.append("\r\n")
    }

    /// Ends a line of text; a control byte in it could end it early or move a terminal's cursor.
    mutating func endLine(from start: Int) {
        buffer.replaceControlBytes(from: start)
        endLine()
    }
}

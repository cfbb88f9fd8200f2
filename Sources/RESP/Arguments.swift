/// The arguments of one request, where they arrived; index 0 is the command's name.
///
/// A view: it cannot outlive the bytes or the parser that found them. Whatever is to stay must be
/// copied (`copy(at:)`, `string(at:)`). An index out of range is a mistake of the caller's and
/// traps: compare with `count` first.
@frozen
public struct Arguments: ~Escapable {
    @usableFromInline let bytes: RawSpan
    @usableFromInline let ranges: Span<ArgumentRange>

    @_lifetime(copy bytes, copy ranges)
    init(bytes: RawSpan, ranges: Span<ArgumentRange>) {
        self.bytes = bytes
        self.ranges = ranges
    }

    /// The number of arguments, the command's name included; at least 1.
    @inlinable
    public var count: Int { ranges.count }

    /// The bytes of one argument.
    @inlinable
    public subscript(index: Int) -> RawSpan {
        @_lifetime(copy self)
        get {
            let range = ranges[index]
            return bytes.extracting(
                Int(range.offset)..<Int(range.offset) + Int(range.byteCount)
            )
        }
    }

    /// Returns whether an argument is this word, ASCII letters compared without regard to case.
    @inlinable
    public func equalsIgnoringCase(_ index: Int, _ word: StaticString) -> Bool {
        self[index].equalsIgnoringCase(word)
    }

    /// Returns an argument as a signed decimal integer, or nil if it is none that fits.
    ///
    /// Strict: digits with an optional minus, no plus, no leading zero, no white space.
    @inlinable
    public func integer(at index: Int) -> Int64? {
        self[index].decimalInteger()
    }

    /// Returns an argument as text, or nil if it is not valid UTF-8.
    public func string(at index: Int) -> String? {
        unsafe self[index].withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
    }

    /// Returns a copy of an argument's bytes.
    public func copy(at index: Int) -> [UInt8] {
        unsafe self[index].withUnsafeBytes { unsafe [UInt8]($0) }
    }
}

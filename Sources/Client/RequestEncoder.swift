public import RESP

/// Writes requests, as RESP multibulks, behind each other into one buffer.
///
/// ```
/// encoder.begin(argumentCount: 3)
/// encoder.append("APPEND")
/// encoder.append(type)
/// encoder.append(position)
/// ```
///
/// The hot path of an importer: literals, bytes and integers go in without a `String` each, and
/// after warm-up nothing is allocated.
public struct RequestEncoder: Sendable {
    /// The encoded bytes.
    public private(set) var buffer: OutputBuffer
    /// The requests begun since the encoder was made.
    public private(set) var requestCount: UInt64 = 0
    /// Arguments that the current request still lacks.
    private var argumentsLeft = 0

    /// Creates an encoder with an empty buffer.
    public init(minimumCapacity: Int = 0) {
        buffer = OutputBuffer(minimumCapacity: minimumCapacity)
    }

    /// Whether every request has as many arguments as it was begun with.
    public var isComplete: Bool { argumentsLeft == 0 }

    /// Begins a request; exactly that many arguments must be appended, the command's name first.
    public mutating func begin(argumentCount: Int) {
        precondition(argumentsLeft == 0, "the request before lacks arguments")
        precondition(argumentCount >= 1, "a request has at least its name")
        buffer.append(line: UInt8(ascii: "*"), magnitude: UInt64(argumentCount))
        argumentsLeft = argumentCount
        requestCount += 1
    }

    /// Appends an argument.
    public mutating func append(_ bytes: RawSpan) {
        countArgument()
        buffer.append(bulk: bytes)
    }

    /// Appends an argument.
    public mutating func append(_ bytes: [UInt8]) {
        append(bytes.span.octets)
    }

    /// Appends a literal as an argument.
    public mutating func append(_ text: StaticString) {
        countArgument()
        buffer.append(bulk: text)
    }

    /// Appends a text's UTF-8 as an argument.
    public mutating func append(_ text: String) {
        append(text.utf8.span.octets)
    }

    /// Appends an integer's decimal digits as an argument.
    @inlinable
    public mutating func append<Integer: FixedWidthInteger>(_ value: Integer) {
        append(magnitude: UInt64(value.magnitude), isNegative: value < 0)
    }

    /// Appends arguments that are encoded already, each as `$<length>\r\n<bytes>\r\n`: for who
    /// sends the same ones many times.
    ///
    /// The bytes are not looked at; what is no such run breaks the connection.
    public mutating func append(encoded bytes: RawSpan, argumentCount: Int) {
        precondition(argumentCount >= 0, "a run has no negative number of arguments")
        precondition(argumentsLeft >= argumentCount, "the request was begun with fewer arguments")
        argumentsLeft -= argumentCount
        buffer.append(bytes)
    }

    /// Writes a whole request.
    public mutating func request(_ arguments: [String]) {
        begin(argumentCount: arguments.count)
        for argument in arguments { append(argument) }
    }

    /// Writes a whole request.
    public mutating func request(_ arguments: [[UInt8]]) {
        begin(argumentCount: arguments.count)
        for argument in arguments { append(argument) }
    }

    /// Forgets the first bytes, because they were sent.
    ///
    /// Precondition: every request is complete.
    public mutating func removeFirst(_ byteCount: Int) {
        precondition(isComplete, "a request lacks arguments")
        buffer.removeFirst(byteCount)
    }

    @usableFromInline
    mutating func append(magnitude: UInt64, isNegative: Bool) {
        countArgument()
        buffer.append(bulkOf: magnitude, isNegative: isNegative)
    }

    private mutating func countArgument() {
        precondition(argumentsLeft > 0, "the request was begun with fewer arguments")
        argumentsLeft -= 1
    }
}

extension Reply {
    /// Reads the line of a scalar.
    static func scalar(_ type: UInt8, _ line: RawSpan) -> Result<Reply, ProtocolError> {
        switch type {
        case UInt8(ascii: "+"):
            return .success(.simple(line.text()))
        case UInt8(ascii: "-"):
            return .success(.error(line: line))
        case UInt8(ascii: ":"):
            // The one place where the specification allows a plus.
            let isSigned = line.byteCount > 1 && line.byte(at: 0) == ASCII.plus
            let digits = line.extracting((isSigned ? 1 : 0)..<line.byteCount)
            let isDoublySigned = isSigned && digits.byte(at: 0) == ASCII.minus
            guard !isDoublySigned, let value = digits.decimalInteger() else {
                return .failure(.invalidScalar(.integer))
            }
            return .success(.integer(value))
        case UInt8(ascii: ","):
            return double(line).map { .success(.double($0)) } ?? .failure(.invalidScalar(.double))
        case UInt8(ascii: "("):
            guard BigNumber.isValid(line) else { return .failure(.invalidScalar(.bigNumber)) }
            return .success(.bigNumber(line.text()))
        case UInt8(ascii: "#"):
            if line.equals("t") { return .success(.boolean(true)) }
            if line.equals("f") { return .success(.boolean(false)) }
            return .failure(.invalidScalar(.boolean))
        default:
            return line.byteCount == 0 ? .success(.null) : .failure(.invalidScalar(.null))
        }
    }

    /// Splits an error into its code and what follows.
    static func error(line: RawSpan) -> Reply {
        guard let space = line.firstOffset(of: ASCII.space, from: 0) else {
            return .error(code: line.text(), message: "")
        }
        return .error(
            code: line.extracting(0..<space).text(),
            message: line.extracting(space + 1..<line.byteCount).text()
        )
    }

    /// Reads digits, a fraction and an exponent, or one of the three words.
    private static func double(_ line: RawSpan) -> Double? {
        if line.equals("inf") { return .infinity }
        if line.equals("-inf") { return -.infinity }
        if line.equals("nan") { return .nan }
        // `Double` also reads hexadecimal and long names of infinity, which RESP does not have.
        for index in 0..<line.byteCount {
            switch line.byte(at: index) {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), ASCII.minus, ASCII.plus,
                UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
                continue
            default:
                return nil
            }
        }
        return Double(line.text())
    }
}

extension RawSpan {
    func equals(_ word: StaticString) -> Bool {
        guard byteCount == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { letters in
            for index in 0..<byteCount where unsafe byte(at: index) != letters[index] {
                return false
            }
            return true
        }
    }

    /// Returns the bytes as text; what is not UTF-8 is replaced.
    func text() -> String {
        unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Returns a copy of the bytes.
    package func octetsCopied() -> [UInt8] {
        unsafe withUnsafeBytes { unsafe [UInt8]($0) }
    }
}

/// Bytes as text of one line.
enum Escaped {
    /// Reads a request: `{n*c}` stands for n characters, the escapes for their bytes.
    ///
    /// - Parameter keepingEscapes: Leaves `\…` to the daemon, which reads it between quotes.
    static func bytes(_ text: Substring, keepingEscapes: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "{"), let (run, length) = run(rest) {
                bytes += run
                rest = rest.dropFirst(length)
            } else if byte == UInt8(ascii: "\\"), !keepingEscapes {
                let (value, length) = escape(rest)
                bytes.append(value)
                rest = rest.dropFirst(length)
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return bytes
    }

    private static func run(_ text: Substring.UTF8View) -> (bytes: [UInt8], length: Int)? {
        guard let end = text.firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let inner = Substring(text[..<end]).dropFirst()
        guard let star = inner.firstIndex(of: "*"), let count = Int(inner[..<star]) else {
            return nil
        }
        let repeated = Array(inner[inner.index(after: star)...].utf8)
        let bytes = (0..<count).flatMap { _ in repeated }
        return (bytes, inner.utf8.count + 2)
    }

    private static func escape(_ text: Substring.UTF8View) -> (byte: UInt8, length: Int) {
        switch text.dropFirst().first {
        case UInt8(ascii: "r"): return (0x0D, 2)
        case UInt8(ascii: "n"): return (0x0A, 2)
        case UInt8(ascii: "x"):
            let digits = String(decoding: text.dropFirst(2).prefix(2), as: UTF8.self)
            return (UInt8(digits, radix: 16) ?? 0, 4)
        default: return (text.dropFirst().first ?? UInt8(ascii: "\\"), 2)
        }
    }

    /// Writes replies: a line for each CR LF, everything else that cannot be seen escaped.
    static func lines(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        var line: [UInt8] = []
        var index = 0
        let isText = String(validating: bytes, as: UTF8.self) != nil
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A {
                lines.append(String(decoding: line, as: UTF8.self))
                line = []
                index += 2
                continue
            }
            switch byte {
            case 0x0A: line += Array("\\n".utf8)
            case 0x5C: line += Array("\\\\".utf8)
            case 0x20..<0x7F: line.append(byte)
            case 0x80... where isText: line.append(byte)
            default: line += Array("\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
            }
            index += 1
        }
        if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self) + "(no end)") }
        return lines
    }
}

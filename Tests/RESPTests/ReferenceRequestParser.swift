import RESP

/// Reads whole inputs the slow and obvious way: prefixes of what is left, `Int(_: String)`, no state.
///
/// It knows what is a request, what is unfinished and what is refused, but not why.
struct ReferenceRequestParser {
    enum Item: Equatable {
        case request([[UInt8]])
        case blank
        case pending(byteCount: Int)
        case refused
    }

    private enum Stop: Error {
        case unfinished
        case refused
    }

    var limits = RequestLimits.standard

    func items(in bytes: [UInt8]) -> [Item] {
        var items: [Item] = []
        var rest = bytes[...]
        while let first = rest.first {
            do throws(Stop) {
                let arguments =
                    first == UInt8(ascii: "*") ? try multibulk(&rest) : try inline(&rest)
                items.append(arguments.isEmpty ? .blank : .request(arguments))
            } catch {
                switch error {
                case .unfinished: return items + [.pending(byteCount: rest.count)]
                case .refused: return items + [.refused]
                }
            }
        }
        return items
    }

    private func multibulk(_ bytes: inout ArraySlice<UInt8>) throws(Stop) -> [[UInt8]] {
        var rest = bytes
        let count = try number(after: "*", &rest)
        guard count <= limits.argumentsMax else { throw .refused }
        var arguments: [[UInt8]] = []
        while arguments.count < count {
            let byteCount = try number(after: "$", &rest)
            guard byteCount >= 0, byteCount <= limits.bulkBytesMax else { throw .refused }
            let consumed = bytes.count - rest.count
            guard consumed + byteCount + 2 <= limits.requestBytesMax else { throw .refused }
            guard rest.count >= byteCount + 2 else { throw .unfinished }
            guard rest.dropFirst(byteCount).starts(with: [13, 10]) else { throw .refused }
            arguments.append(Array(rest.prefix(byteCount)))
            rest.removeFirst(byteCount + 2)
        }
        bytes = rest
        return arguments
    }

    private func number(
        after type: Character, _ rest: inout ArraySlice<UInt8>
    ) throws(Stop) -> Int {
        guard let first = rest.first else { throw .unfinished }
        guard first == type.asciiValue else { throw .refused }
        let digits = rest.dropFirst().prefix { $0 == 0x2D || (0x30...0x39).contains($0) }
        let text = String(decoding: digits, as: UTF8.self)
        let isWhole = digits.endIndex < rest.endIndex
        guard isWhole else {
            // So far it must be the beginning of a number that fits.
            let isBeginning = ["", "-", "-0"].contains(text) || Self.number(text) != nil
            throw isBeginning ? .unfinished : .refused
        }
        guard let value = Self.number(text) else { throw .refused }
        guard rest[digits.endIndex] == 13 else { throw .refused }
        guard digits.endIndex + 1 < rest.endIndex else { throw .unfinished }
        guard rest[digits.endIndex + 1] == 10 else { throw .refused }
        rest = rest[(digits.endIndex + 2)...]
        return value
    }

    /// A number whose text is the shortest one, and whose negative exists.
    private static func number(_ text: String) -> Int? {
        guard let value = Int(text), "\(value)" == text, value != .min else { return nil }
        return value
    }

    private func inline(_ rest: inout ArraySlice<UInt8>) throws(Stop) -> [[UInt8]] {
        let lineMax = min(limits.inlineBytesMax, limits.requestBytesMax)
        guard let end = rest.firstIndex(of: 10) else {
            throw rest.count > lineMax ? .refused : .unfinished
        }
        guard end - rest.startIndex <= lineMax else { throw .refused }
        var line = rest[..<end]
        var words: [[UInt8]] = []
        while true {
            while let first = line.first, Self.spaces.contains(first) { line.removeFirst() }
            if line.isEmpty { break }
            let word = try word(&line)
            guard word.count <= limits.bulkBytesMax else { throw .refused }
            words.append(word)
        }
        guard words.count <= limits.argumentsMax else { throw .refused }
        rest = rest[(end + 1)...]
        return words
    }

    private static let spaces: Set<UInt8> = [9, 10, 11, 12, 13, 32]

    private func word(_ line: inout ArraySlice<UInt8>) throws(Stop) -> [UInt8] {
        var word: [UInt8] = []
        while let byte = line.first, ![9, 10, 13, 32].contains(byte) {
            line.removeFirst()
            if byte == 0 { throw .refused }
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                word += try quoted(&line, by: byte)
                if let next = line.first, !Self.spaces.contains(next) { throw .refused }
                return word
            }
            word.append(byte)
        }
        return word
    }

    private func quoted(
        _ line: inout ArraySlice<UInt8>, by quote: UInt8
    ) throws(Stop) -> [UInt8] {
        var content: [UInt8] = []
        while let byte = line.first {
            line.removeFirst()
            if byte == quote { return content }
            guard byte == UInt8(ascii: "\\"), let escaped = line.first else {
                content.append(byte)
                continue
            }
            guard quote == UInt8(ascii: "\"") else {
                if escaped == quote { line.removeFirst() }
                content.append(escaped == quote ? quote : byte)
                continue
            }
            line.removeFirst()
            let hex = String(decoding: line.prefix(2), as: UTF8.self)
            let isHex = hex.utf8.count == 2 && hex.allSatisfy { $0.isASCII && $0.isHexDigit }
            if escaped == UInt8(ascii: "x"), isHex, let value = UInt8(hex, radix: 16) {
                line.removeFirst(2)
                content.append(value)
            } else {
                let meanings: [Character: UInt8] = ["n": 10, "r": 13, "t": 9, "b": 8, "a": 7]
                content.append(meanings[Character(Unicode.Scalar(escaped))] ?? escaped)
            }
        }
        throw .refused
    }
}

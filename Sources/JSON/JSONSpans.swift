internal import EventModel

/// Where the names and values of a document stand, in bytes.
public struct JSONSpans {
    /// What stands somewhere.
    public enum Kind: Sendable {
        /// A member's name, without its quotes.
        case name
        /// A string, without its quotes.
        case string
        /// Any other value that holds no values.
        case scalar
        /// An object or an array, whole.
        case container
    }

    /// One name or value.
    public struct Place: Sendable {
        /// What it is.
        public let kind: Kind
        /// Where it stands.
        public let range: Range<Int>
        /// What leads to it, by RFC 6901: `/customer/phones/0`; of a name, that of its value.
        public let pointer: String
    }

    /// All of them, in order; a container behind what it holds.
    public private(set) var places: [Place] = []
    private let bytes: [UInt8]
    private var offset = 0

    /// Finds the places of a document.
    ///
    /// - Throws: What `JSONReader` throws of bytes that are none.
    public init(_ document: RawSpan) throws(JSONFault) {
        _ = try JSONReader.read(document)
        bytes = document.copied()
        value("")
    }

    private mutating func skipBlanks() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }

    // The document is right by now: only what stands where has to be told apart.
    private mutating func value(_ pointer: String) {
        skipBlanks()
        let start = offset
        switch bytes[offset] {
        case UInt8(ascii: "\""):
            places.append(Place(kind: .string, range: string(), pointer: pointer))
            return
        case UInt8(ascii: "{"):
            members(until: UInt8(ascii: "}")) { (spans, _) in
                let range = spans.string()
                let name = spans.name(range)
                let inner = pointer + "/" + name
                spans.places.append(Place(kind: .name, range: range, pointer: inner))
                spans.skipBlanks()
                spans.offset += 1
                spans.value(inner)
            }
        case UInt8(ascii: "["):
            members(until: UInt8(ascii: "]")) { (spans, number) in
                spans.value("\(pointer)/\(number)")
            }
        default:
            while offset < bytes.count,
                ![0x2C, 0x5D, 0x7D, 0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset])
            {
                offset += 1
            }
            places.append(Place(kind: .scalar, range: start..<offset, pointer: pointer))
            return
        }
        places.append(Place(kind: .container, range: start..<offset, pointer: pointer))
    }

    private mutating func members(
        until end: UInt8, _ member: (inout JSONSpans, Int) -> Void
    ) {
        offset += 1
        skipBlanks()
        var number = 0
        while bytes[offset] != end {
            member(&self, number)
            number += 1
            skipBlanks()
            if bytes[offset] == UInt8(ascii: ",") { offset += 1 }
            skipBlanks()
        }
        offset += 1
    }

    /// Passes a string; returns where it stands without its quotes.
    private mutating func string() -> Range<Int> {
        offset += 1
        let start = offset
        while bytes[offset] != UInt8(ascii: "\"") {
            offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1
        }
        offset += 1
        return start..<offset - 1
    }

    private func name(_ range: Range<Int>) -> String {
        (text(range) ?? "").replacing("~", with: "~0").replacing("/", with: "~1")
    }

    /// What a string or name says, its escapes resolved.
    public func text(_ range: Range<Int>) -> String? {
        let quoted = [UInt8(ascii: "\"")] + bytes[range] + [UInt8(ascii: "\"")]
        guard bytes[range].contains(UInt8(ascii: "\\")) else {
            return String(decoding: bytes[range], as: UTF8.self)
        }
        do throws(JSONFault) {
            return try JSONReader.read(unsafe quoted.span.bytes).text
        } catch {
            return nil
        }
    }

    /// Whether a string or name has escapes, so that its bytes are not what it says.
    public func hasEscapes(_ range: Range<Int>) -> Bool {
        bytes[range].contains(UInt8(ascii: "\\"))
    }
}

internal import EventModel

/// The name of a thing or an interaction as it stands in keys: compared and written as it is, and
/// made text only where somebody needs that.
struct KeyName: Hashable {
    /// The part of the key, its end included, which is checked; empty for what has no name.
    let bytes: ArraySlice<UInt8>

    private init(checked bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// No name.
    static let none = KeyName(checked: [])

    /// Spells a name as keys do.
    init(_ name: String) {
        var bytes: [UInt8] = []
        bytes.append(keyText: name)
        self.init(checked: bytes[...])
    }

    /// Takes the name that a key ends with.
    init(checking bytes: ArraySlice<UInt8>) throws(ViewFault) {
        let span = bytes.span
        var offset = 0
        while offset + 1 < span.count {
            if span[offset] != 0 {
                offset += 1
            } else if span[offset + 1] != 0 {
                offset += 2
            } else {
                break
            }
        }
        guard offset + 2 == span.count else {
            throw .damaged(MalformedBytes("name in a key", at: offset))
        }
        self.init(checked: bytes)
    }

    /// Whether it says nothing.
    var isEmpty: Bool { bytes.count <= 2 }

    /// The name as text.
    var text: String {
        let name = bytes.dropLast(2)
        guard name.contains(0) else { return String(decoding: name, as: UTF8.self) }
        var plain: [UInt8] = []
        var isEscape = false
        for byte in name {
            if !isEscape { plain.append(byte) }
            isEscape = byte == 0 && !isEscape
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// How many bytes the text has, escapes counted twice.
    var byteCount: Int { max(0, bytes.count - 2) }

    /// Names of one kind mostly differ at their end, where this looks first.
    static func == (left: KeyName, right: KeyName) -> Bool {
        guard left.bytes.count == right.bytes.count else { return false }
        var (mine, other) = (left.bytes.endIndex, right.bytes.endIndex)
        while mine > left.bytes.startIndex {
            mine -= 1
            other -= 1
            if left.bytes[mine] != right.bytes[other] { return false }
        }
        return true
    }

    static func < (left: KeyName, right: KeyName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension JSONWriter {
    /// Writes a name.
    mutating func value(_ name: KeyName) {
        let bytes = name.bytes.dropLast(2)
        guard bytes.contains(0) else { return unsafe value(bytes.span.bytes) }
        value(name.text)
    }

    /// Writes a key and a name.
    mutating func field(_ key: StaticString, _ name: KeyName) {
        self.key(key)
        value(name)
    }
}

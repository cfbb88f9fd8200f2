public import EventModel

/// A statement, signed by the operator, of what an erasure or a redaction has taken out of a store,
/// for whoever asked for it and for auditors. It holds nothing of anybody.
///
/// It is a text of lines that end with a line feed, `<name> <value>` each, in this order:
///
///     throughline-receipt 1
///     store <32 hexadecimal digits>
///     epoch <number>
///     kind <erasure or redaction>
///     number <which of the store's it is>
///     position <of the event that says it>
///     recorded <RFC 3339, when it was said>
///     by <who asked for it, or nothing>
///     request <the request that it answers, or nothing>
///     reason <why>
///     completed <position of the event that says that it is carried out>
///     before <64 hexadecimal digits, the running digest before the first>
///     after <64 hexadecimal digits, the running digest after the second>
///     events <how many lines follow>
///     event <position> <what its personal part was> <what is left of it>
///     …
///     time <RFC 3339, when the receipt was written>
///     signature <128 hexadecimal digits>
///
/// Of each event both commitments are told, 64 hexadecimal digits each: c, over which the digest
/// chain goes on, and the salted one to what is left (`EventRemnant`). In `by`, `request` and
/// `reason` a line break stands as `\n`, a carriage return as `\r`, a backslash twice. The signature
/// is Ed25519 over the bytes of all lines before its own.
public struct ErasureReceipt: Sendable {
    /// One event of which something went.
    public struct Entry: Sendable, Equatable {
        /// The event.
        public let position: Position
        /// The commitment to its personal part as it was.
        public let before: Digest
        /// The commitment to what is left.
        public let after: Digest
    }

    /// The values of all lines before the events, in order.
    let values: [String]
    /// The events, by rising position.
    public let entries: [Entry]
    /// When it was written.
    public let time: Timestamp
    private let signature: [UInt8]

    static let names = [
        "throughline-receipt", "store", "epoch", "kind", "number", "position", "recorded", "by",
        "request", "reason", "completed", "before", "after", "events",
    ]
    /// The most bytes that a receipt's file is read for.
    public static let bytesMax = 64 << 20

    /// Signs what a store has.
    ///
    /// - Parameter now: The wall clock.
    init(
        signing values: [String], _ entries: [Entry], with key: borrowing CheckpointKey,
        now: Timestamp
    ) throws(CheckpointError) {
        self.values = values
        self.entries = entries
        time = now
        let signed = Self.text(values, entries, now)
        signature = try key.sign(Array(signed.utf8))
    }

    private static func text(
        _ values: [String], _ entries: [Entry], _ time: Timestamp
    ) -> String {
        var text = zip(names, values).map { "\($0) \($1)\n" }.joined()
        for entry in entries { text += entry.line }
        return text + "time \(time.rfc3339)\n"
    }

    /// The text of the file.
    public var text: String {
        Self.text(values, entries, time) + "signature \(Hexadecimal.text(of: signature))\n"
    }

    /// Reads a receipt, strictly in the form above.
    ///
    /// - Throws: `.malformed`.
    public init(reading text: String) throws(ReceiptError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        func value(_ line: Int, _ name: String) throws(ReceiptError) -> String {
            guard line < lines.count, lines[line].hasPrefix(name + " ") else {
                throw .malformed(line: line + 1, expected: "'\(name) …'")
            }
            return String(lines[line].dropFirst(name.utf8.count + 1))
        }
        var values: [String] = []
        for (index, name) in Self.names.enumerated() { values.append(try value(index, name)) }
        self.values = values
        guard values[0] == "1" else { throw .malformed(line: 1, expected: "of version 1") }
        guard values[1].utf8.count == 32, Hexadecimal.isRight(values[1]) else {
            throw .malformed(line: 2, expected: "a store's id")
        }
        guard Erasure.Kind(rawValue: values[3]) != nil else {
            throw .malformed(line: 4, expected: "erasure or redaction")
        }
        for (index, what) in [
            (2, "an epoch"), (4, "a number"), (5, "a position"), (10, "a position"),
        ]
        where UInt64(values[index]) == nil {
            throw .malformed(line: index + 1, expected: what)
        }
        let head = Self.names.count
        guard let count = Int(values[13]), count >= 0, lines.count == head + count + 3,
            lines[lines.count - 1] == ""
        else { throw .malformed(line: head, expected: "the number of events that follow") }
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for line in head..<head + count {
            guard let entry = Entry(lines[line]), entry.position > entries.last?.position ?? .zero
            else { throw .malformed(line: line + 1, expected: "an event with two commitments") }
            entries.append(entry)
        }
        self.entries = entries
        let end = head + count
        guard let time = Timestamp(rfc3339: try value(end, "time")) else {
            throw .malformed(line: end + 1, expected: "a time")
        }
        self.time = time
        let digits = try value(end + 1, "signature")
        guard digits.utf8.count == 128, Hexadecimal.isRight(digits) else {
            throw .malformed(line: end + 2, expected: "128 hexadecimal digits")
        }
        signature = Hexadecimal.bytes(of: digits)
    }

    /// Tells whether the signature is that of a key.
    func isSigned(by key: borrowing CheckpointKey) -> Bool {
        key.isRight(signature, of: Array(Self.text(values, entries, time).utf8))
    }

    /// What it is a receipt of.
    public var kind: Erasure.Kind { Erasure.Kind(rawValue: values[3]) ?? .erasure }
    /// Which of the store's.
    public var number: UInt64 { UInt64(values[4]) ?? 0 }
    /// The position of the event that says it.
    public var position: Position { Position(UInt64(values[5]) ?? 0) }
    /// The position of the event that says that it is carried out.
    public var completed: Position { Position(UInt64(values[10]) ?? 0) }
}

extension ErasureReceipt.Entry {
    fileprivate var line: String {
        "event \(position) \(before.hexadecimal) \(after.hexadecimal)\n"
    }

    fileprivate init?(_ line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == "event", let position = UInt64(words[1]),
            words[2...].allSatisfy({ $0.utf8.count == 64 && Hexadecimal.isRight(String($0)) })
        else { return nil }
        self.position = Position(position)
        before = Digest(hexadecimal: String(words[2]))
        after = Digest(hexadecimal: String(words[3]))
    }
}

/// Why there is no receipt, or one is not believed.
public enum ReceiptError: Error, Sendable {
    /// The text is not a receipt.
    case malformed(line: Int, expected: String)
    /// It was signed with another key, or changed since.
    case badSignature
    /// It is of another store.
    case otherStore(found: String, expected: String)
    /// The store has no such erasure or redaction.
    case unknown(Erasure.Kind, UInt64)
    /// It is not carried out yet.
    case pending(Erasure.Kind, UInt64)
    /// An event is not as the receipt says, or something of it is there that should not be.
    case otherEvent(Position)
    /// What the store says of the erasure is not what the receipt says; by the name of the line.
    case otherValue(String)
    /// A key cannot be used, or a digest cannot be told.
    case checkpoint(CheckpointError)
    /// The store cannot be read.
    case log(EventLogError)
}

extension ReceiptError: CustomStringConvertible {
    /// What was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .malformed(let line, let expected):
            "this is no receipt: line \(line) must be \(expected)"
        case .badSignature:
            "bad signature: the receipt was signed with another key, or changed since"
        case .otherStore(let found, let expected):
            "other store: the receipt is of store \(expected), this is store \(found)"
        case .unknown(let kind, let number):
            "the store has no \(kind) \(number); throughline receipt list names them all"
        case .pending(let kind, let number):
            "\(kind) \(number) is not carried out yet: a running daemon does it, INFO privacy says "
                + "how far it is"
        case .otherEvent(let position):
            "the event at position \(position) is not what the receipt says is left of it"
        case .otherValue(let name):
            "the store and the receipt do not say the same of '\(name)'"
        case .checkpoint(let error): "\(error)"
        case .log(let error): "\(error)"
        }
    }
}

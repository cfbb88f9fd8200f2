public import EventModel

/// A statement about a store that can be kept elsewhere: up to this position, these and no other
/// events were there. Whoever has the public key can hold the store against it later.
///
/// It is a text of lines that end with a line feed, `<name> <value>` each, in this order:
///
///     throughline-checkpoint 1
///     store <32 hexadecimal digits>
///     epoch <number>
///     position <number>
///     digest <64 hexadecimal digits>
///     time <RFC 3339, when it was written>
///     signature <128 hexadecimal digits>
///
/// The signature is Ed25519 over the bytes of all lines before its own.
public struct SignedCheckpoint: Sendable {
    /// The store's id.
    public let store: String
    /// The epoch of the store.
    public let epoch: UInt64
    /// The position.
    public let position: Position
    /// The running digest after that position.
    public let digest: Digest
    /// When it was written.
    public let time: Timestamp
    private let signature: [UInt8]
    private let signed: [UInt8]

    private static let names = [
        "throughline-checkpoint", "store", "epoch", "position", "digest", "time", "signature",
    ]
    /// The most bytes that a checkpoint's file is read for.
    public static let bytesMax = 1_024

    /// Signs the end of a store.
    ///
    /// - Parameter now: The wall clock.
    /// - Throws: `.badKey`.
    public init(
        signing proof: StoreProof, with key: borrowing CheckpointKey, now: Timestamp
    ) throws(CheckpointError) {
        let values = [
            "1", proof.store, "\(proof.epoch)", "\(proof.position)", proof.digest.hexadecimal,
            now.rfc3339,
        ]
        let text = zip(Self.names, values).map { "\($0) \($1)\n" }.joined()
        signed = Array(text.utf8)
        signature = try key.sign(signed)
        (store, epoch, position) = (proof.store, proof.epoch, proof.position)
        (digest, time) = (proof.digest, now)
    }

    /// Reads a checkpoint, strictly in the form above.
    ///
    /// - Throws: `.malformed`.
    public init(reading text: String) throws(CheckpointError) {
        guard text.hasSuffix("\n") else { throw .malformed(line: 7, expected: "ended") }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        var values: [String] = []
        for (index, name) in Self.names.enumerated() {
            guard index < lines.count, lines[index].hasPrefix(name + " ") else {
                throw .malformed(line: index + 1, expected: "'\(name) …'")
            }
            values.append(String(lines[index].dropFirst(name.utf8.count + 1)))
        }
        guard lines.count == Self.names.count else {
            throw .malformed(line: Self.names.count + 1, expected: "absent")
        }
        guard values[0] == "1" else { throw .malformed(line: 1, expected: "of version 1") }
        guard values[1].utf8.count == 32, Hexadecimal.isRight(values[1]) else {
            throw .malformed(line: 2, expected: "a store's id")
        }
        guard let epoch = UInt64(values[2]), epoch > 0 else {
            throw .malformed(line: 3, expected: "the number of an epoch")
        }
        guard let position = UInt64(values[3]), position > 0 else {
            throw .malformed(line: 4, expected: "a position")
        }
        guard values[4].utf8.count == 64, Hexadecimal.isRight(values[4]) else {
            throw .malformed(line: 5, expected: "64 hexadecimal digits")
        }
        guard let time = Timestamp(rfc3339: values[5]) else {
            throw .malformed(line: 6, expected: "a time")
        }
        guard values[6].utf8.count == 128, Hexadecimal.isRight(values[6]) else {
            throw .malformed(line: 7, expected: "128 hexadecimal digits")
        }
        store = values[1]
        self.epoch = epoch
        self.position = Position(position)
        digest = Digest(hexadecimal: values[4])
        self.time = time
        signature = Hexadecimal.bytes(of: values[6])
        signed = Array(lines.dropLast().map { $0 + "\n" }.joined().utf8)
    }

    /// The text of the file.
    public var text: String {
        String(decoding: signed, as: UTF8.self)
            + "signature \(Hexadecimal.text(of: signature))\n"
    }

    /// Holds the checkpoint against a store.
    ///
    /// - Throws: `.badSignature`, `.otherStore`, `.shorter`, `.otherDigest`, `.log`.
    public func check(
        store path: String, publicKey: borrowing CheckpointKey
    ) throws(CheckpointError) {
        guard publicKey.isRight(signature, of: signed) else { throw .badSignature }
        let proof = try StoreProof.read(store: path, at: position)
        guard proof.store == store else {
            throw .otherStore(found: proof.store, expected: store)
        }
        guard proof.position == position else {
            throw .shorter(head: proof.position, position: position)
        }
        guard proof.digest == digest else {
            throw .otherDigest(position: position, found: proof.digest, expected: digest)
        }
    }
}

extension Digest {
    /// Reads 64 hexadecimal digits that have been looked at.
    init(hexadecimal digits: String) {
        self.init(reading: unsafe Hexadecimal.bytes(of: digits).span.bytes)
    }
}

extension Hexadecimal {
    static func isRight(_ digits: String) -> Bool {
        digits.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    static func text(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }
}

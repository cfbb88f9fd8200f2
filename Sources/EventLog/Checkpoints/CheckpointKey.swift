internal import CCrypto
internal import EventModel

/// An Ed25519 key (RFC 8032) that an operator made: its private half signs, its public half tells
/// whether a signature is right. Both are PEM files that openssl reads (RFC 8410).
@safe
public struct CheckpointKey: ~Copyable {
    private let key: OpaquePointer
    private let isPrivate: Bool

    private init(_ key: OpaquePointer, isPrivate: Bool) {
        unsafe self.key = key
        self.isPrivate = isPrivate
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Reads a private key, `-----BEGIN PRIVATE KEY-----`, without password.
    ///
    /// - Throws: `.badKey`.
    public static func read(privatePEM text: String) throws(CheckpointError) -> CheckpointKey {
        let key = unsafe parse(text) { bio in
            // A key under a password is refused: nobody is there to ask for it.
            unsafe PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in 0 }, nil)
        }
        guard let key = unsafe key else { throw .badKey("it is no private key in PEM") }
        let read = unsafe CheckpointKey(key, isPrivate: true)
        guard read.rawPrivate != nil else { throw .badKey("it is no Ed25519 key") }
        return read
    }

    /// Reads a public key, `-----BEGIN PUBLIC KEY-----`.
    ///
    /// - Throws: `.badKey`.
    public static func read(publicPEM text: String) throws(CheckpointError) -> CheckpointKey {
        let key = unsafe parse(text) { bio in unsafe PEM_read_bio_PUBKEY(bio, nil, nil, nil) }
        guard let key = unsafe key else { throw .badKey("it is no public key in PEM") }
        let read = unsafe CheckpointKey(key, isPrivate: false)
        guard read.rawPublic != nil else { throw .badKey("it is no Ed25519 key") }
        return read
    }

    /// Makes a private key of 32 random bytes.
    ///
    /// - Throws: `.badKey` when libcrypto refuses.
    public static func make(seed: [UInt8]) throws(CheckpointError) -> CheckpointKey {
        precondition(seed.count == Self.rawBytes, "a key is made of 32 bytes")
        let made = unsafe EVP_PKEY_new_raw_private_key(
            Int32(THROUGHLINE_EVP_PKEY_ED25519), nil, seed, seed.count)
        guard let made = unsafe made else { throw .badKey("libcrypto makes no Ed25519 key") }
        return unsafe CheckpointKey(made, isPrivate: true)
    }

    private static let rawBytes = 32
    private static let signatureBytes = 64

    private static func parse(
        _ text: String, _ read: (OpaquePointer) -> OpaquePointer?
    ) -> OpaquePointer? {
        let bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeBytes { bytes in
            let opened = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            guard let bio = unsafe opened else { return nil }
            let key = unsafe read(bio)
            _ = unsafe BIO_free(bio)
            ERR_clear_error()
            return unsafe key
        }
    }

    private var rawPrivate: [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: Self.rawBytes)
        var count = bytes.count
        let code = unsafe EVP_PKEY_get_raw_private_key(key, &bytes, &count)
        return isEd25519 && code == 1 && count == Self.rawBytes ? bytes : nil
    }

    private var rawPublic: [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: Self.rawBytes)
        var count = bytes.count
        let code = unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count)
        return isEd25519 && code == 1 && count == Self.rawBytes ? bytes : nil
    }

    /// X25519 keys have 32 bytes too, and sign nothing.
    private var isEd25519: Bool {
        unsafe EVP_PKEY_is_a(key, "ED25519") == 1
    }

    /// The private key as a PEM file holds it (RFC 8410, section 7); nil of a public key.
    public var privatePEM: String? {
        let head: [UInt8] = [
            0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22,
            0x04, 0x20,
        ]
        return isPrivate ? rawPrivate.map { Self.pem(head + $0, "PRIVATE KEY") } : nil
    }

    /// The public key as a PEM file holds it (RFC 8410, section 4).
    public var publicPEM: String? {
        let head: [UInt8] = [
            0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
        ]
        return rawPublic.map { Self.pem(head + $0, "PUBLIC KEY") }
    }

    private static func pem(_ bytes: [UInt8], _ label: String) -> String {
        var text: [UInt8] = []
        Base64.append(unsafe bytes.span.bytes, to: &text)
        let letters = String(decoding: text, as: UTF8.self)
        return "-----BEGIN \(label)-----\n\(letters)\n-----END \(label)-----\n"
    }

    /// Signs bytes.
    ///
    /// - Throws: `.badKey` with a public key.
    func sign(_ bytes: [UInt8]) throws(CheckpointError) -> [UInt8] {
        guard isPrivate else { throw .badKey("a private key signs, this is a public one") }
        var signature = [UInt8](repeating: 0, count: Self.signatureBytes)
        var count = signature.count
        var isSigned = false
        if let context = unsafe EVP_MD_CTX_new() {
            if unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1 {
                let code = unsafe EVP_DigestSign(context, &signature, &count, bytes, bytes.count)
                isSigned = code == 1 && count == Self.signatureBytes
            }
            unsafe EVP_MD_CTX_free(context)
        }
        guard isSigned else { throw .badKey("libcrypto does not sign with it") }
        return signature
    }

    /// Tells whether a signature of some bytes is right.
    func isRight(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
        guard signature.count == Self.signatureBytes, let context = unsafe EVP_MD_CTX_new() else {
            return false
        }
        var isRight = false
        if unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 {
            let code = unsafe EVP_DigestVerify(
                context, signature, signature.count, bytes, bytes.count)
            isRight = code == 1
        }
        unsafe EVP_MD_CTX_free(context)
        ERR_clear_error()
        return isRight
    }
}

internal import CCrypto
public import EventModel

/// The chain over all events that proves history and survives lawful erasure:
///
///     salt    = first 16 bytes of SHA-256(seed of the position's group ‖ position u64 LE)
///     c       = SHA-256(salt ‖ personal part)
///     leaf    = SHA-256(skeleton ‖ c)
///     running = SHA-256(previous running ‖ leaf)
///
/// Erasure removes the personal part and keeps c; the salt keeps anybody from guessing a phone
/// number against c.
public struct DigestChain: ~Copyable {
    private let hash = SHA256()

    /// Makes a chain's arithmetic; the running digest is the caller's.
    public init() {}

    /// Returns the running digest after an event.
    public func advance(
        _ running: Digest, by event: borrowing EventView, seed: RawSpan
    ) -> Digest {
        let commitment = commitment(to: event, seed: seed)
        hash.begin()
        hash.update(event.skeleton)
        hash.update(commitment)
        let leaf = hash.finish()
        hash.begin()
        hash.update(running)
        hash.update(leaf)
        return hash.finish()
    }

    /// Returns c, the salted commitment to an event's personal part.
    func commitment(to event: borrowing EventView, seed: RawSpan) -> Digest {
        hash.begin()
        hash.update(seed)
        hash.update(event.position.rawValue)
        let salt = hash.finish()
        hash.begin()
        hash.update(salt.words.0)
        hash.update(salt.words.1)
        hash.update(event.personalPart)
        return hash.finish()
    }
}

/// SHA-256 (FIPS 180-4) by libcrypto, with one context used again and again.
@safe
private final class SHA256 {
    private let context: OpaquePointer
    private let method: OpaquePointer

    init() {
        guard let context = unsafe EVP_MD_CTX_new(),
            let method = unsafe EVP_MD_fetch(nil, "SHA256", nil)
        else {
            preconditionFailure("libcrypto has no SHA-256")
        }
        unsafe self.context = context
        unsafe self.method = method
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
        unsafe EVP_MD_free(method)
    }

    func begin() {
        let code = unsafe EVP_DigestInit_ex2(context, method, nil)
        precondition(code == 1, "SHA-256 does not begin")
    }

    func update(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    func update(_ number: UInt64) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe update($0) }
    }

    func update(_ digest: Digest) {
        unsafe withUnsafeBytes(of: digest.words) { unsafe update($0) }
    }

    private func update(_ bytes: UnsafeRawBufferPointer) {
        let code = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(code == 1, "SHA-256 does not go on")
    }

    func finish() -> Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let code = unsafe withUnsafeMutableBytes(of: &words) { bytes in
            unsafe EVP_DigestFinal_ex(
                context, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
        }
        precondition(code == 1, "SHA-256 does not end")
        return Digest(words: words)
    }
}

internal import CCrypto

/// SHA-256 (FIPS 180-4) by libcrypto, its state in place: four of them make one step of the chain.
public struct SHA256 {
    private var context = SHA256_CTX()

    /// Begins with nothing.
    public init() {
        let code = unsafe SHA256_Init(&context)
        precondition(code == 1, "SHA-256 does not begin")
    }

    /// Adds bytes.
    public mutating func update(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// Adds a number, as 8 bytes, the least significant first.
    public mutating func update(_ number: UInt64) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe update($0) }
    }

    mutating func update(_ digest: Digest) {
        unsafe withUnsafeBytes(of: digest.words) { unsafe update($0) }
    }

    private mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let code = unsafe SHA256_Update(&context, bytes.baseAddress, bytes.count)
        precondition(code == 1, "SHA-256 does not go on")
    }

    /// Ends it; once.
    public mutating func finish() -> Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let code = unsafe withUnsafeMutableBytes(of: &words) { bytes in
            unsafe SHA256_Final(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), &context)
        }
        precondition(code == 1, "SHA-256 does not end")
        return Digest(words: words)
    }
}

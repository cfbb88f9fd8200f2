internal import CZstd

/// Decompresses one zstd frame at a time, reusing its memory; nothing a frame says makes it
/// allocate more than the caller allows.
@safe
public struct Decompressor: ~Copyable, @unchecked Sendable {
    // Unchecked: every use is exclusive, and zstd does not bind a context to a thread.

    /// The dictionary it uses from here on; frames made without one need none.
    public var dictionary: CompressionDictionary?

    private let context: OpaquePointer

    /// Creates a decompressor.
    ///
    /// - Throws: `.outOfMemory`.
    public init(dictionary: CompressionDictionary? = nil) throws(ZstdError) {
        guard let context = unsafe ZSTD_createDCtx() else { throw .outOfMemory(.decompress) }
        unsafe self.context = context
        self.dictionary = dictionary
    }

    deinit {
        _ = unsafe ZSTD_freeDCtx(context)
    }

    /// Decompresses the one frame that `frame` is, appends its content to `output`, and returns the
    /// content's length.
    ///
    /// A frame without checksum whose content was damaged may decompress to other bytes of the
    /// stated length: cover frames with a checksum of one's own.
    ///
    /// - Parameter limit: The most bytes of content that are accepted.
    /// - Throws: `.tooLarge` beyond the limit; `.dictionaryMismatch`; what `Frame.init` throws;
    ///   `.library` for damage zstd notices. `output` is then unchanged.
    @discardableResult
    public mutating func decompress(
        _ frame: RawSpan,
        limit: Int,
        into output: inout [UInt8]
    ) throws(ZstdError) -> Int {
        precondition(limit >= 0, "a limit is a number of bytes")
        let header = try Frame(frame)
        guard header.contentBytes <= UInt64(limit) else {
            throw .tooLarge(claimedBytes: header.contentBytes, limit: limit)
        }
        if let needed = header.dictionary, needed != dictionary?.id {
            throw .dictionaryMismatch(needed: needed, given: dictionary?.id)
        }
        let contentBytes = Int(header.contentBytes)
        let context = unsafe self.context
        let prepared = unsafe header.dictionary == nil ? nil : dictionary?.decompression
        try output.append(addingCapacity: contentBytes) { (output) throws(ZstdError) in
            try unsafe output.withUnsafeMutableBufferPointer {
                (target, count) throws(ZstdError) in
                let result = unsafe frame.withUnsafeBytes { frame in
                    unsafe ZSTD_decompress_usingDDict(
                        context,
                        target.baseAddress,
                        contentBytes,
                        frame.baseAddress,
                        frame.count,
                        prepared
                    )
                }
                let decompressed = try ZstdError.count(result, .decompress)
                // zstd holds a frame to its stated size; bytes never reached are never shown.
                guard decompressed == contentBytes else {
                    throw .implausibleSize(
                        claimedBytes: UInt64(contentBytes), frameBytes: frame.byteCount)
                }
                count = decompressed
            }
        }
        return contentBytes
    }
}

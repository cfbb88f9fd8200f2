internal import CZstd

/// Compresses one buffer at a time into one zstd frame, reusing its memory.
///
/// A frame states its content's size and the dictionary's number, and optionally ends with a
/// checksum. The same input, level and dictionary give the same bytes with the same libzstd.
@safe
public struct Compressor: ~Copyable, @unchecked Sendable {
    // Unchecked: every use is exclusive, and zstd does not bind a context to a thread.

    /// The level it compresses with.
    public let level: Int
    /// The dictionary it compresses with.
    public let dictionary: CompressionDictionary?

    private let context: OpaquePointer
    private let prepared: OpaquePointer?

    /// Creates a compressor and prepares the dictionary for the level.
    ///
    /// - Parameter checksum: Whether frames end with 4 bytes by which damage is noticed; for what
    ///   no other checksum covers.
    /// - Throws: `.level`, `.outOfMemory`.
    public init(
        level: Int = Limits.levelDefault,
        dictionary: CompressionDictionary? = nil,
        checksum: Bool = false
    ) throws(ZstdError) {
        guard Limits.levels.contains(level) else { throw .level(level) }
        guard let context = unsafe ZSTD_createCCtx() else { throw .outOfMemory(.compress) }
        var prepared: OpaquePointer?
        do throws(ZstdError) {
            try unsafe Self.set(context, ZSTD_c_compressionLevel, Int32(level))
            try unsafe Self.set(context, ZSTD_c_contentSizeFlag, 1)
            try unsafe Self.set(context, ZSTD_c_dictIDFlag, 1)
            try unsafe Self.set(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
            if let dictionary {
                unsafe prepared = dictionary.bytes.withUnsafeBytes {
                    unsafe ZSTD_createCDict($0.baseAddress, $0.count, Int32(level))
                }
                guard unsafe prepared != nil else { throw .outOfMemory(.compress) }
                _ = try ZstdError.count(
                    unsafe ZSTD_CCtx_refCDict(context, prepared),
                    .compress
                )
            }
        } catch {
            _ = unsafe ZSTD_freeCCtx(context)
            _ = unsafe ZSTD_freeCDict(prepared)
            throw error
        }
        unsafe self.context = context
        unsafe self.prepared = prepared
        self.level = level
        self.dictionary = dictionary
    }

    deinit {
        _ = unsafe ZSTD_freeCCtx(context)
        _ = unsafe ZSTD_freeCDict(prepared)
    }

    /// Compresses `source` and appends the frame to `output`; returns the frame's length.
    ///
    /// Appending reuses the capacity of `output`: clear it with `removeAll(keepingCapacity: true)`.
    ///
    /// - Throws: `.library`; `output` is then unchanged.
    @discardableResult
    public mutating func compress(
        _ source: RawSpan,
        into output: inout [UInt8]
    ) throws(ZstdError) -> Int {
        let bound = ZSTD_compressBound(source.byteCount)
        var frameBytes = 0
        let context = unsafe self.context
        try output.append(addingCapacity: bound) { (output) throws(ZstdError) in
            try unsafe output.withUnsafeMutableBufferPointer {
                (target, count) throws(ZstdError) in
                let result = unsafe source.withUnsafeBytes { source in
                    unsafe ZSTD_compress2(
                        context,
                        target.baseAddress,
                        bound,
                        source.baseAddress,
                        source.count
                    )
                }
                frameBytes = try ZstdError.count(result, .compress)
                count = frameBytes
            }
        }
        return frameBytes
    }

    private static func set(
        _ context: OpaquePointer,
        _ parameter: ZSTD_cParameter,
        _ value: Int32
    ) throws(ZstdError) {
        _ = try ZstdError.count(
            unsafe ZSTD_CCtx_setParameter(context, parameter, value),
            .compress
        )
    }
}

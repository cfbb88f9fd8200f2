internal import CZstd

/// What the header of a zstd frame states, read without decompressing.
///
/// Source: RFC 8878, section 3.1.1.1.
public struct Frame: Hashable, Sendable {
    /// The length of the content.
    public let contentBytes: UInt64
    /// The number of the dictionary it was made with, `nil` for none.
    public let dictionary: UInt32?

    /// Reads the header of the one frame that `bytes` are.
    ///
    /// - Throws: `.notAFrame`, also for a skippable frame; `.sizeUnknown`; `.trailingBytes`;
    ///   `.implausibleSize` for a size that so few bytes cannot hold; `.library` for a frame that
    ///   is cut short.
    public init(_ bytes: RawSpan) throws(ZstdError) {
        guard bytes.byteCount >= 4,
            unsafe bytes.unsafeLoadUnaligned(as: UInt32.self) == ZSTD_MAGICNUMBER.littleEndian
        else { throw .notAFrame }
        let (content, length, dictionary) = unsafe bytes.withUnsafeBytes { frame in
            unsafe (
                ZSTD_getFrameContentSize(frame.baseAddress, frame.count),
                ZSTD_findFrameCompressedSize(frame.baseAddress, frame.count),
                ZSTD_getDictID_fromFrame(frame.baseAddress, frame.count)
            )
        }
        guard content != Self.sizeError else { throw .notAFrame }
        guard content != Self.sizeUnknown else { throw .sizeUnknown }
        let frameBytes = try ZstdError.count(length, .decompress)
        guard frameBytes == bytes.byteCount else {
            throw .trailingBytes(bytes.byteCount - frameBytes)
        }
        // Every block takes at least its header and gives at most a block's worth.
        let blocksMax = frameBytes / Limits.blockHeaderBytes
        guard content <= UInt64(blocksMax) * UInt64(Limits.blockBytesMax) else {
            throw .implausibleSize(claimedBytes: content, frameBytes: frameBytes)
        }
        contentBytes = content
        self.dictionary = dictionary == 0 ? nil : dictionary
    }

    // ZSTD_CONTENTSIZE_UNKNOWN and _ERROR are casts, which the importer leaves out.
    private static let sizeUnknown = UInt64.max
    private static let sizeError = UInt64.max - 1
}

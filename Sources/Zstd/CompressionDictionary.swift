internal import CZstd

/// A trained dictionary, prepared for decompression, shared by any number of threads.
///
/// A `Compressor` prepares its own form of it, once, for its level.
@safe
public final class CompressionDictionary: @unchecked Sendable {
    // Unchecked: zstd allows any number of threads to use a prepared dictionary, which never
    // changes (zstd.h, "ZSTD_createDDict").

    /// The dictionary as it was trained, to be kept beside what it compressed.
    public let bytes: [UInt8]
    /// The number that frames made with it bear; never 0.
    public let id: UInt32

    let decompression: OpaquePointer

    /// Prepares a trained dictionary.
    ///
    /// - Throws: `.notADictionary` for bytes that zstd would only take as raw content, whose frames
    ///   would not name it, or of a length outside the limits; `.library` for a damaged one.
    public init(_ bytes: [UInt8]) throws(ZstdError) {
        let lengths = Limits.dictionaryBytesMin...Limits.dictionaryBytesMax
        let id = unsafe bytes.withUnsafeBytes {
            unsafe ZSTD_getDictID_fromDict($0.baseAddress, $0.count)
        }
        guard lengths.contains(bytes.count), id != 0 else { throw .notADictionary }
        let prepared = unsafe bytes.withUnsafeBytes {
            unsafe ZSTD_createDDict($0.baseAddress, $0.count)
        }
        // zstd answers nothing for damaged tables and for lack of memory alike.
        guard let prepared = unsafe prepared else { throw .notADictionary }
        self.bytes = bytes
        self.id = id
        unsafe decompression = prepared
    }

    deinit {
        _ = unsafe ZSTD_freeDDict(decompression)
    }
}

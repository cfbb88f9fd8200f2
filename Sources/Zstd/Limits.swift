/// The limits this module holds to; zstd's own are those of libzstd 1.5.4.
public enum Limits {
    /// The compression levels that make sense for data read far more often than written.
    public static let levels = 1...19

    /// The level unless told otherwise: the fastest of the ordinary ones.
    public static let levelDefault = 1

    /// The shortest dictionary (`ZDICT_DICTSIZE_MIN`).
    public static let dictionaryBytesMin = 256

    /// The longest dictionary this module trains or loads: 1 MiB.
    public static let dictionaryBytesMax = 1 << 20

    /// The fewest samples a dictionary is trained on; zstd refuses less than 5.
    public static let samplesMin = 8

    /// The most samples a dictionary is trained on.
    public static let samplesMax = 1 << 20

    /// The most bytes of samples a dictionary is trained on: 256 MiB, zstd counts them in 32 bits.
    public static let sampleBytesMax = 1 << 28

    /// The most bytes that one block of a frame decompresses to (`ZSTD_BLOCKSIZE_MAX`).
    static let blockBytesMax = 1 << 17

    /// The fewest bytes of a frame that a block takes: its header.
    static let blockHeaderBytes = 3
}

internal import CZstd

extension CompressionDictionary {
    /// Trains a dictionary on samples that resemble what will be compressed.
    ///
    /// The same samples in the same order give the same bytes. It holds pieces of the samples.
    ///
    /// - Parameter capacity: The most bytes the dictionary may have; about a hundredth of the
    ///   samples' bytes is sensible.
    /// - Throws: `.samples` for a number or size outside the limits; `.library` when zstd finds too
    ///   little in them.
    /// - Complexity: O(bytes of samples).
    public static func train(
        samples: [[UInt8]],
        capacity: Int
    ) throws(ZstdError) -> [UInt8] {
        var joined: [UInt8] = []
        joined.reserveCapacity(samples.reduce(0) { $0 + $1.count })
        for sample in samples { joined += sample }
        return try unsafe train(
            joined: joined.span.bytes,
            sizes: samples.map(\.count),
            capacity: capacity
        )
    }

    /// Trains a dictionary on samples that lie one behind the other; otherwise as for separate ones.
    ///
    /// - Parameter sizes: The samples' lengths in bytes, in order; they add up to `joined`.
    public static func train(
        joined: RawSpan,
        sizes: [Int],
        capacity: Int
    ) throws(ZstdError) -> [UInt8] {
        try check(joined.byteCount, sizes, capacity)
        var dictionary: [UInt8] = []
        try dictionary.append(addingCapacity: capacity) { (output) throws(ZstdError) in
            try unsafe output.withUnsafeMutableBufferPointer {
                (target, count) throws(ZstdError) in
                let result = unsafe joined.withUnsafeBytes { samples in
                    unsafe ZDICT_trainFromBuffer(
                        target.baseAddress,
                        capacity,
                        samples.baseAddress,
                        sizes,
                        UInt32(sizes.count)
                    )
                }
                count = try trained(result)
            }
        }
        return dictionary
    }

    private static func check(
        _ byteCount: Int,
        _ sizes: [Int],
        _ capacity: Int
    ) throws(ZstdError) {
        guard (Limits.samplesMin...Limits.samplesMax).contains(sizes.count) else {
            throw .samples("\(sizes.count) samples")
        }
        guard byteCount <= Limits.sampleBytesMax else {
            throw .samples("\(byteCount) bytes of samples")
        }
        guard (Limits.dictionaryBytesMin...Limits.dictionaryBytesMax).contains(capacity) else {
            throw .samples("a capacity of \(capacity) bytes")
        }
        var sum = 0
        for size in sizes {
            guard size >= 0 && size <= byteCount - sum else {
                throw .samples("sizes that do not add up to \(byteCount) bytes")
            }
            sum += size
        }
        guard sum == byteCount else {
            throw .samples("sizes that add up to \(sum), not \(byteCount) bytes")
        }
    }

    private static func trained(_ result: Int) throws(ZstdError) -> Int {
        guard ZDICT_isError(result) != 0 else { return result }
        let name = unsafe String(cString: ZDICT_getErrorName(result))
        throw .library(.train, code: ZSTD_getErrorCode(result).rawValue, name: name)
    }
}

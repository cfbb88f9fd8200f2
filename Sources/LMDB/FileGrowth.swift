/// Writes out what commits without a flush add to the end of a file that grows, piece by piece as it
/// comes: left to the system, gigabytes would be written when they are flushed, and whoever flushes
/// another file meanwhile would wait for them.
public struct FileGrowth: ~Copyable {
    /// Bytes that are written at a time. The system's thread that writes them may take the processor of
    /// whoever answers.
    public static let pieceBytes: UInt64 = 524_288

    private let environment: Environment
    private var written: UInt64 = 0

    /// Watches a file from its beginning.
    public init(_ environment: Environment) { self.environment = environment }

    /// Writes out whole pieces that were not there at the call before.
    ///
    /// - Throws: errno of a write.
    @available(*, noasync)
    public mutating func writeOut() throws(LMDBError) {
        let end = environment.information.usedBytes
        while written + Self.pieceBytes <= end {
            try environment.writeOut(from: written, byteCount: Self.pieceBytes)
            written += Self.pieceBytes
        }
    }
}

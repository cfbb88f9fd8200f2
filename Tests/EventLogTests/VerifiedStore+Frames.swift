import LMDB
import Zstd

@testable import EventLog

extension VerifiedStore {
    static func decompress(_ frame: [UInt8], _ segment: Segment) throws -> [UInt8] {
        var decompressor = try Decompressor(dictionary: segment.dictionary)
        var records: [UInt8] = []
        try decompressor.decompress(frame.rawSpan, limit: 1 << 21, into: &records)
        return records
    }

    static func compress(_ records: [UInt8], _ segment: Segment) throws -> [UInt8] {
        var compressor = try Compressor(level: 1, dictionary: segment.dictionary)
        var frame: [UInt8] = []
        try compressor.compress(records.rawSpan, into: &frame)
        return frame
    }
}

import Testing
import Zstd

/// A small generator of pseudo-random numbers (SplitMix64), so that a printed seed replays a test.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// A record as they repeat in a log: known names, changing values.
    mutating func record() -> [UInt8] {
        let type = ["queue.entered", "agent.ringing", "interaction.ended"]
            .randomElement(using: &self)
        let queue = ["billing", "sales", "support"].randomElement(using: &self)
        let position = Int.random(in: 0..<1_000_000, using: &self)
        return Array(
            """
            {"position":\(position),"type":"\(type ?? "")","queue":"\(queue ?? "")",\
            "channel":"voice","agent":"agent-\(position % 97)"}
            """.utf8)
    }

    mutating func records(_ count: Int) -> [[UInt8]] {
        (0..<count).map { _ in record() }
    }
}

extension [UInt8] {
    var rawSpan: RawSpan {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(span.bytes, borrowing: self) }
    }
}

extension Compressor {
    mutating func frame(_ source: [UInt8]) throws(ZstdError) -> [UInt8] {
        var frame: [UInt8] = []
        try compress(source.rawSpan, into: &frame)
        return frame
    }
}

extension Decompressor {
    mutating func content(
        _ frame: [UInt8], limit: Int = 1 << 24
    ) throws(ZstdError) -> [UInt8] {
        var content: [UInt8] = []
        try decompress(frame.rawSpan, limit: limit, into: &content)
        return content
    }

    /// The error of decompressing, `nil` when there is none.
    mutating func refusal(_ frame: [UInt8], limit: Int = 1 << 24) -> ZstdError? {
        do throws(ZstdError) {
            _ = try content(frame, limit: limit)
            return nil
        } catch {
            return error
        }
    }
}

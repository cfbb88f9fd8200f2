/// Writes events as samples from which a compression dictionary may learn: with the form of the
/// real ones, and nothing in them that belongs to one person.
///
/// A dictionary holds pieces of what it was trained on, and outlives an erasure. So of the personal
/// part only words stay that many people share; any other letter becomes another letter, every
/// digit another digit, every number zero. Two passes: `learn` from the events, then `append` them.
public struct PersonalMask {
    /// For each word, by its hash, a bit for each sixty-fourth of all persons in whose events it
    /// stood: there are at least as many persons as bits.
    private var users: [UInt64: UInt64] = [:]
    private var state: UInt64

    /// A word stays when the persons fall into so many of 64 parts: about 44 persons.
    static let partsMin = 32

    /// Letters and digits without anything between.
    private struct Run {
        let range: Range<Int>
        let hash: UInt64
        /// Nothing but letters.
        let isWord: Bool
        /// Nothing but what a hexadecimal number has.
        let isHexadecimal: Bool
    }

    /// Makes a mask that knows no word.
    ///
    /// - Parameter seed: The same seed and events give the same samples.
    public init(seed: UInt64) { state = seed }

    /// Counts whose events hold which words. An event without an identifier belongs to nobody who
    /// could be counted.
    public mutating func learn(_ event: borrowing EventView) {
        var strongest: UInt8 = 0
        var person: UInt64?
        var identifiers = event.identifiers()
        while let identifier = identifiers.next() {
            guard person == nil || identifier.strength.rawValue > strongest else { continue }
            strongest = identifier.strength.rawValue
            person = Self.hash(identifier.value, 0..<identifier.value.byteCount)
        }
        guard let person else { return }
        let part: UInt64 = 1 << (person >> 58)
        let record = event.record
        var users = users
        self.users = [:]
        event.forEachPersonalValue { range, value in
            guard value == .text else { return }
            Self.forEachRun(of: record, in: range) { run in
                if run.isWord { users[run.hash, default: 0] |= part }
            }
        }
        self.users = users
    }

    /// Appends an event's sample, which is as long as its record.
    public mutating func append(_ event: borrowing EventView, to sample: inout [UInt8]) {
        let start = sample.count
        let record = event.record
        sample.append(record)
        event.forEachPersonalValue { range, value in
            switch value {
            case .number:
                for index in range { sample[start + index] = 0 }
            case .text:
                Self.forEachRun(of: record, in: range) { run in
                    guard !isShared(run) else { return }
                    for index in run.range {
                        sample[start + index] = other(
                            than: record[index], isHexadecimal: run.isHexadecimal)
                    }
                }
            }
        }
    }

    private func isShared(_ run: Run) -> Bool {
        run.isWord && users[run.hash].map { $0.nonzeroBitCount >= Self.partsMin } ?? false
    }

    /// Another byte of the same kind.
    private mutating func other(than byte: UInt8, isHexadecimal: Bool) -> UInt8 {
        if isHexadecimal, !Self.isDigit(byte) || byte >= UInt8(ascii: "a") {
            let first = byte >= UInt8(ascii: "a") ? UInt8(ascii: "a") : UInt8(ascii: "A")
            return first + UInt8(next() % 6)
        }
        return switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(ascii: "0") + UInt8(next() % 10)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(ascii: "A") + UInt8(next() % 26)
        default: UInt8(ascii: "a") + UInt8(next() % 26)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    /// Calls a closure with each run in a part of a record. Bytes beyond ASCII count as letters.
    private static func forEachRun(
        of record: RawSpan, in range: Range<Int>, _ body: (Run) -> Void
    ) {
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start
            var letters = 0
            var isHexadecimal = true
            while end < range.upperBound {
                let byte = record[end]
                let isDigit = isDigit(byte)
                let lower = byte | 0x20
                let isLetter =
                    byte >= 0x80 || lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
                guard isDigit || isLetter else { break }
                if isLetter {
                    letters += 1
                    isHexadecimal = isHexadecimal && byte < 0x80 && lower <= UInt8(ascii: "f")
                }
                end += 1
            }
            if end > start {
                body(
                    Run(
                        range: start..<end, hash: hash(record, start..<end),
                        isWord: letters == end - start,
                        isHexadecimal: isHexadecimal && letters < end - start))
            }
            start = end + 1
        }
    }

    /// FNV-1a, its bits mixed once more: only for counting, within one pass.
    private static func hash(_ bytes: RawSpan, _ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in range { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return mixed(hash)
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// The finaliser of SplitMix64: <https://prng.di.unimi.it/splitmix64.c>.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

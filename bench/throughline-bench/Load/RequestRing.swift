internal import ReferenceEvents

/// Requests encoded beforehand, sent round and round; ids and names are written over on the way out,
/// so that no event comes twice.
struct RequestRing: Sendable {
    /// What is written over.
    private enum Place {
        /// An `EventID`.
        case id
        /// The lap in a `LapName`.
        case lap
    }

    private struct Patch {
        let offset: Int
        let place: Place
    }

    private var seed: UInt64
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var patches: [Patch] = []
    private var patchEnds: [Int] = []

    /// Makes an empty ring; ids will be those of the seed.
    init(seed: UInt64) { self.seed = seed }

    /// The same requests with ids of their own for each number; those of 0 are the ring's.
    func reseeded(_ number: UInt64) -> RequestRing {
        var ring = self
        ring.seed = seed &+ number
        return ring
    }

    /// How many requests it holds.
    var count: Int { ends.count }
    /// The mean length of a request.
    var meanBytes: Double { count == 0 ? 0 : Double(bytes.count) / Double(count) }

    /// Adds a request; every occurrence of the id and of the name will be made anew each lap.
    mutating func append(_ request: [UInt8], id: String = "", name: String = "") {
        for offset in Self.occurrences(of: id, in: request) {
            patches.append(Patch(offset: offset, place: .id))
        }
        for offset in Self.occurrences(of: name, in: request) {
            patches.append(Patch(offset: offset + LapName.lapOffset, place: .lap))
        }
        patchEnds.append(patches.count)
        bytes.append(contentsOf: request)
        ends.append(bytes.count)
    }

    /// Appends the n-th request of the endless sequence.
    func write(_ ordinal: UInt64, to output: inout [UInt8]) {
        let (lap, place) = ordinal.quotientAndRemainder(dividingBy: UInt64(count))
        let index = Int(place)
        let base = output.count
        output.append(contentsOf: bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
        for patch in (index == 0 ? 0 : patchEnds[index - 1])..<patchEnds[index] {
            let offset = base + patches[patch].offset
            switch patches[patch].place {
            case .id:
                let (high, low) = EventID.words(seed: seed, ordinal: ordinal)
                Self.write(high, digits: 16, to: &output, at: offset)
                Self.write(low, digits: 16, to: &output, at: offset + 16)
            case .lap:
                Self.write(lap, digits: LapName.lapDigits, to: &output, at: offset)
            }
        }
    }

    private static func write(
        _ number: UInt64, digits: Int, to output: inout [UInt8], at offset: Int
    ) {
        for digit in 0..<digits {
            let nibble = UInt8(truncatingIfNeeded: number >> UInt64(4 * (digits - 1 - digit))) & 15
            output[offset + digit] = nibble < 10 ? nibble + 0x30 : nibble + 0x57
        }
    }

    private static func occurrences(of text: String, in bytes: [UInt8]) -> [Int] {
        let pattern = Array(text.utf8)
        guard !pattern.isEmpty, bytes.count >= pattern.count else { return [] }
        var found: [Int] = []
        var offset = 0
        while offset + pattern.count <= bytes.count {
            if bytes[offset] == pattern[0],
                bytes[offset..<offset + pattern.count].elementsEqual(pattern)
            {
                found.append(offset)
                offset += pattern.count
            } else {
                offset += 1
            }
        }
        return found
    }
}

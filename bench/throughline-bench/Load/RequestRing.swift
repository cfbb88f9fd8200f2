internal import EventModel
internal import ReferenceEvents

/// Requests encoded beforehand, sent round and round; ids, names, sessions, times and, now and then,
/// customers are written over on the way out, so that no event comes twice and days go by.
struct RequestRing: Sendable {
    /// What of an event is made anew each lap.
    struct Marks {
        /// An `EventID`.
        var id = ""
        /// A `LapName`.
        var name = ""
        /// Digits that end a session's name.
        var session = ""
        /// When it happened.
        var occurred: Timestamp?
        /// Eight digits that stand behind `crm:`.
        var customer = ""
    }

    /// What is written over.
    private enum Place {
        case id
        /// The lap in a `LapName`.
        case lap
        /// The last digits of a session.
        case session(UInt64, digits: Int)
        case occurred(Timestamp)
        case customer(UInt64)
    }

    private struct Patch {
        let offset: Int
        let place: Place
    }

    /// After so many laps other customers come.
    static let lapsOfCustomers: UInt64 = 10
    private static let customerDigits = 8

    private var seed: UInt64
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var patches: [Patch] = []
    private var patchEnds: [Int] = []
    private var first: Timestamp?
    private var last: Timestamp?

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

    /// How much later everything happens a lap later.
    private var lapMilliseconds: Int64 {
        guard let first, let last else { return 0 }
        return last - first + 1
    }

    /// Adds a request; every occurrence of what is marked will be made anew each lap.
    mutating func append(_ request: [UInt8], _ marks: Marks = Marks()) {
        mark(marks.id, in: request) { (.id, $0) }
        mark(marks.name, in: request) { (.lap, $0 + LapName.lapOffset) }
        if let number = UInt64(marks.session) {
            let digits = marks.session.utf8.count
            mark("s-" + marks.session, in: request) { (.session(number, digits: digits), $0 + 2) }
        }
        if let occurred = marks.occurred {
            mark(occurred.rfc3339, in: request) { (.occurred(occurred), $0) }
            first = first.map { min($0, occurred) } ?? occurred
            last = last.map { max($0, occurred) } ?? occurred
        }
        if let number = UInt64(marks.customer) {
            mark("crm:" + marks.customer, in: request) { (.customer(number), $0 + 4) }
        }
        patchEnds.append(patches.count)
        bytes.append(contentsOf: request)
        ends.append(bytes.count)
    }

    private mutating func mark(
        _ text: String, in request: [UInt8], _ patch: (Int) -> (Place, Int)
    ) {
        for offset in Self.occurrences(of: text, in: request) {
            let (place, offset) = patch(offset)
            patches.append(Patch(offset: offset, place: place))
        }
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
            case .session(let number, let digits):
                // Neighbours of a session's number are no session of the lap's own as a rule: 2^40 to
                // one.
                Self.write(number &+ lap, decimals: digits, to: &output, at: offset)
            case .occurred(let moment):
                guard lap > 0 else { continue }
                let later = moment.advanced(byMilliseconds: Int64(lap) * lapMilliseconds)
                later.write(over: &output, at: offset)
            case .customer(let number):
                let shift = lap / Self.lapsOfCustomers * UInt64(ReferenceEvents.customerCount)
                Self.write(
                    number + shift, decimals: Self.customerDigits, to: &output, at: offset)
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

    private static func write(
        _ number: UInt64, decimals: Int, to output: inout [UInt8], at offset: Int
    ) {
        var rest = number
        for digit in (0..<decimals).reversed() {
            output[offset + digit] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
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

extension Timestamp {
    /// Writes the 24 bytes of its text over what stands there.
    fileprivate func write(over output: inout [UInt8], at offset: Int) {
        var text: [UInt8] = []
        text.reserveCapacity(24)
        write(to: &text)
        for index in text.indices { output[offset + index] = text[index] }
    }
}

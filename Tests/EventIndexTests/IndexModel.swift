import EventModel

@testable import EventIndex

/// What an index should answer, said by plain dictionaries.
struct IndexModel {
    struct Event {
        let id: KeyHash
        let streams: [KeyHash]
    }

    let first: Position
    private(set) var events: [Event] = []
    private(set) var ids: [UInt64: [Position]] = [:]
    private(set) var streams: [KeyHash: [Position]] = [:]

    init(first: Position) { self.first = first }

    var end: Position { Position(first.rawValue + UInt64(events.count)) }

    mutating func append(_ event: Event) {
        let position = end
        events.append(event)
        ids[event.id.high, default: []].append(position)
        for stream in Set(event.streams) { streams[stream, default: []].append(position) }
    }

    mutating func takeBack(to position: Position) {
        while end > position.next {
            let event = events.removeLast()
            ids[event.id.high]?.removeLast()
            for stream in Set(event.streams) {
                streams[stream]?.removeLast()
                if streams[stream]?.isEmpty == true { streams[stream] = nil }
            }
        }
    }

    func candidates(_ id: KeyHash) -> [Position] { ids[id.high] ?? [] }

    func positions(_ stream: KeyHash) -> [Position] { streams[stream] ?? [] }

    func positions(_ stream: KeyHash, before bound: Position, limit: Int) -> [Position] {
        Array(positions(stream).reversed().drop { $0 >= bound }.prefix(limit))
    }

    func positions(_ stream: KeyHash, after bound: Position, limit: Int) -> [Position] {
        Array(positions(stream).drop { $0 <= bound }.prefix(limit))
    }

    /// The tails, one for each run, that hold the same events.
    func tails() -> [TailIndex] {
        var tails: [TailIndex] = []
        for (number, event) in events.enumerated() {
            if number % Int(IndexLimits.eventsPerRun) == 0 {
                tails.append(TailIndex(first: Position(first.rawValue + UInt64(number))))
            }
            let tail = tails[tails.count - 1]
            let position = tail.end
            tail.insert(id: event.id, at: position)
            for stream in event.streams { tail.insert(stream: stream, at: position) }
        }
        for tail in tails { tail.seal() }
        return tails
    }
}

/// Makes events whose streams have sizes as in life: a few are in every other event, most in one.
struct EventMaker {
    var random: SeededRandom
    /// Ids are drawn from so many values of the first half, so that some are equal.
    let idValues: UInt64
    let streamNames: Int

    init(seed: UInt64, idValues: UInt64 = .max, streamNames: Int = 2_000) {
        random = SeededRandom(seed: seed)
        self.idValues = idValues
        self.streamNames = streamNames
    }

    mutating func id() -> KeyHash {
        KeyHash(high: .random(in: 0..<idValues, using: &random), low: random.next())
    }

    /// Returns the stream of a rank; a few have the lowest and the highest hashes.
    func stream(_ rank: Int) -> KeyHash {
        switch rank {
        case 2: return .first
        case 3: return .last
        default:
            var hash = SeededRandom(seed: UInt64(rank) &* 0x9E37)
            return KeyHash(high: hash.next(), low: hash.next())
        }
    }

    /// Draws a rank by a law close to Zipf's.
    mutating func rank() -> Int {
        let share = Double.random(in: 0..<1, using: &random)
        var bound = 1.0
        var doublings = 0
        while bound < Double(streamNames) {
            bound *= 2
            doublings += 1
        }
        let scale = share * Double(doublings)
        let low = 1 << Int(scale)
        return min(streamNames, Int.random(in: low..<low * 2, using: &random))
    }

    mutating func event() -> IndexModel.Event {
        let count = Int.random(in: 0...4, using: &random)
        return IndexModel.Event(id: id(), streams: (0..<count).map { _ in stream(rank()) })
    }
}

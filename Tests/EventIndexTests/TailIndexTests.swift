import EventModel
import Testing

@testable import EventIndex

@Suite("the index of the newest events")
struct TailIndexTests {
    @Test("answers as plain dictionaries do, while events come and are taken back")
    func model() {
        let seed = Scale.seed
        print("tail index: seed \(seed)")
        var maker = EventMaker(seed: seed, idValues: 300, streamNames: 200)
        let first = Position(65_537)
        var model = IndexModel(first: first)
        let tail = TailIndex(first: first)
        for _ in 0..<200 {
            for _ in 0..<Int.random(in: 0...30, using: &maker.random) {
                let event = maker.event()
                let position = tail.end
                model.append(event)
                tail.insert(id: event.id, at: position)
                for stream in event.streams { tail.insert(stream: stream, at: position) }
            }
            if maker.random.once(in: 3) {
                let kept = UInt64.random(in: 0...UInt64(min(40, tail.count)), using: &maker.random)
                let last = Position(tail.end.rawValue - 1 - kept)
                tail.takeBack(to: last)
                model.takeBack(to: last)
            }
            check(tail, model, &maker)
        }
        tail.takeBack(to: Position(first.rawValue - 1))
        #expect(tail.count == 0 && tail.streamCount == 0)
        #expect(tail.chains.entries.isEmpty && tail.chains.ends.isEmpty)
    }

    private func check(_ tail: TailIndex, _ model: IndexModel, _ maker: inout EventMaker) {
        #expect(tail.end == model.end)
        #expect(tail.streamCount == model.streams.count)
        for _ in 0..<10 {
            let stream = maker.stream(maker.rank())
            let bound = Position(
                .random(in: tail.first.rawValue - 2...tail.end.rawValue + 2, using: &maker.random))
            let backward = model.positions(stream, before: bound, limit: .max)
            #expect(Array(tail.backward(stream: stream, before: bound)) == backward)
            #expect(tail.count(stream: stream, before: bound) == backward.count)
            #expect(
                Array(tail.forward(stream: stream, after: bound))
                    == model.positions(stream, after: bound, limit: .max))
            #expect(Array(tail.forward(stream: stream)) == model.positions(stream))
            #expect(Array(tail.backward(stream: stream)).reversed() == model.positions(stream))
            #expect(tail.count(stream: stream) == model.positions(stream).count)
        }
        guard let event = model.events.randomElement(using: &maker.random) else { return }
        var found: [Position] = []
        var next = tail.newest(id: event.id)
        while let position = next {
            found.append(position)
            next = tail.older(than: position)
        }
        let same = model.candidates(event.id).filter {
            model.events[Int($0.rawValue - model.first.rawValue)].id == event.id
        }
        #expect(found == same.reversed())
        #expect(tail.newest(id: maker.id()) == nil)
    }

    @Test("an event is in a stream once, however often it says so")
    func once() {
        let tail = TailIndex(first: Position(1))
        let stream = KeyHash(high: 1, low: 2)
        tail.insert(id: .first, at: Position(1))
        tail.insert(stream: stream, at: Position(1))
        tail.insert(stream: stream, at: Position(1))
        #expect(tail.count(stream: stream) == 1)
    }

    @Test("equal ids are all candidates, the newest first")
    func equalIDs() {
        let tail = TailIndex(first: Position(1))
        for position in 1...3 { tail.insert(id: .last, at: Position(UInt64(position))) }
        #expect(tail.newest(id: .last) == Position(3))
        #expect(tail.older(than: Position(3)) == Position(2))
        #expect(tail.older(than: Position(1)) == nil)
    }

    @Test("a full run takes the memory that is said, and no more events")
    func full() {
        let tail = TailIndex(first: Position(1))
        for number in 1...IndexLimits.eventsPerRun {
            tail.insert(id: KeyHash(high: number, low: number &* 77), at: Position(number))
            tail.insert(stream: KeyHash(high: number, low: number), at: Position(number))
        }
        #expect(tail.isFull)
        // Arrays double: at most twice 24 + 24 + 32 bytes for each event.
        #expect(tail.byteCount <= Int(IndexLimits.eventsPerRun) * 200)
        #expect(tail.byteCount >= Int(IndexLimits.eventsPerRun) * 72)
    }
}

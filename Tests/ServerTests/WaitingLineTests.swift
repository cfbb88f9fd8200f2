import Testing

@testable import Server

@Suite("Those who wait")
struct WaitingLineTests {
    private final class Reader {
        let number: Int

        init(_ number: Int) { self.number = number }
    }

    @Test("who is over is let go in the order in which they came, everybody else stays")
    func order() {
        var line = WaitingLine<Int>()
        let readers = (0..<1_000).map(Reader.init)
        for reader in readers { line.add(reader.number, of: reader) }
        #expect(line.count == 1_000)
        let taken = [line.take(of: readers[3]), line.take(of: readers[3])]
        #expect(taken == [3, nil])
        let over = line.take { $0 % 3 == 0 }
        #expect(over == stride(from: 0, to: 1_000, by: 3).filter { $0 != 3 })
        // Who waits again stands behind those who stayed.
        line.add(0, of: readers[0])
        let rest = line.take { _ in true }
        #expect(rest == (0..<1_000).filter { $0 % 3 != 0 } + [0])
        #expect(line.count == 0)
    }

    @Test("letting n go costs n looks, and time that grows as n does")
    func cost() {
        func time(_ count: Int) -> Duration {
            let readers = (0..<count).map(Reader.init)
            return (0..<3).map { _ in
                var line = WaitingLine<Int>()
                for reader in readers { line.add(reader.number, of: reader) }
                var looks = 0
                let clock = ContinuousClock()
                let took = clock.measure {
                    let over = line.take { _ in
                        looks += 1
                        return true
                    }
                    #expect(over.count == count)
                }
                #expect(looks == count)
                return took
            }.min() ?? .zero
        }
        // Sixteen times as many: 256 times as long, were each held against all.
        #expect(time(32_768) < time(2_048) * 80)
    }
}

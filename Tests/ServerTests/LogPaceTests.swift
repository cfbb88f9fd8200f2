import Testing

@testable import Server

@Suite("Lines to which peers give cause")
struct LogPaceTests {
    @Test("so many are logged in a span, the others are counted and told of once")
    func pace() {
        var pace = LogPace(most: 2, spanNanoseconds: 100)
        let first = ([0, 10, 20, 99] as [UInt64]).map { pace.takes($0) }
        #expect(first == [true, true, false, false])
        let told = ([99, 100, 101] as [UInt64]).map { pace.takeSkipped($0) }
        #expect(told == [nil, 2, nil])
        let next = pace.takes(150)
        let none = ([249, 250] as [UInt64]).map { pace.takeSkipped($0) }
        #expect(next && none == [nil, nil])
        let last = ([300, 301, 302] as [UInt64]).map { pace.takes($0) }
        #expect(last == [true, true, false])
        #expect(pace.skippedInAll == 3)
    }

    @Test("each kind has a pace of its own")
    func kinds() {
        var lines = PacedLines()
        let refused = (0...ServerLimits.pacedLinesMax).map { _ in lines.takes(.refused, 0) }
        #expect(refused.count { $0 } == ServerLimits.pacedLinesMax && refused.last == false)
        let others = [lines.takes(.ended, 0), lines.takes(.notPermitted, 0)]
        #expect(others == [true, true])
        #expect(lines.skipped == 1)
        let told = lines.takeSkipped(ServerLimits.pacedLinesSpanNanoseconds)
        #expect(told.map(\.kind) == [.refused] && told.map(\.count) == [1])
    }
}

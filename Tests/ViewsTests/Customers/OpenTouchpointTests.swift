import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

@Suite("Open interactions of a person") struct OpenTouchpointTests {
    /// A life of contacts some of which never end, several of them begun at once.
    private static func life(_ seed: UInt64) -> [Happening] {
        var random = SeededGenerator(seed: seed)
        var happenings: [Happening] = []
        for number in 0..<Int.random(in: 1...14, using: &random) {
            let at = Int64.random(in: 1...6, using: &random) * 60_000
            let name = "i-\(number)"
            happenings.append(
                Card.ana(
                    "interaction.created", at, name,
                    ["channel": .text("voice"), "direction": .text("inbound")]))
            if random.once(in: 2) {
                happenings += [
                    Happening("queue.entered", at + 1, name, ["queue": .ref("billing")]),
                    Happening(
                        "interaction.abandoned", at + 2, name, ["phase": .text("queue")]),
                ]
            }
        }
        return happenings
    }

    @Test(
        "are the same whether the last interactions have been read before, or how many of them",
        arguments: 1...40 as ClosedRange<UInt64>)
    func known(_ seed: UInt64) throws {
        let happenings = Self.life(seed)
        let ended = Set(
            happenings.filter { $0.type == "interaction.abandoned" }.map(\.interaction))
        let open = happenings.count { !ended.contains($0.interaction) }
        let card = try Card(happenings)
        func names(reading most: Int?, showing shown: Int) throws -> [String] {
            let person = try #require(try Person([CustomerID(rawValue: 1)], card.rows))
            if let most { _ = try person.touchpoints(atMost: most, card.rows) }
            return try person.openTouchpoints(atMost: shown, card.rows).map(\.name.text)
        }
        for shown in [1, 3, 20] {
            let apart = try names(reading: nil, showing: shown)
            #expect(apart.count == min(open, shown), "seed \(seed)")
            for most in [1, 2, 5, 20] {
                #expect(
                    try names(reading: most, showing: shown) == apart,
                    "seed \(seed), \(most) read, \(shown) shown")
            }
        }
    }
}

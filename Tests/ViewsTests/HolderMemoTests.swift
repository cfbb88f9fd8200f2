import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

@Suite struct HolderMemoTests {
    private static func log(_ random: inout SeededGenerator) -> MemoryLog {
        var log = MemoryLog()
        for index in 0..<400 {
            let value = "+3491123456\(Int.random(in: 0...5, using: &random))"
            let phone = Identifier(kind: "phone", value: value, strength: .line)
            let number = "\(Int.random(in: 0...5, using: &random))"
            let account = Identifier(kind: "crm", value: number, strength: .verified)
            switch Int.random(in: 0...9, using: &random) {
            case 0:
                let of = "phone:" + value
                log.append(Happening("identity.released", 0, nil, ["identifier": .text(of)]))
            case 1, 2: log.append(Happening("web.viewed", 0, nil, [:], [phone, account]))
            case 3, 4, 5: log.append(Happening("web.viewed", 0, nil, [:], [account]))
            default: log.append(Happening("interaction.created", 0, "\(index)", [:], [phone]))
            }
        }
        return log
    }

    @Test(
        "who remembers finds whom who looks finds, whatever state of the view each asks",
        arguments: 1...20 as ClosedRange<UInt64>)
    func same(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let log = Self.log(&random)
        var run = FoldRun<IdentityProjection>()
        let memo = HolderMemo()
        var next = Position(1)
        var remembered = 0
        while next <= log.head {
            let ahead = UInt64.random(in: 0...60, using: &random)
            try run.run(log, to: min(log.head, Position(next.rawValue + ahead)))
            let last = min(log.head, Position(next.rawValue + ahead / 2))
            while next <= last {
                try log.read(next) { event throws(ViewFault) in
                    var (looked, known): ([CustomerID], [CustomerID]) = ([], [])
                    var key: [UInt8] = []
                    if memo.customer(of: event) != nil { remembered += 1 }
                    try IdentityView.findCustomers(of: event, run.rows, into: &looked, key: &key)
                    try IdentityView.findCustomers(
                        of: event, run.rows, knowing: memo, into: &known, key: &key)
                    #expect(looked == known, "seed \(seed), position \(event.position)")
                }
                next = next.next
            }
        }
        #expect(remembered > 50, "seed \(seed)")
    }
}

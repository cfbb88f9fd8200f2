import EventModel
import FoldTesting
import Testing

@testable import Views

@Suite struct IdentityTests {
    private let phone = Identifier(kind: "phone", value: "+34911234567", strength: .line)
    private let email = Identifier(kind: "email", value: "ana@example.com")

    private func customer(
        _ identifier: String, _ rows: MemoryRows, asOf position: UInt64? = nil
    ) throws -> UInt64? {
        let bytes = Array(identifier.utf8)
        return unsafe try IdentityView.customer(
            of: bytes.span.bytes, asOf: position.map { Position($0) }, rows)?.rawValue
    }

    @Test("an identifier belongs to the customer whom its first event founded")
    func founding() throws {
        var log = MemoryLog()
        log.append([
            Happening("order.placed", 0, nil, [:], [email]),
            Happening("interaction.created", 0, "c", [:], [phone]),
            Happening("interaction.created", 0, "d", [:], [email, phone]),
        ])
        var run = FoldRun<IdentityProjection>()
        try run.run(log)
        #expect(try customer("email:ana@example.com", run.rows) == 1)
        #expect(try customer("phone:+34911234567", run.rows) == 2)
        #expect(try customer("phone:+34911234567", run.rows, asOf: 1) == nil)
        #expect(try customer("phone:+34911234567", run.rows, asOf: 2) == 2)
        #expect(try customer("phone:+3491", run.rows) == nil)
        #expect(try customer("nothing", run.rows) == nil)
        try log.read(Position(3)) { event throws(ViewFault) in
            var found = [CustomerID(rawValue: 9)]
            var key: [UInt8] = []
            try IdentityView.findCustomers(of: event, run.rows, into: &found, key: &key)
            #expect(found.map(\.rawValue) == [1, 2])
        }
    }

    @Test("only identifiers of the customer's own found somebody")
    func roles() throws {
        var log = MemoryLog()
        var gift = email
        gift.role = .recipient
        log.append(Happening("order.placed", 0, nil, [:], [gift]))
        var run = FoldRun<IdentityProjection>()
        try run.run(log)
        #expect(run.rows.all.isEmpty)
    }

    @Test("no identifier's key is the start of another's")
    func keys() throws {
        var log = MemoryLog()
        let pairs = [("a", "b"), ("a", "bc"), ("ab", "c"), ("a", "b\u{0}"), ("a", "b\u{0}c")]
        for (kind, value) in pairs {
            log.append(Happening("x", 0, nil, [:], [Identifier(kind: kind, value: value)]))
        }
        var run = FoldRun<IdentityProjection>()
        try run.run(log)
        // One row of the identifier, one that leads back to it.
        #expect(run.rows.all.count == 2 * pairs.count)
        for (index, pair) in pairs.enumerated() {
            #expect(try customer("\(pair.0):\(pair.1)", run.rows) == UInt64(index + 1))
        }
    }

    @Test("the drawn example is what is written")
    func example() throws {
        var record = IdentifierRecord()
        var holding = IdentifierRecord.Holding(
            since: Position(300), customer: CustomerID(rawValue: 300))
        holding.firstSeen = Timestamp(milliseconds: 0)
        holding.lastSeen = holding.firstSeen
        record.begin(holding)
        var row: [UInt8] = []
        record.encode(into: &row)
        #expect(row == [3, 1, 0xAC, 2, 0xC0, 0x25, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test("an identifier that changed hands says whom it belonged to at every position")
    func intervals() throws {
        var record = IdentifierRecord()
        for (since, customer) in [(10, 5), (20, nil), (25, 7)] as [(UInt64, UInt64?)] {
            let customer = customer.map { CustomerID(rawValue: $0) }
            record.begin(.init(since: Position(since), customer: customer))
        }
        var row: [UInt8] = []
        record.encode(into: &row)
        let read = try #require(try IdentifierRecord.decoded(row))
        var written: [UInt8] = []
        read.encode(into: &written)
        #expect(written == row)
        for (position, customer) in [(9, nil), (10, 5), (19, 5), (20, nil), (24, nil), (25, 7)] {
            let asked = Position(UInt64(position))
            #expect(read.holding(asOf: asked)?.customer?.rawValue == customer.map(UInt64.init))
        }
    }

    @Test("a damaged row is an error")
    func damage() {
        for row: [UInt8] in [
            [], [1, 0, 0], [2, 1], [2, 9, 1, 1], [2, 0, 0, 0], [2, 1, 1, 0, 9, 0],
        ] {
            #expect(throws: ViewFault.self) { try IdentifierRecord.decoded(row) }
        }
    }
}

import ContactCentre
import EventModel
import TestSupport
import Testing

@testable import Views

/// Rows whose numbers are mostly 0.
@Suite struct CompactRowTests {
    @Test(
        "a list of numbers is read back as it was written",
        arguments: 1...20 as ClosedRange<UInt64>)
    func lists(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var row: [UInt8] = []
        var written: [[UInt64]] = []
        for maskBytes in [1, 2, 4] {
            let numbers: [UInt64] = (0..<8 * maskBytes).map { _ in
                random.once(in: 2)
                    ? 0 : [1, 127, 128, 1 << 40, .max].randomElement(using: &random)!
            }
            var list = NumberListWriter()
            list.begin(maskBytes: maskBytes, in: &row)
            for number in numbers { list.append(number, to: &row) }
            list.end(in: &row)
            written.append(numbers)
        }
        var reader = unsafe ByteReader(row.span.bytes, of: "test")
        for (maskBytes, numbers) in zip([1, 2, 4], written) {
            var list = NumberListReader()
            try list.begin(maskBytes: maskBytes, &reader)
            for number in numbers {
                let read = try list.next(&reader)
                #expect(read == number, "seed \(seed)")
            }
        }
        let isAtEnd = reader.isAtEnd
        #expect(isAtEnd)
    }

    private static func moment(_ random: inout SeededGenerator) -> Timestamp {
        Timestamp(milliseconds: Int64.random(in: -5_000_000...1_800_000_000_000, using: &random))
    }

    private static func entry(_ random: inout SeededGenerator) -> ChainEntry {
        func maybe(_ random: inout SeededGenerator) -> Timestamp? {
            random.once(in: 2) ? nil : moment(&random)
        }
        var entry = ChainEntry()
        entry.name = "c-\(random.next() % 1_000)"
        entry.flags = ChainEntry.Flags(rawValue: UInt16(random.next() % 4_096))
        entry.channel = Channel.allCases.randomElement(using: &random)!
        entry.queue = ["", "billing", "sales"].randomElement(using: &random)!
        entry.created = moment(&random)
        entry.offered = maybe(&random)
        entry.ended = maybe(&random)
        entry.answered = maybe(&random)
        entry.reopened = maybe(&random)
        entry.wait = Int64.random(in: -3...100_000, using: &random)
        entry.calledBack = maybe(&random)
        entry.link = random.once(in: 2) ? 0 : random.next()
        entry.reasons = (0..<Int.random(in: 0...3, using: &random)).map { _ in random.next() }
        return entry
    }

    @Test(
        "the contacts of a person are read back as they were written",
        arguments: 1...40 as ClosedRange<UInt64>)
    func chains(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var chain = ChainRow()
        for _ in 0..<Int.random(in: 0...9, using: &random) { chain.insert(Self.entry(&random)) }
        if random.once(in: 2) { chain.person = CustomerID(rawValue: 7) }
        chain.members = [CustomerID(rawValue: 3), CustomerID(rawValue: 900)]
        var row: [UInt8] = []
        chain.encode(into: &row)
        let read = unsafe try ChainRow(row: row.span.bytes)
        #expect(read.entries == chain.entries, "seed \(seed)")
        #expect(read.person == chain.person && read.members == chain.members)
        for _ in 0..<200 {
            // What is damaged is an error or another row, and never a trap.
            var damaged = row
            damaged[Int.random(in: 0..<row.count, using: &random)] = UInt8(random.next() & 0xFF)
            damaged.removeLast(Int.random(in: 0...1, using: &random))
            _ = unsafe try? ChainRow(row: damaged.span.bytes)
        }
    }

    @Test(
        "the details of a contact are read back as they were written",
        arguments: 1...40 as ClosedRange<UInt64>)
    func details(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func count(_ random: inout SeededGenerator) -> Int {
            random.once(in: 2) ? 0 : Int.random(in: 1...300, using: &random)
        }
        func text(_ random: inout SeededGenerator) -> String? {
            [nil, "", "acme"].randomElement(using: &random)!
        }
        var details = ContactDetails()
        details.provider = text(&random)
        details.brand = text(&random)
        details.site = text(&random)
        details.reasons = (0..<count(&random) % 4).map { "reason-\($0)" }
        details.declared = (0..<count(&random) % 3).map { .init(name: "n\($0)", value: "v") }
        details.offers.entries = (0..<count(&random) % 5).map { number in
            .init(
                agent: "a-\(number)", stay: count(&random),
                outcomes: OfferOutcomes(
                    made: count(&random), accepted: count(&random), rejected: count(&random),
                    missed: count(&random), rescinded: count(&random), failed: count(&random),
                    abandoned: count(&random)),
                rings: (0..<count(&random) % 5).map { _ in Int64(random.next() % 90_000) })
        }
        details.offers.ringing = (0..<count(&random) % 3).map { number in
            .init(
                agent: "a-\(number)", stay: count(&random), offer: random.next(),
                made: Self.moment(&random))
        }
        details.reopenings = (0..<count(&random) % 3).map { _ in Self.moment(&random) }
        details.callback =
            [.none, .lost, .reached(Self.moment(&random))].randomElement(using: &random)!
        for index in details.transfers.indices { details.transfers[index] = count(&random) }
        if random.once(in: 2) {
            details.humanAsked = Self.moment(&random)
            details.stepsToHuman = count(&random)
        }
        details.disposition = [nil, .resolved, .other].randomElement(using: &random)!
        details.messages = (0..<count(&random) % 6).map { _ in
            ContactMessage(
                sent: Self.moment(&random), author: .customer, isFailed: random.once(in: 2),
                idHash: random.next())
        }
        var row: [UInt8] = []
        details.encode(into: &row)
        var reader = unsafe ByteReader(row.span.bytes, of: "test")
        let read = try ContactDetails(from: &reader)
        #expect(read == details, "seed \(seed)")
        let isAtEnd = reader.isAtEnd
        #expect(isAtEnd)
    }
}

import EventModel
import Testing

@testable import Commands
@testable import Views

/// Whom an identifier showed is known of the state in which it was looked at, and of no other.
@Suite struct MatchCacheTests {
    private static func match(_ customers: UInt64...) -> PersonMatch {
        let customers = customers.map { CustomerID(rawValue: $0) }
        return PersonMatch(
            person: customers[0], customers: customers, strength: .line, candidates: [])
    }

    @Test("is told of the same file at the same position")
    func state() {
        let cache = MatchCache()
        let phone = Array("phone:+34911234567".utf8)
        let state = ViewState(file: 1, position: Position(7))
        #expect(cache.match(phone, in: state) == nil)
        cache.keep(Self.match(1), of: phone, in: state)
        #expect(cache.match(phone, in: state) == Self.match(1))
        #expect(cache.match(Array("phone:+3491".utf8), in: state) == nil)
        for other in [
            ViewState(file: 1, position: Position(8)), ViewState(file: 2, position: Position(7)),
        ] {
            #expect(cache.match(phone, in: other) == nil)
            cache.keep(Self.match(other.file, 9), of: phone, in: other)
            #expect(cache.match(phone, in: other) == Self.match(other.file, 9))
            #expect(cache.match(phone, in: state) == nil)
        }
        #expect(cache.count == 1)
    }

    @Test("is bounded, by identifiers and by what one shows")
    func bounded() {
        let cache = MatchCache(countMax: 100)
        let state = ViewState(file: 1, position: Position(7))
        for number in 1...1_000 as ClosedRange<UInt64> {
            cache.keep(Self.match(number), of: Array("crm:\(number)".utf8), in: state)
            #expect(cache.count <= 101)
        }
        #expect(cache.match(Array("crm:1000".utf8), in: state) == Self.match(1_000))
        #expect(cache.match(Array("crm:1".utf8), in: state) == nil)
        let many = PersonMatch(
            person: CustomerID(rawValue: 1),
            customers: (1...17).map { CustomerID(rawValue: $0) }, strength: nil, candidates: [])
        cache.keep(many, of: Array("email:a".utf8), in: state)
        #expect(cache.match(Array("email:a".utf8), in: state) == nil)
    }
}

import EventLog
import EventModel
import Foundation
import Testing
import Views

@testable import Projecting

/// Rules of identity that are for all events: views are folded anew under them at the next start.
@Suite("Rules for all history")
struct GenerationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let definition =
        "definition.set source ops id rules kind identityRules key default version 2 "
        + #"body {"region":"ES","all_history":true}"#

    /// One number in two spellings, each with somebody who proves it; an order of each.
    private func fill(_ store: FoldedStore) throws {
        try store.append(
            "identity.observed source crm id 1 customer:verified crm:1 "
                + "customer:verified phone:600000001")
        try store.append(
            "identity.observed source crm id 2 customer:verified email:b@x.es "
                + "customer:verified phone:+34600000001")
        for (number, who) in ["crm:1", "email:b@x.es"].enumerated() {
            try store.append(
                "order.placed source shop id \(number) order o-\(number) total 100~EUR "
                    + "customer:verified \(who)")
        }
    }

    private func person(_ identifier: String, _ store: FoldedStore) throws -> PersonMatch? {
        let bytes = Array(identifier.utf8)
        return try unsafe IdentityView.person(
            of: bytes.span.bytes, store.views.identity.snapshot())
    }

    private func areOne(_ store: FoldedStore) throws -> Bool {
        let (first, second) = (try person("crm:1", store), try person("email:b@x.es", store))
        try #require(first != nil && second != nil)
        return first?.person == second?.person
    }

    private func pending(_ store: FoldedStore) throws -> Position? {
        try IdentityView.rulesState(store.views.identity.snapshot()).pending
    }

    /// What a fold of the same log from its beginning gives.
    private func anew(_ store: FoldedStore) throws -> [[UInt8]: [UInt8]] {
        let place = folder.path + "/anew-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true)
        let views = try ViewSet(stillOn: store.log, folder: place)
        try views.catchUp()
        return try FoldedStore.rows(of: views)
    }

    @Test("hold behind their definition at once, and for all events from the next start on")
    func nextStart() throws {
        do {
            let store = try FoldedStore(folder.store)
            try fill(store)
            try store.append(Self.definition)
            try store.append(
                "identity.observed source crm id 3 customer:verified crm:3 "
                    + "customer:verified phone:600000003")
            store.catchUp()
            #expect(try !areOne(store) && pending(store) == Position(5))
            #expect(try person("phone:+34600000003", store) != nil)
        }
        let ahead = ViewSet.upgrades(folder: folder.store + "/views")
        #expect(ahead.map(\.name) == ViewSet.names)
        for (name, upgrade) in ahead {
            guard case .foldedAnew = upgrade else {
                Issue.record("\(name) would be \(upgrade)")
                continue
            }
        }
        let store = try FoldedStore(folder.store)
        store.catchUp()
        #expect(try areOne(store) && pending(store) == nil)
        // Three customers found by four identifiers; whoever asks for either spelling finds them.
        #expect(try person("phone:600000001", store)?.customers.count == 3)
        #expect(try store.rows() == anew(store))
        // Past positions have the persons of these rules, too.
        let bytes = Array("crm:1".utf8)
        let then = try unsafe IdentityView.person(
            of: bytes.span.bytes, asOf: Position(1), store.views.identity.snapshot())
        #expect(then?.customers.count == 2)
    }

    @Test("are found again where views are gone, folded anew, and at every later start")
    func forEver() throws {
        var rows: [[UInt8]: [UInt8]] = [:]
        do {
            let store = try FoldedStore(folder.store)
            try fill(store)
            try store.append(Self.definition)
            store.catchUp()
        }
        do {
            let store = try FoldedStore(folder.store)
            store.catchUp()
            rows = try store.rows()
            #expect(store.views.rebuild("identity"))
            wait(store.views.customers) { $0.rebuild == nil }
            #expect(try store.rows() == rows)
        }
        let kept = ViewSet.upgrades(folder: folder.store + "/views")
        #expect(kept.map(\.upgrade) == [.kept, .kept, .kept, .kept])
        do {
            let store = try FoldedStore(folder.store)
            #expect(store.views.status.allSatisfy { !$0.isBuilding })
            store.catchUp()
            #expect(try store.rows() == rows)
        }
        try FileManager.default.removeItem(atPath: folder.store + "/views")
        let store = try FoldedStore(folder.store)
        store.catchUp()
        #expect(try store.rows() == rows && areOne(store))
    }

    @Test("give way to the last of them; what cannot be read and what is not for all is none")
    func last() throws {
        do {
            let store = try FoldedStore(folder.store)
            try fill(store)
            try store.append(Self.definition)
            for (number, body) in [
                #"{"region":"ES","all_history":1}"#, #"{"region":"ES"}"#,
                #"{"all_history":true}"#,
            ].enumerated() {
                try store.append(
                    "definition.set source ops id \(number) kind identityRules key default "
                        + "version \(number) body \(body)")
            }
            store.catchUp()
            #expect(try pending(store) == Position(8))
        }
        let store = try FoldedStore(folder.store)
        store.catchUp()
        // Shipped rules again, over all: no region.
        #expect(try !areOne(store) && pending(store) == nil)
        #expect(try store.rows() == anew(store))
    }

    @Test("a statement that names a customer whom they do not know means whom that event shows")
    func statements() throws {
        do {
            let store = try FoldedStore(folder.store)
            try store.append("identity.observed source crm id 1 customer:verified phone:600000001")
            try store.append(
                "identity.observed source crm id 2 customer:verified phone:+34600000001")
            try store.append("identity.observed source crm id 3 customer:verified crm:3")
            // By the rules of then the second event founded c_2.
            try store.append(
                "identity.merged source ops id 4 customers c_2~c_3 reason passport actor agent:ana")
            try store.append(Self.definition)
            store.catchUp()
            let before = try person("crm:3", store)?.customers.map { "\($0)" }
            #expect(before == ["c_2", "c_3"])
        }
        let store = try FoldedStore(folder.store)
        store.catchUp()
        let one = try #require(try person("crm:3", store))
        #expect(one.customers.map { "\($0)" } == ["c_1", "c_3"])
        #expect(try store.rows() == anew(store))
    }

    @Test("a household told by an id that is gone is that of whom its event shows")
    func households() throws {
        func household(_ store: FoldedStore, of customer: UInt64) throws -> String {
            var json = JSONWriter()
            _ = try CustomerDocument.write(
                [CustomerID(rawValue: customer)], now: Timestamp(milliseconds: 0),
                options: CardOptions(sections: [.household]),
                from: store.views.customers.snapshot(), to: &json)
            return String(decoding: json.bytes, as: UTF8.self)
        }
        do {
            let store = try FoldedStore(folder.store)
            try store.append("identity.observed source crm id 1 customer:verified phone:600000001")
            try store.append(
                "identity.observed source crm id 2 customer:verified phone:+34600000001")
            try store.append("identity.observed source crm id 3 customer:verified crm:3")
            try store.append(
                "household.confirmed source ops id 4 customers c_2~c_3 rule manual kind family")
            try store.append(Self.definition)
            store.catchUp()
            #expect(try household(store, of: 2).contains(#""household":[{"customer":"c_3""#))
        }
        let store = try FoldedStore(folder.store)
        store.catchUp()
        #expect(try household(store, of: 1).contains(#""household":[{"customer":"c_3""#))
        #expect(try household(store, of: 3).contains(#""household":[{"customer":"c_1""#))
        #expect(try store.rows() == anew(store))
    }

    @Test("what was prepared for them is begun with")
    func prepared() throws {
        do {
            let store = try FoldedStore(folder.store)
            try fill(store)
            try store.append(Self.definition)
            store.catchUp()
        }
        let views = folder.store + "/views"
        #expect(ViewSet.outdated(folder: views) == ViewSet.names)
        let place = ViewSet.preparing(for: views)
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true)
        do {
            let log = try OpenLog(folder.store)
            let made = try ViewSet(stillOn: log.log, folder: place)
            try made.catchUp()
            try made.settle()
        }
        try ViewSet.hand(ViewSet.names, from: place, to: views)
        let store = try FoldedStore(folder.store)
        #expect(store.views.status.allSatisfy { !$0.isBuilding && $0.eventsFolded == 0 })
        store.catchUp()
        #expect(try areOne(store))
    }
}

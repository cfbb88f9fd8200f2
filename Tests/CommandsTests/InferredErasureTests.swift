import EventLog
import EventModel
import Foundation
import Projecting
import Testing
import Views

@testable import Commands

/// Two bought once, long ago: the daily look at the base says that both have lapsed.
@Suite("What was inferred of somebody and is not in the log goes with their erasure")
struct InferredErasureTests {
    private let store: OpenStore
    private let session = Session(id: 1, role: .privacy)
    private let writer = Session(id: 2, role: .writer)

    init() throws {
        store = try OpenStore()
        for customer in 1...2 {
            for type in ["order.placed", "order.paid"] {
                let total = type == "order.placed" ? " total 3000EUR" : ""
                try append(
                    "\(type) source shop id \(type)-\(customer) occurred 2025-03-02T09:00:00Z"
                        + " order o-\(customer) customer:verified crm:buyer-\(customer)"
                        + total.replacing("3000EUR", with: "\"3000 EUR\""))
            }
        }
        try append(
            "definition.set source crm id stages kind stages key default version 1 body "
                + #""{\"publish\":\"daily\",\"active_days\":30}""#)
        #expect(try store.executor.commitRound([writer]))
    }

    private func append(_ words: String) throws {
        store.run("APPEND " + words, for: writer)
        let refusals = writer.takeLines().filter { $0.hasPrefix("-") }
        try #require(refusals.isEmpty, "\(words): \(refusals)")
    }

    /// Sweeps until something holds, for a minute at most.
    private func sweep(until isSo: () -> Bool) throws {
        let end = Date() + 60
        while !isSo() {
            try #require(Date() < end)
            _ = try store.executor.sweep()
            store.letThreadsWork()
        }
    }

    private func staged() throws -> [String] {
        let first = store.executor.log.head.position.rawValue + 1
        #expect(try store.executor.commitRound([]))
        return try (first..<store.executor.log.head.position.rawValue + 1).map { position in
            _ = try store.finish("EVENT \(position)", for: session)
            return try #require(session.takeLines().last)
        }
    }

    /// Has the look's findings wait for room: the round is full.
    private func findWithoutRoom() throws {
        let text = String(repeating: "x", count: 30_000)
        var number = 0
        while !store.executor.roundIsFull {
            number += 1
            try append("note.added source s id n-\(number) note_id n text \(text)")
        }
        try sweep { !store.executor.unstaged.isEmpty }
        #expect(
            store.executor.unstaged.map(\.type) == [
                "stage.inferred", "stage.inferred", "thresholds.published",
            ])
        #expect(try store.executor.commitRound([writer]))
        _ = writer.takeLines()
    }

    @Test("nothing of them is appended, and the day is looked at again for everybody else")
    func erased() throws {
        try findWithoutRoom()
        _ = try store.finish("ERASE crm:buyer-1 REASON asked", for: session)
        // Also what waits beside the erasure in its round.
        #expect(try store.executor.sweep() == 0)
        #expect(store.executor.unstaged.count == 3)
        #expect(try store.executor.commitRound([session]))
        #expect(session.takeLines().last?.contains("\"events\":2,") == true)
        #expect(try store.executor.sweep() == 0)
        #expect(store.executor.unstaged.isEmpty)
        let end = Date() + 60
        while store.executor.hasErasures {
            try #require(Date() < end)
            if try store.executor.carryOutErasures() {
                #expect(try store.executor.commitRound([]))
            }
            store.letThreadsWork()
        }
        try sweep { store.executor.writer.stagedCount > 0 }
        let told = try staged()
        #expect(told.count == 2, "\(told)")
        #expect(told[0].contains("stage.inferred") && told[0].contains("c_3"), "\(told[0])")
        #expect(told[1].contains("thresholds.published") && told[1].contains("\"n\":1"))
    }

    @Test("with nobody erased it is appended as soon as there is room")
    func room() throws {
        try findWithoutRoom()
        #expect(try store.executor.sweep() == 3)
        #expect(try staged().count == 3)
    }
}

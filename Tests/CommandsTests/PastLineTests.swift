import TestSupport
import Testing

@testable import Commands

@Suite("Users take turns with questions about the past")
struct PastLineTests {
    private func question(_ user: UInt32) -> PastQuestion {
        PastQuestion(of: .user(user)) { (_, _) in nil }
    }

    @Test("who asks once waits behind one question of who asks much")
    func turns() {
        var line = PastLine()
        for _ in 0..<4 { #expect(line.add(question(1), most: 8) == .taken) }
        for user: UInt32 in [2, 3] { #expect(line.add(question(user), most: 8) == .taken) }
        var served: [PastQuestion.Asker] = []
        while let next = line.next() { served.append(next.asker) }
        #expect(served == [1, 2, 3, 1, 1, 1].map { .user($0) })
        #expect(line.isEmpty)
    }

    @Test("where all places are taken the last question of who has most gives way")
    func givesWay() {
        var line = PastLine()
        let many = (0..<3).map { _ in question(1) }
        for question in many { #expect(line.add(question, most: 3) == .taken) }
        #expect(line.add(question(1), most: 3) == .refused)
        #expect(line.add(question(2), most: 3) == .takenInsteadOf(many[2]))
        // Two and one: nobody has two more than another.
        #expect(line.add(question(2), most: 3) == .refused)
        #expect(line.add(question(3), most: 3) == .takenInsteadOf(many[1]))
        #expect(line.add(question(1), most: 3) == .refused)
    }

    @Test("those that were given up take no place")
    func givenUp() {
        var line = PastLine()
        let first = question(1)
        #expect(line.add(first, most: 1) == .taken)
        first.giveUp()
        #expect(line.add(question(1), most: 1) == .taken)
    }

    @Test(
        "between two questions of one user each other who waits is served once", arguments: 1...20)
    func random(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var line = PastLine()
        var waiting: [PastQuestion] = []
        /// Who has been served since each was served last.
        var since: [PastQuestion.Asker: Set<PastQuestion.Asker>] = [:]
        for step in 0..<1_000 {
            let isFilling = step < 800
            if !isFilling || random.once(in: 3) {
                guard let next = line.next() else { continue }
                // The oldest of that user's.
                #expect(waiting.first { $0.asker == next.asker } == next, "seed \(seed)")
                if let others = since[next.asker] {
                    let left = Set(waiting.map(\.asker)).subtracting(others + [next.asker])
                    // Who has come since waits behind.
                    #expect(isFilling || left.isEmpty, "seed \(seed)")
                }
                waiting.removeAll { $0 == next }
                for asker in since.keys { since[asker]?.insert(next.asker) }
                since[next.asker] = []
                continue
            }
            let asked = question(UInt32.random(in: 1...4, using: &random))
            switch line.add(asked, most: 12) {
            case .taken: waiting.append(asked)
            case .takenInsteadOf(let other):
                #expect(waiting.contains(other), "seed \(seed)")
                waiting.removeAll { $0 == other }
                waiting.append(asked)
            case .refused: #expect(waiting.count == 12, "seed \(seed)")
            }
        }
        #expect(waiting.isEmpty && line.isEmpty, "seed \(seed)")
    }

    @Test("who asks once the daemon ends is told that, not that others wait")
    func stopped() throws {
        let store = try OpenStore()
        let session = Session(id: 1, role: .reader)
        store.executor.past.stop()
        store.run("QUEUES AT 2026-01-01T09:00:00Z", for: session)
        #expect(session.takeLines().first?.hasPrefix("-STOPPING") == true)
    }
}

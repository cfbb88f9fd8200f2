import EventLog
import EventModel
import Foundation
import Testing
import Views

@testable import Projecting

@Suite("A damaged view")
struct DamagedViewTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func fill() throws {
        let store = try FoldedStore(folder.store)
        try store.appendCalls(1...20)
        store.catchUp()
    }

    private func rows() throws -> [[UInt8]: [UInt8]] {
        let store = try FoldedStore(folder.store)
        store.catchUp()
        return try store.rows()
    }

    private func damageQueues() throws {
        try ViewFile(folder.view(QueuesProjection.self)).changeRows { $0[0] ^= 0x10 }
    }

    @Test("damage that a fold meets halts the view, visibly; the next start makes it anew")
    func folding() throws {
        try fill()
        try damageQueues()
        do {
            let store = try FoldedStore(folder.store)
            try store.append("queue.left source pbx id 5:3 interaction c-5 reason timeout")
            let reason = whyHalted(store.views.queues)
            #expect(reason.contains("damaged"))
            #expect(reason.contains("the next start makes it anew"))
            #expect(store.views.queues.status.position == Position(40))
            // The others go on.
            _ = store.views.customers.progress.wait(beyond: Position(40))
            #expect(store.views.customers.status.fault == nil)
        }
        #expect(folder.isThere(folder.view(QueuesProjection.self) + ".damaged"))
        let rebuilt = try rows()
        #expect(!folder.isThere(folder.view(QueuesProjection.self) + ".damaged"))
        try FileManager.default.removeItem(atPath: folder.store + "/views")
        #expect(try rows() == rebuilt)
    }

    @Test("a row that lies under another key than it was put under is damage")
    func otherKey() throws {
        try fill()
        let before = try rows()
        let file = folder.view(QueuesProjection.self)
        try ViewFile(file).changeKeys { $0[$0.count - 1] ^= 1 }
        do {
            let store = try FoldedStore(folder.store)
            #expect(throws: ViewFault.self) { _ = try store.rows() }
            #expect(store.views.queues.status.fault != nil)
        }
        #expect(folder.isThere(file + ".damaged"))
        #expect(try rows() == before)
    }

    @Test("damage that a reader meets puts the view out of use too")
    func reading() throws {
        try fill()
        let before = try rows()
        try damageQueues()
        do {
            let store = try FoldedStore(folder.store)
            #expect(store.views.queues.status.fault == nil)
            #expect(throws: ViewFault.self) { _ = try store.rows() }
            #expect(store.views.queues.status.fault?.contains("damaged") == true)
            #expect(store.views.metrics.status.fault == nil)
        }
        #expect(try rows() == before)
    }

    @Test("damage in the identity view is told there; the folds behind it are not made anew")
    func identity() throws {
        try fill()
        // One that a start does not come to.
        try ViewFile(folder.view(IdentityProjection.self)).changeRows {
            $0.starts(with: Array("i".utf8)) && $0.contains(UInt8(ascii: "1"))
        } _: {
            $0[0] ^= 1
        }
        do {
            let store = try FoldedStore(folder.store)
            try store.append(
                "interaction.failed source pbx id 2:3 interaction c-2 reason x "
                    + "customer crm:1")
            #expect(whyHalted(store.views.identity).contains("damaged"))
        }
        #expect(folder.isThere(folder.view(IdentityProjection.self) + ".damaged"))
        #expect(!folder.isThere(folder.view(CustomersProjection.self) + ".damaged"))
        let store = try FoldedStore(folder.store)
        store.catchUp()
        #expect(store.views.status.allSatisfy { $0.fault == nil })
    }

    @Test("a mark of damage that a killed start left has the view made anew")
    func leftMark() throws {
        try fill()
        let before = try rows()
        let path = folder.view(QueuesProjection.self)
        try ViewFile(path).changeRows { $0[0] ^= 0x10 }
        try Data().write(to: URL(fileURLWithPath: path + ".damaged"))
        #expect(try rows() == before)
        try Data().write(to: URL(fileURLWithPath: path + ".damaged"))
        try FileManager.default.removeItem(atPath: path)
        #expect(try rows() == before)
    }

    @Test(
        "a file that is no view, or only the beginning of one, is made anew", arguments: [0, 1, 2])
    func noView(kind: Int) throws {
        try fill()
        let before = try rows()
        let url = URL(fileURLWithPath: folder.view(QueuesProjection.self))
        let whole = try Data(contentsOf: url)
        let others = [Data(), Data(repeating: 0x41, count: 40_000), whole.prefix(8_192)]
        try others[kind].write(to: url)
        #expect(try rows() == before)
    }
}

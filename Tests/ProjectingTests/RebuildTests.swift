import EventLog
import EventModel
import Foundation
import Testing
import Views

@testable import Projecting

@Suite("A view that is folded anew")
struct RebuildTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func fill(_ calls: Int = 40) throws -> [[UInt8]: [UInt8]] {
        let store = try FoldedStore(folder.store)
        try store.appendCalls(1...calls)
        store.catchUp()
        return try store.rows()
    }

    private var files: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.store + "/views")
                .filter { !$0.hasSuffix("-lock") && !$0.hasSuffix(".rollback") }.sorted()
        }
    }

    private static var views: [String] {
        [
            "\(IdentityProjection.name)-v\(IdentityProjection.version).view",
            "\(QueuesProjection.name)-v\(QueuesProjection.version).view",
            "\(MetricsProjection.name)-v\(MetricsProjection.version).view",
            "\(CustomersProjection.name)-v\(CustomersProjection.version).view",
        ].sorted()
    }

    @Test("has the same rows, takes the place of the one in use, and the fold goes on with it")
    func rebuilt() throws {
        _ = try fill()
        let store = try FoldedStore(folder.store)
        store.catchUp()
        let held = try store.views.queues.snapshot()
        let before = try store.rows()
        #expect(store.views.rebuild("queues"))
        #expect(!store.views.rebuild("queue"))
        wait(store.views.queues) { $0.rebuild == nil }
        #expect(try store.rows() == before)
        try store.appendCalls(41...60)
        store.catchUp()
        let after = try store.rows()
        #expect(after != before)
        // Who reads the old one goes on with it.
        #expect(held.position == Position(80))
        #expect(try held.isEmpty() == false)
        #expect(try files == Self.views)
        try FileManager.default.removeItem(atPath: folder.store + "/views")
        let anew = folder.path + "/anew"
        try FileManager.default.copyItem(atPath: folder.store, toPath: anew)
        let other = try FoldedStore(anew)
        other.catchUp()
        #expect(try other.rows() == after)
    }

    @Test("is followed by all others when it is the identity view")
    func identity() throws {
        _ = try fill()
        let store = try FoldedStore(folder.store)
        store.catchUp()
        let before = try store.rows()
        #expect(store.views.rebuild("identity"))
        wait(store.views.customers) { $0.rebuild == nil }
        #expect(store.views.status.allSatisfy { $0.rebuild == nil })
        #expect(try store.rows() == before)
        #expect(try files == Self.views)
    }

    @Test("repairs a damaged view while the daemon runs")
    func damaged() throws {
        let before = try fill()
        try ViewFile(folder.view(QueuesProjection.self)).changeRows { $0[0] ^= 0x10 }
        let store = try FoldedStore(folder.store)
        store.catchUp()
        #expect(throws: ViewFault.self) { _ = try store.rows() }
        try store.append("queue.left source pbx id 5:3 interaction c-5 reason timeout")
        _ = whyHalted(store.views.queues)
        #expect(store.views.rebuild("queues"))
        wait(store.views.queues) { $0.rebuild == nil }
        store.catchUp()
        #expect(store.views.queues.status.fault == nil)
        #expect(try store.rows() != before)
        #expect(!folder.isThere(folder.view(QueuesProjection.self) + ".damaged"))
    }

    @Test("by a version that is new to the store: nobody reads it until it has caught up")
    func newVersion() throws {
        let before = try fill()
        let view = folder.view(QueuesProjection.self)
        let old = view.replacingOccurrences(of: "queues-v", with: "queues-v9")
        try FileManager.default.moveItem(atPath: view, toPath: old)
        do {
            let log = try OpenLog(folder.store)
            let views = try ViewSet(stillOn: log.log, folder: folder.store + "/views")
            #expect(views.queues.status.isBuilding)
            #expect(!views.metrics.status.isBuilding)
            #expect(folder.isThere(old) && !folder.isThere(view))
            try views.identity.catchUp()
            try views.queues.catchUp()
            #expect(!views.queues.status.isBuilding)
            #expect(!folder.isThere(old) && folder.isThere(view))
        }
        let store = try FoldedStore(folder.store)
        store.catchUp()
        #expect(try store.rows() == before)
        #expect(try files == Self.views)
    }

    @Test("beforehand, for a daemon that is yet to come: it begins with what was prepared")
    func prepared() throws {
        let before = try fill()
        let view = folder.view(MetricsProjection.self)
        let old = view.replacingOccurrences(of: "metrics-v", with: "metrics-v9")
        try FileManager.default.moveItem(atPath: view, toPath: old)
        let views = folder.store + "/views"
        #expect(ViewSet.outdated(folder: views) == ["metrics"])
        try prepare(["metrics"])
        let file = view.replacingOccurrences(of: ".view", with: ".prepared")
        #expect(folder.isThere(file) && folder.isThere(old) && !folder.isThere(view))
        #expect(ViewSet.outdated(folder: views) == [])
        #expect(
            ViewSet.upgrades(folder: views).first { $0.name == "metrics" }?.upgrade
                == .prepared(through: Position(80)))
        let store = try FoldedStore(folder.store)
        #expect(!store.views.metrics.status.isBuilding)
        #expect(store.views.metrics.status.position == Position(80))
        store.catchUp()
        #expect(store.views.metrics.status.eventsFolded == 0)
        #expect(try store.rows() == before)
        #expect(try files == Self.views)
    }

    @Test("what was prepared of another log, or goes with a view folded anew, is of no use")
    func preparedInVain() throws {
        let before = try fill()
        let view = folder.view(MetricsProjection.self)
        let file = view.replacingOccurrences(of: ".view", with: ".prepared")
        let other = try TemporaryFolder()
        do {
            let store = try FoldedStore(other.store)
            try store.appendCalls(1...50)
            store.catchUp()
        }
        try FileManager.default.copyItem(atPath: other.view(MetricsProjection.self), toPath: file)
        try FileManager.default.removeItem(atPath: view)
        try Data().write(to: URL(fileURLWithPath: view + ".damaged"))
        do {
            let store = try FoldedStore(folder.store)
            store.catchUp()
            #expect(try store.rows() == before)
            #expect(try files == Self.views)
        }
        try prepare(["queues", "metrics"])
        let store = try FoldedStore(folder.store)
        #expect(try files == Self.views)
        let leftBehind = ViewSet.preparing(for: folder.store + "/views")
        try FileManager.default.createDirectory(
            atPath: leftBehind, withIntermediateDirectories: false)
        try Data([1]).write(to: URL(fileURLWithPath: leftBehind + "/queues-v9.view"))
        let queues = folder.view(QueuesProjection.self)
        try Data([1]).write(
            to: URL(fileURLWithPath: queues.replacingOccurrences(of: ".view", with: ".prepared")))
        #expect(store.views.rebuild("queues"))
        wait(store.views.queues) { $0.rebuild == nil }
        #expect(try files == Self.views)
    }

    /// Folds views in the place for that and hands them to the store.
    private func prepare(_ names: [String]) throws {
        let views = folder.store + "/views"
        let place = ViewSet.preparing(for: views)
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: false)
        do {
            let log = try StoredLog.open(store: folder.store)
            let folded = try ViewSet(stillOn: log.source, folder: place)
            try folded.catchUp()
            try folded.settle()
        }
        try ViewSet.hand(names, from: place, to: views)
        try FileManager.default.removeItem(atPath: place)
    }

    @Test("because its rows were folded with another version of the identity projection")
    func otherIdentity() throws {
        let before = try fill()
        let file = folder.view(CustomersProjection.self)
        let value = try #require(try ViewFile(file).checkpoint())
        try ViewFile(file).put(checkpoint: value[..<16] + [0xFF, 0, 0, 0] + value[20...])
        let store = try FoldedStore(folder.store)
        wait(store.views.customers) { !$0.isBuilding }
        store.catchUp()
        #expect(try store.rows() == before)
    }

    @Test("once more after a process that was at it has died")
    func leftOver() throws {
        let before = try fill()
        let view = folder.view(MetricsProjection.self)
        try Data(repeating: 0x41, count: 40_000).write(to: URL(fileURLWithPath: metrics.building))
        let inode = try self.inode(view)
        let store = try FoldedStore(folder.store)
        #expect(store.views.metrics.leftOver != nil)
        wait(store.views.metrics) { $0.rebuild == nil }
        store.catchUp()
        #expect(try store.rows() == before)
        #expect(try self.inode(view) != inode)
        #expect(try files == Self.views)
    }

    @Test("going on with what a process that has died had folded of it")
    func goesOn() throws {
        _ = try fill()
        let view = folder.view(MetricsProjection.self)
        let aside = folder.path + "/aside"
        try FileManager.default.copyItem(atPath: view, toPath: aside)
        let before: [[UInt8]: [UInt8]]
        do {
            let store = try FoldedStore(folder.store)
            try store.appendCalls(41...60)
            store.catchUp()
            before = try store.rows()
        }
        let building = try leave(aside, scrubbed: 0)
        let inode = try self.inode(building)
        let store = try FoldedStore(folder.store)
        #expect(store.views.metrics.leftOver != nil)
        wait(store.views.metrics) { $0.rebuild == nil }
        store.catchUp()
        #expect(try store.rows() == before)
        #expect(try self.inode(view) == inode)
        #expect(try files == Self.views)
    }

    @Test("but not with what may hold what has been erased, or is too far")
    func beginsAgain() throws {
        _ = try fill()
        let aside = folder.path + "/aside"
        try FileManager.default.copyItem(atPath: folder.view(MetricsProjection.self), toPath: aside)
        let log = try OpenLog(folder.store)
        func begun(_ origin: UInt64, scrubbed: UInt64, through last: UInt64) throws -> Position {
            _ = try leave(aside, scrubbed: origin)
            let store = try Projector<MetricsProjection>.successor(
                metrics, log.log.source, .none, scrubbed: Position(scrubbed),
                through: Position(last))
            #expect(try store.scrubbed() ?? .zero >= Position(scrubbed))
            return try ViewSnapshot(store).position
        }
        #expect(try begun(7, scrubbed: 7, through: 80) == Position(80))
        #expect(try begun(7, scrubbed: 0, through: 90) == Position(80))
        #expect(try begun(7, scrubbed: 8, through: 80) == .zero)
        #expect(try begun(7, scrubbed: 7, through: 79) == .zero)
    }

    @Test("nor with what was begun before the machine started: that is not even opened")
    func otherBoot() throws {
        let before = try fill()
        let building = try leave(folder.view(MetricsProjection.self), scrubbed: 0)
        let boot = try #require(MachineBoot.id)
        let other = building.replacingOccurrences(of: boot, with: "0123456789abcdef")
        try FileManager.default.moveItem(atPath: building, toPath: other)
        let inode = try self.inode(other)
        // A second name: what takes the place of a file that is gone may get its inode.
        try FileManager.default.linkItem(atPath: other, toPath: folder.path + "/other")
        let store = try FoldedStore(folder.store)
        #expect(store.views.metrics.leftOver == .zero)
        wait(store.views.metrics) { $0.rebuild == nil }
        store.catchUp()
        #expect(try store.rows() == before)
        #expect(try self.inode(folder.view(MetricsProjection.self)) != inode)
        #expect(try files == Self.views)
    }

    @Test("for erasures, unless it was begun when they had been carried out in the log")
    func scrubbed() throws {
        let before = try fill()
        let store = try FoldedStore(folder.store)
        store.catchUp()
        func inodes() throws -> [UInt64?] {
            try Self.views.map { try inode(folder.store + "/views/" + $0) }
        }
        func fold(_ position: UInt64) throws -> [UInt64?] {
            let ticket = store.views.foldAnew(scrubbedThrough: Position(position))
            wait(store.views.customers) { $0.rebuild == nil }
            guard case .done = store.views.state(of: ticket) else {
                Issue.record("not folded anew through \(position)")
                return []
            }
            return try inodes()
        }
        let first = try inodes()
        let second = try fold(9)
        #expect(zip(first, second).allSatisfy { $0 != $1 })
        #expect(try fold(9) == second && fold(8) == second)
        let third = try fold(10)
        #expect(zip(second, third).allSatisfy { $0 != $1 })
        #expect(store.views.scrubbedBefore == Position(10))
        #expect(try store.rows() == before)
    }

    @Test("not while the log is scrubbed: whoever is at it gives up, and is heard afterwards")
    func barred() throws {
        let before = try fill(6_000)
        let store = try FoldedStore(folder.store)
        store.catchUp()
        let view = folder.view(MetricsProjection.self)
        let first = try inode(view)
        // At whatever step it is when it is barred.
        for _ in 0..<8 {
            #expect(store.views.rebuild("metrics"))
            store.views.barFoldingAnew()
            while !store.views.isFoldingAtRest { sched_yield() }
            let held = try inode(view)
            #expect(store.views.rebuild("metrics"))
            #expect(store.views.metrics.status.rebuild == .waits)
            #expect(store.views.isFoldingAtRest)
            #expect(try inode(view) == held)
            let ticket = store.views.foldAnew(scrubbedThrough: Position(9))
            wait(store.views.customers) { $0.rebuild == nil }
            guard case .done = store.views.state(of: ticket) else {
                Issue.record("not folded anew")
                return
            }
            // Who asked in any case was heard.
            #expect(try inode(view) != held)
        }
        #expect(try inode(view) != first)
        #expect(try store.rows() == before)
        #expect(try files == Self.views)
    }

    private var metrics: ViewFiles {
        ViewFiles(
            folder: folder.store + "/views", name: MetricsProjection.name,
            version: MetricsProjection.version)
    }

    /// Leaves a copy of a file as a successor that a process was folding.
    private func leave(_ file: String, scrubbed: UInt64) throws -> String {
        let building = metrics.building
        try? FileManager.default.removeItem(atPath: building)
        try FileManager.default.copyItem(atPath: file, toPath: building)
        try ViewStore.open(path: building, isBuilt: false).note(scrubbed: Position(scrubbed))
        return building
    }

    private func inode(_ path: String) throws -> UInt64? {
        try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64
    }
}

import EventLog
import EventModel
import Testing
import Views

@testable import Commands

@Suite("Errors of what lies under a command")
struct ErrorCodeTests {
    @Test("a log or a view that fails is told by a code of its own, with what failed")
    func storage() {
        let log = CommandError.log(.system(operation: "pread", path: "/store/journal", errno: 5))
        #expect("\(log.code)" == "STORAGE" && log.description.contains("pread /store/journal"))
        let view = CommandError.view(.storage("read of queues failed: MDB_PANIC"))
        #expect("\(view.code)" == "VIEW" && view.description.contains("MDB_PANIC"))
    }

    @Test("what is damaged or has no room is told as that, not as a failure")
    func named() {
        #expect("\(CommandError.log(.full(operation: "write")).code)" == "FULL")
        let damage = EventLogError.damagedBlock(first: Position(7), reason: "checksum")
        #expect("\(CommandError.log(damage).code)" == "DAMAGED")
    }

    @Test("a contact is nobody whom one could erase or export: it may show several")
    func contact() throws {
        let store = try OpenStore()
        let session = Session(id: 1, role: .privacy)
        for line in ["ERASE interaction:c-1 REASON asked", "EXPORT interaction:c-1"] {
            _ = try store.finish(line, for: session)
            let answer = session.takeLines().last
            #expect(answer?.hasPrefix("-SYNTAX customer of") == true, "\(line): \(answer ?? "")")
        }
    }
}

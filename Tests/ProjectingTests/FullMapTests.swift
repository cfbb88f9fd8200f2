import EventLog
import EventModel
import Glibc
import TestSupport
import Testing

@testable import Projecting

@Suite("A view whose file fills its map")
struct FullMapTests {
    @Test("waits and says so while appends go on, and goes on where the map is larger")
    func waits() async throws {
        let folder = try TemporaryFolder()
        // Maps are bounded for a whole process.
        await #expect(processExitsWith: .exitCode(7)) { [path = folder.store as String] in
            try fill(path)
            _exit(7)
        }
        let store = try FoldedStore(folder.store)
        try store.appendCalls(900_001...900_003)
        store.catchUp()
        #expect(store.views.status.allSatisfy { $0.fault == nil && $0.shortage == nil })
        #expect(store.views.status.allSatisfy { $0.position == store.log.head.position })
        #expect(store.views.status.contains { $0.fileBytes > smallMap })
    }
}

private let smallMap: UInt64 = 1 << 20

/// Appends calls until a view has filled a small map, and some behind that.
private func fill(_ path: String) throws {
    let store = try FoldedStore(path, viewMapBytes: Int(smallMap))
    func full() -> [ProjectionStatus] {
        store.views.status.filter { $0.shortage?.contains("map of \(smallMap) bytes") == true }
    }
    for round in 0..<40 where full().isEmpty {
        for number in round * 500 + 1...round * 500 + 500 {
            try store.stage(
                "interaction.created source pbx id \(number):1 interaction c-\(number) "
                    + "channel voice direction inbound method inbound customer crm:\(number)",
                now: FoldedStore.noon)
        }
        try store.commit(now: FoldedStore.noon)
    }
    try waitUntil("a view fills its map") { !full().isEmpty }
    #expect(store.views.status.allSatisfy { $0.fault == nil && $0.mapBytes == smallMap })
    let head = store.log.head.position
    try store.appendCalls(800_001...800_003)
    #expect(store.log.head.position > head)
    // All others are folded with what identity says.
    try waitUntil("other views go on") {
        full().contains { $0.name == "identity" }
            || store.views.status.contains { $0.shortage == nil && $0.position > head }
    }
}

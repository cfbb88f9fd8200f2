import Client
import DaemonTesting
import EventLog
import Foundation
import RESP
import Testing

@Suite("A daemon that is killed while it folds a view anew")
struct RebuildTests {
    private static let views = ["identity", "queues", "metrics", "customers"]

    @Test("has the same views as before", arguments: [Failpoint.viewBuilt, .viewMoved])
    func killed(_ point: Failpoint) throws {
        let centre = ProducedCentre(seed: 11, interactions: 16)
        let daemon = try DaemonProcess()
        #expect(try daemon.start())
        var connection = try daemon.connect()
        for request in centre.requests { _ = try connection.call(request.words) }
        let documents = try ViewDocuments(of: centre, from: daemon)
        #expect(daemon.stop() == 0)
        for name in Self.views {
            #expect(try daemon.start(failpoint: point.rawValue))
            var connection = try daemon.connect()
            // It may be answered before the daemon dies, or not.
            _ = try? connection.call("REBUILD", name)
            #expect(daemon.waitUntilKilled(), "\(name)")
            #expect(try daemon.start())
            #expect(
                try ViewDocuments(of: centre, from: daemon).differences(from: documents) == [])
            #expect(daemon.stop() == 0)
        }
        #expect(try daemon.start())
        #expect(try daemon.tool(["verify", daemon.store]).code == 0)
        #expect(daemon.stop() == 0)
    }
}

import DaemonTesting
import Foundation
import Testing

extension DaemonProcess {
    /// Ends the daemon, puts a backup of its own in the place of the store, and starts it on that.
    func startRestored(from backup: String) throws {
        #expect(stop() == 0)
        try FileManager.default.removeItem(atPath: store)
        let restored = try tool(["restore", "\(store).backups/\(backup)", store])
        #expect(restored.code == 0, "\(restored.error)")
        try start()
    }
}

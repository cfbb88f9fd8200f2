import DaemonTesting
import Foundation
import Testing

/// What the system says of a process whose memory nobody but the superuser may look at.
@Suite("The daemon's memory")
struct PrivateMemoryTests {
    /// Somebody who is not the superuser, whose processes belong to root in any case.
    private static let somebody: uid_t = 65_534

    /// Who may look at a process is whom its folder in /proc belongs to (proc_pid(5)).
    private func owner(of process: pid_t) throws -> uid_t {
        var status = stat()
        try #require(unsafe stat("/proc/\(process)/environ", &status) == 0)
        return status.st_uid
    }

    @Test("is the superuser's to look at, not that of the user whose process it is")
    func isPrivate() throws {
        let daemon = try DaemonProcess()
        var under: [String] = []
        if geteuid() == 0 {
            try #require(unsafe chown(daemon.folder.path, Self.somebody, Self.somebody) == 0)
            let who = "\(Self.somebody)"
            under = ["/usr/bin/setpriv", "--reuid", who, "--regid", who, "--clear-groups", "--"]
        }
        try #require(try daemon.start(quietly: true, under: under))
        let holder = try String(contentsOfFile: daemon.store + "/LOCK", encoding: .utf8)
        let number = try #require(pid_t(holder.trimmingCharacters(in: .whitespacesAndNewlines)))
        let user = geteuid() == 0 ? Self.somebody : geteuid()
        let status = try String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)
        #expect(status.contains("Uid:\t\(user)\t"), "it is that user's process")
        #expect(try owner(of: number) == 0)
        #expect(daemon.stop() == 0)
    }
}

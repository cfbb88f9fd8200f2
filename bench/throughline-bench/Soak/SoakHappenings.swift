internal import Client
internal import Glibc
internal import JSON
internal import RESP

/// What happens to a daemon in a soak, and what came of it.
struct SoakHappenings {
    /// What happens in a minute, in turn.
    enum Kind: String, CaseIterable {
        case nothing, kill, backup, seal, restart, rebuild, erasure
    }

    /// What was asked for, and what was done.
    final class Outcomes {
        fileprivate(set) var asked: [Kind: Int] = [:]
        fileprivate(set) var done: [Kind: Int] = [:]
        /// Where the newest backup lies.
        fileprivate(set) var backup: String?
    }

    /// The group whose members may erase: the bench joins it for that. Nobody's, usually.
    static let privacyGroup: gid_t = 65_534
    private static let views = ["identity", "queues", "metrics", "customers"]

    let outcomes = Outcomes()
    private let ours: ThroughlineTarget

    init(_ ours: ThroughlineTarget) { self.ours = ours }

    /// Has it happen. Calls wait for their answer: the load stands still meanwhile and is late then.
    func begin(_ kind: Kind, _ minute: Int, erasing person: String) throws {
        outcomes.asked[kind, default: 0] += 1
        switch kind {
        case .nothing: break
        case .kill: try ours.stop(by: SIGKILL)
        case .restart: try ours.stop(by: SIGTERM)
        case .backup: try call("BACKUP", "soak-\(minute)")
        case .seal: try call("SEAL")
        case .rebuild:
            try call("REBUILD", Self.views[outcomes.asked[kind, default: 0] % Self.views.count])
        case .erasure:
            if try erase(person, request: "soak-\(minute)") { outcomes.done[kind, default: 0] += 1 }
        }
    }

    /// Waits until what was begun is done.
    func finish(_ kind: Kind) throws {
        switch kind {
        case .backup: try finishBackup()
        case .rebuild:
            var connection = try Connection(socketPath: ours.socketPath)
            try Rebuilds.wait(&connection)
        case .erasure: return
        case .nothing, .kill, .restart, .seal: break
        }
        outcomes.done[kind, default: 0] += 1
    }

    /// How much of what was asked for was done.
    var summary: String {
        Kind.allCases.filter { $0 != .nothing }.map {
            "\($0.rawValue): \(outcomes.done[$0, default: 0]) of \(outcomes.asked[$0, default: 0])"
        }
        .joined(separator: ", ")
    }

    private func finishBackup() throws {
        var connection = try Connection(socketPath: ours.socketPath)
        while true {
            try Interruption.check()
            let text = try connection.call("BACKUP").text ?? ""
            let status = try JSONValue.read(Array(text.utf8))
            switch status["state"]?.text {
            case "done":
                outcomes.backup = status["path"]?.text
                return
            case "running": usleep(50_000)
            default: throw BenchFailure("the backup was not made: \(text)")
            }
        }
    }

    /// Asks for something and waits for the answer.
    private func call(_ words: String...) throws {
        var connection = try Connection(socketPath: ours.socketPath)
        if case .error(let code, let message) = try connection.call(words) {
            throw BenchFailure("\(words[0]): \(code) \(message)")
        }
    }

    /// - Returns: Whether there is a receipt of it: whom the load has not met yet cannot be erased.
    private func erase(_ person: String, request: String) throws -> Bool {
        let count = getgroups(0, nil)
        var groups = [gid_t](repeating: 0, count: Int(max(0, count)))
        guard count >= 0, unsafe getgroups(count, &groups) == count,
            unsafe setgroups(1, [Self.privacyGroup]) == 0
        else { throw BenchFailure("cannot join group \(Self.privacyGroup): errno \(errno)") }
        // Who somebody is counts when he connects.
        var connection = try Connection(socketPath: ours.socketPath)
        guard unsafe setgroups(groups.count, groups) == 0 else {
            throw BenchFailure("cannot leave group \(Self.privacyGroup): errno \(errno)")
        }
        let reply = try connection.call(["ERASE", person, "REASON", "soak", "REQUEST", request])
        guard case .error(let code, let message) = reply else { return true }
        guard code == "UNKNOWN" else { throw BenchFailure("ERASE: \(code) \(message)") }
        return false
    }
}

import Commands
import Glibc
import Testing

@testable import Server

@Suite("Access: who gets in, and as what")
struct AccessTests {
    private func peer(_ user: UInt32, _ groups: UInt32...) -> PeerCredentials {
        PeerCredentials(user: user, groups: groups)
    }

    @Test("without rules the daemon's own user and root operate it, everybody else stays out")
    func standard() {
        let policy = AccessPolicy()
        #expect(policy.role(of: peer(0, 0)) == .operator)
        #expect(policy.role(of: peer(geteuid(), 12)) == .operator)
        #expect(policy.role(of: peer(65_534, 65_534)) == nil)
    }

    @Test("the first rule that names the user or one of its groups decides")
    func order() throws {
        let policy = AccessPolicy(
            try ["user:1001=privacy", "group:2000=reader", "user:1002=writer", "user:0=reader"]
                .map { try AccessRule($0) })
        #expect(policy.role(of: peer(1_001, 2_000)) == .privacy)
        #expect(policy.role(of: peer(1_002, 1_002)) == .writer)
        #expect(policy.role(of: peer(1_002, 1_002, 2_000)) == .reader)
        #expect(policy.role(of: peer(1_003, 5, 6, 2_000)) == .reader)
        #expect(policy.role(of: peer(1_003, 5, 6)) == nil)
        #expect(policy.role(of: peer(0)) == .reader)
    }

    @Test("rules name users and groups as the system does")
    func names() throws {
        #expect(try AccessRule("user:root=operator") == AccessRule("user:0=operator"))
        #expect(try AccessRule("group:root=reader") == AccessRule("group:0=reader"))
    }

    @Test(
        "a rule that cannot be read is refused, and says why",
        arguments: [
            ("root=operator", "user:NAME=ROLE"), ("user:root", "user:NAME=ROLE"),
            ("user:=reader", "user:NAME=ROLE"), ("user:root=admin", "reader, writer"),
            ("uid:0=reader", "must begin with user: or group:"),
            ("user:nobody-here=reader", "knows no user"),
            ("group:nobody-here=reader", "knows no group"), ("", "user:NAME=ROLE"),
            ("user:-1=reader", "knows no user"), ("user:4294967296=reader", "knows no user"),
        ])
    func mistakes(_ text: String, _ words: String) {
        let mistake = #expect(throws: AccessRuleMistake.self) { try AccessRule(text) }
        #expect(mistake?.description.contains(words) == true)
    }

    @Test("the kernel tells user and all groups of a peer")
    func credentials() throws {
        var pair: [Int32] = [0, 0]
        try #require(
            unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer {
            close(pair[0])
            close(pair[1])
        }
        let peer = try #require(PeerCredentials(ofSocket: pair[0]))
        var groups = [gid_t](repeating: 0, count: 1_024)
        let count = unsafe getgroups(Int32(groups.count), &groups)
        try #require(count >= 0)
        #expect(peer.user == geteuid())
        #expect(peer.groups == [getegid()] + groups.prefix(Int(count)))
        #expect(PeerCredentials(ofSocket: -1) == nil)
    }

    @Test("connections are counted in all and by user; operators have a reserve")
    func census() throws {
        var limits = ServiceLimits()
        try limits.set(.connections, to: 5)
        try limits.set(.connectionsPerUser, to: 2)
        try limits.set(.connectionsReserved, to: 2)
        var census = ConnectionCensus(limits)
        #expect(census.admit(user: 1, role: .reader) == nil)
        #expect(census.admit(user: 1, role: .writer) == nil)
        #expect(census.admit(user: 1, role: .reader) == .connectionsPerUser)
        #expect(census.admit(user: 2, role: .privacy) == nil)
        #expect(census.admit(user: 3, role: .reader) == .connections)
        #expect(census.admit(user: 0, role: .operator) == nil)
        #expect(census.admit(user: 0, role: .operator) == nil)
        #expect(census.admit(user: 0, role: .operator) == .connections)
        census.leave(user: 0, role: .operator)
        census.leave(user: 0, role: .operator)
        census.leave(user: 1, role: .reader)
        #expect(census.admit(user: 1, role: .reader) == nil)
        #expect(census.count == 3)
    }
}

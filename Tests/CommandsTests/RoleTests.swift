import Testing

@testable import Commands

@Suite("Roles: who may run which command")
struct RoleTests {
    /// What each role includes, itself among it.
    private static let includes: [Role: Set<Role>] = [
        .reader: [.reader], .writer: [.reader, .writer],
        .privacy: [.reader, .writer, .privacy], .operator: [.reader, .writer, .operator],
    ]

    /// Commands that change nothing although their group is for those who may.
    private static let openToReaders: Set<String> = ["PROJECTIONS", "LIMITS", "CLOCK"]

    /// The least role by what a command does, told apart from the table.
    private func expected(_ command: CommandDefinition) -> Role? {
        if Self.openToReaders.contains(command.name) { return .reader }
        return switch command.group.rawValue {
        case "connection", "log", "views": .reader
        case "write": .writer
        case "operate": .operator
        default: nil
        }
    }

    @Test("every command of the table is held against every role", arguments: Role.allCases)
    func matrix(_ role: Role) throws {
        let store = try OpenStore()
        var denied = 0
        for command in store.executor.table.commands where command.name != "SHUTDOWN" {
            guard let needed = expected(command) else { continue }
            let session = Session(id: 1, role: role)
            let execution = store.run(command.name, for: session)
            let isDenied = session.takeLines().first?.hasPrefix("-NOPERM ") == true
            let mayRun = try #require(Self.includes[role]).contains(needed)
            #expect(isDenied != mayRun, "\(role) runs \(command.name)")
            if isDenied {
                denied += 1
                #expect(execution == .answered)
            }
        }
        #expect((denied == 0) == (role == .operator))
    }

    @Test("only operators end the daemon")
    func shutdown() throws {
        let store = try OpenStore()
        for role in Role.allCases {
            let session = Session(id: 1, role: role)
            #expect((store.run("SHUTDOWN", for: session) == .stops) == (role == .operator))
        }
    }

    @Test("a refusal names the command, the role it needs and the one there is")
    func text() throws {
        let store = try OpenStore()
        let session = Session(id: 1, role: .reader)
        store.run("APPEND note.taken source a id 1 customer phone:+34600111222", for: session)
        #expect(
            session.takeLines() == [
                "-NOPERM APPEND needs role writer, this connection has reader"
            ])
        store.run("CLOCK ACCEPT", for: session)
        #expect(
            session.takeLines() == [
                "-NOPERM CLOCK ACCEPT needs role operator, this connection has reader"
            ])
        store.run("HEAD", for: session)
        #expect(session.takeLines() == [":0"])
    }

    @Test("a command of a group that nobody has thought of is found by the table's own roles")
    func table() throws {
        let store = try OpenStore()
        for command in store.executor.table.commands {
            for role in Role.allCases {
                let session = Session(id: 1, role: role)
                guard command.name != "SHUTDOWN" else { continue }
                store.run(command.name, for: session)
                let isDenied = session.takeLines().first?.hasPrefix("-NOPERM ") == true
                let mayRun = try #require(Self.includes[role]).contains(command.role)
                #expect(isDenied != mayRun, "\(role) runs \(command.name)")
            }
        }
    }
}

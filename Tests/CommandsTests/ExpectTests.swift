import EventLog
import RESP
import Testing

@testable import Commands

@Suite("expected versions")
struct ExpectTests {
    private let store: OpenStore
    private let session = Session(id: 1, role: .writer)

    init() throws { store = try OpenStore() }

    /// The answers to a line, all in one.
    private func run(_ line: String) -> String {
        store.run(line, for: session)
        return session.takeLines().joined()
    }

    private func commit() throws {
        #expect(try store.executor.commitRound([session]))
        #expect(!session.awaitsCommit)
    }

    private func login(_ id: Int) -> String { "agent.loggedIn source s id \(id) agent ana" }

    private func conflict(_ actual: Int, _ expected: String, guarded: Int = 1) -> String {
        "-CONFLICT the agent stream of EXPECT \(guarded) is at version \(actual), expected "
            + "\(expected); nothing was stored; look at the stream again and decide anew"
    }

    @Test("an append is taken at the version it expects and refused at any other")
    func single() throws {
        #expect(run("APPEND \(login(1)) EXPECT agent-ana 1") == conflict(0, "1"))
        #expect(!store.executor.hasStaged)
        #expect(run("APPEND \(login(1)) EXPECT agent-ana none") == ":1")
        #expect(run("APPEND \(login(2)) expect agent-ana 1 EXPECT agent-bea NONE") == ":2")
        try commit()
        #expect(run("APPEND \(login(3)) EXPECT agent-ana none") == conflict(2, "none"))
        #expect(run("APPEND \(login(3)) EXPECT agent-ana 0") == conflict(2, "0"))
        #expect(
            run("APPEND \(login(3)) EXPECT agent-bea any EXPECT agent-ana 1 EXPECT agent-ana 7")
                == conflict(2, "1", guarded: 2))
        #expect(run("APPEND \(login(3)) EXPECT agent-ana any") == ":3")
        try commit()
        #expect(run("VERSION agent-ana") == ":3")
    }

    @Test("a repeat is a success whatever it expects, another event under its id a conflict of ids")
    func repeats() throws {
        #expect(run("APPEND \(login(1)) EXPECT agent-ana none") == ":1")
        #expect(run("APPEND \(login(1)) EXPECT agent-ana none") == "*2:1+REPEAT")
        #expect(session.awaitsCommit)
        try commit()
        #expect(run("APPEND \(login(1)) EXPECT agent-ana none") == "*2:1+REPEAT")
        #expect(run("APPEND \(login(1)) note x EXPECT agent-ana 1").hasPrefix("-UNKNOWNATTRIBUTE"))
        #expect(run("APPEND \(login(1)) ext_x x EXPECT agent-ana 5").hasPrefix("-IDCONFLICT"))
        #expect(run("APPENDBATCH 1 7 \(login(1)) EXPECT agent-ana none") == "*2:1+REPEAT")
        #expect(
            run("APPENDBATCH 2 7 \(login(1)) 7 \(login(2)) EXPECT agent-ana none")
                .hasPrefix("-PARTIALREPEAT"))
    }

    @Test("several guarded streams in a batch: all of it or nothing, as before its first event")
    func batch() throws {
        let two = "APPENDBATCH 2 7 \(login(1)) 7 \(login(2))"
        #expect(run("\(two) EXPECT agent-ana 1") == conflict(0, "1"))
        #expect(
            run("\(two) EXPECT agent-ana none EXPECT agent-bea 1") == conflict(0, "1", guarded: 2))
        #expect(!store.executor.hasStaged)
        #expect(run("\(two) EXPECT agent-ana none EXPECT order-1 none") == "*2:1:2")
        try commit()
        #expect(run("VERSION agent-ana") == ":2")
    }

    @Test("a conflict with what another connection staged is answered with that round")
    func stagedConflict() throws {
        let other = Session(id: 2, role: .writer)
        #expect(run("APPEND \(login(1)) EXPECT agent-ana none") == ":1")
        store.run("APPEND \(login(2)) EXPECT agent-ana none", for: other)
        #expect(other.awaitsCommit)
        #expect(try store.executor.commitRound([session, other]))
        #expect(other.takeLines() == [conflict(1, "none")])
        // A round that fails makes it what the others are: nothing is known of the version then.
        #expect(run("APPEND \(login(3))") == ":2")
        store.run("APPEND \(login(4)) EXPECT agent-ana 1", for: other)
        other.roundFailed(.log(.full(operation: "commit")))
        #expect(other.takeLines().map { String($0.prefix(5)) } == ["-FULL"])
        // One with what is stored is true at once.
        try commit()
        store.run("APPEND \(login(5)) EXPECT agent-ana 1", for: other)
        #expect(!other.awaitsCommit && other.takeLines() == [conflict(2, "1")])
    }

    @Test(
        "guards that cannot be read are refused, and never stored as attributes",
        arguments: [
            ("APPEND x source s id 1 EXPECT agent-ana", "-SYNTAX EXPECT of APPEND must be"),
            ("APPEND x source s id 1 EXPECT agent-ana 1 2", "-SYNTAX EXPECT of"),
            ("APPEND x source s id 1 expect agent-ana", "-SYNTAX EXPECT of APPEND must be"),
            ("APPEND x EXPECT agent-ana 1 source s id 1", "-ERR"),
            ("APPEND x EXPECT agent-ana 1 source s id 1 EXPECT agent-ana 1", "-SYNTAX EXPECT of"),
            ("APPEND x source s id 1 EXPECT ana 1", "-SYNTAX stream of EXPECT 1 of APPEND"),
            ("APPEND x source s id 1 EXPECT crm:7 1", "-SYNTAX stream of EXPECT 1 of APPEND"),
            ("APPEND x source s id 1 EXPECT agent-a -1", "-SYNTAX version of EXPECT 1 of APPEND"),
            (
                "APPEND x source s id 1 EXPECT agent-a 1 EXPECT agent-a all",
                "-SYNTAX version of EXPECT 2"
            ),
            ("APPENDBATCH 1 5 x source s id 1 EXPECT agent-a", "-SYNTAX what follows"),
            ("APPENDBATCH 1 5 x source s id 1 more words here", "-SYNTAX what follows"),
            ("APPENDBATCH 1 7 x source s id 1 expect a", "-SYNTAX EXPECT of APPENDBATCH"),
        ])
    func malformed(_ line: String, _ answer: String) {
        let said = run(line)
        #expect(said.hasPrefix(answer), "\(line): \(said)")
        #expect(!store.executor.hasStaged)
    }

    @Test("there are at most so many guards; the word may be a value")
    func bounds() {
        let most = Array(repeating: " EXPECT agent-a any", count: CommandLimits.guardsMax)
        #expect(run("APPEND x source s id 1" + most.joined()) == ":1")
        #expect(
            run("APPEND x source s id 2 EXPECT agent-a any" + most.joined()).hasPrefix("-SYNTAX"))
        #expect(run("APPEND x source s id 3 note EXPECT source_note y") == ":2")
        #expect(run("APPEND x source s note EXPECT id 4 EXPECT agent-a none") == ":3")
        #expect(
            run("APPEND x source s id 5 a expect EXPECT agent-a none EXPECT agent-a any") == ":4")
    }

    @Test("an identifier in a guard does not come back in an error")
    func personal() throws {
        let name = "identifier-phone:+34911234567"
        for line in [
            "APPEND x source s id 1 EXPECT \(name) 3", "APPEND x source s id 1 EXPECT \(name) b",
            "APPEND x source s id 1 EXPECT identifier-Phone:+34911234567 3",
            "VERSION identifier-Phone:+34911234567", "TIMELINE identifier-Phone:+34911234567",
        ] {
            let said = run(line)
            #expect(said.hasPrefix("-") && !said.contains("34911234567"), "\(said)")
        }
    }
}

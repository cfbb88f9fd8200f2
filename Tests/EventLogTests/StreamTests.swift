import EventIndex
import EventModel
import LMDB
import Testing

@testable import EventLog

@Suite("Streams of a log")
struct StreamTests {
    @Test("versions, pages both ways and guarded batches match a filter over an array")
    func randomSeed() throws {
        for offset in 0..<UInt64(Scale.isLong ? 200 : 2) {
            try run(seed: Scale.seed &+ offset)
        }
    }

    @Test("the same with fixed seeds", arguments: 1...4 as ClosedRange<UInt64>)
    func fixedSeeds(seed: UInt64) throws {
        try run(seed: seed)
    }

    private func run(seed: UInt64) throws {
        print("model of streams: seed \(seed)")
        let folder = try TemporaryFolder()
        var model = try StreamModel(path: folder.path, seed: seed)
        try model.run(rounds: 40)
        #expect(model.conflicts > 0)
    }

    @Test("streams go through the runs of a segment, whole ones and the one that grows")
    func runs() throws {
        let folder = try TemporaryFolder()
        var sizes = LogSizes()
        sizes.segmentEvents = 100_000
        let runs = Scale.isDebug ? 1 : 3
        let count = runs * Int(IndexLimits.eventsPerRun) + 5_000
        func said(_ id: Int) -> Said {
            var said = Said("\(id)")
            said.open = [Attribute("agent", .ref("a-\(id % 7)"))]
            if id % 10_007 == 3 { said.open.append(Attribute("order", .ref("rare"))) }
            return said
        }
        func check(_ opened: OpenLog) throws {
            for (text, wanted) in [
                ("agent-a-3", (1...count).filter { $0 % 7 == 3 }),
                ("order-rare", (1...count).filter { $0 % 10_007 == 3 }), ("order-none", []),
            ] {
                let name = try name(text)
                let all = wanted.map { Position(UInt64($0)) }
                #expect(try opened.writer.version(of: name) == UInt64(all.count))
                var found: [Position] = []
                try opened.writer.positions(of: name, limit: .max / 2, into: &found)
                #expect(found == all.reversed())
                found = []
                try opened.writer.positions(of: name, from: .zero, limit: .max / 2, into: &found)
                #expect(found == all)
                for bound in stride(from: 1, through: count + 1, by: 9_999) {
                    let bound = Position(UInt64(bound))
                    found = []
                    try opened.writer.positions(of: name, before: bound, limit: 50, into: &found)
                    #expect(found == all.filter { $0 < bound }.suffix(50).reversed())
                    found = []
                    try opened.writer.positions(of: name, from: bound, limit: 50, into: &found)
                    #expect(found == Array(all.filter { $0 >= bound }.prefix(50)))
                }
            }
        }
        do {
            let opened = try OpenLog(folder.path, sizes: sizes)
            for first in stride(from: 1, through: count, by: 1_000) {
                try opened.append((first...min(count, first + 999)).map { said($0) })
            }
            try check(opened)
            opened.log.settle()
            try opened.append([Said("last")])
            try check(opened)
        }
        try check(try OpenLog(folder.path, seed: 2, sizes: sizes))
    }

    @Test("a conflict counts what is staged and says so, until it is committed or given up")
    func staged() throws {
        let folder = try TemporaryFolder()
        let opened = try OpenLog(folder.path)
        let name = StreamName(.agent, bytes("ana"))
        func said(_ id: Int) -> Said {
            var said = Said("\(id)")
            said.open = [Attribute("agent", .ref("ana"))]
            return said
        }
        try opened.append([said(1)])
        let guards = [opened.writer.makeGuard(name, .exactly(1))]
        #expect(try opened.writer.firstConflict(of: guards, before: Position(2)) == nil)
        let mark = opened.writer.mark()
        try opened.stage(said(2))
        // The event itself does not count: it comes behind the bound.
        #expect(try opened.writer.firstConflict(of: guards, before: Position(2)) == nil)
        let conflict = try opened.writer.firstConflict(of: guards, before: Position(3))
        #expect(
            conflict
                == VersionConflict(
                    index: 0, kind: .agent, expected: .exactly(1), actual: 2, countsStaged: true))
        #expect(try opened.writer.version(of: name) == 1)
        opened.writer.takeBack(to: mark)
        #expect(try opened.writer.firstConflict(of: guards, before: Position(2)) == nil)
        try opened.append([said(2)])
        let later = try opened.writer.firstConflict(of: guards, before: Position(3))
        #expect(later?.countsStaged == false)
        #expect(try opened.writer.version(of: name) == 2)
    }

    @Test(
        "names are read by their grammar",
        arguments: [
            ("agent-ana", "agent", "ana"), ("interaction-i-1", "interaction", "i-1"),
            ("interaction-interaction-i", "interaction", "interaction-i"),
            ("order-2026/118: a b", "order", "2026/118: a b"), ("case-7:3", "case", "7:3"),
            ("thread-é", "thread", "é"),
            ("identifier-phone:+34911234567", "identifier", "phone:+34911234567"),
            ("identifier-crm:a:b-c", "identifier", "crm:a:b-c"),
        ])
    func grammar(_ text: String, _ kind: String, _ id: String) throws {
        guard case .stream(let name) = StreamName.read(bytes(text).rawSpan) else {
            Issue.record("no stream: \(text)")
            return
        }
        #expect("\(name.kind)" == kind && name.id == bytes(id))
        #expect(name.description == text)
    }

    @Test("names that are malformed are told from words that are no names")
    func malformed() {
        func kind(_ text: [UInt8]) -> String {
            switch StreamName.read(text.rawSpan) {
            case .stream: "stream"
            case .malformed: "malformed"
            case .other: "other"
            }
        }
        let long = String(repeating: "x", count: 201)
        let malformed = [
            "agent-", "identifier-crm", "identifier-:7", "identifier-crm:", "identifier-Crm:7",
            "order-\(long)", "identifier-\(long):7", "identifier-crm:\(long)\(long)",
        ]
        for text in malformed { #expect(kind(bytes(text)) == "malformed", "\(text)") }
        #expect(kind(bytes("case-") + [0xFF]) == "malformed")
        for text in ["", "-", "agent", "Agent-7", "agnet-7", "c_1", "crm:7", "i-1", long] {
            #expect(kind(bytes(text)) == "other", "\(text)")
        }
    }

    @Test("an event belongs to the streams it names and to no others")
    func contains() throws {
        var said = Said("1")
        said.open = [Attribute("agent", .ref("ana")), Attribute("case_id", .text("7"))]
        said.personal = [Attribute("order", .integer(5))]
        said.identifiers = [Identifier(kind: "crm", value: "7:8")]
        let record = said.record
        let event = try EventView(checking: record.rawSpan)
        for text in ["agent-ana", "case-7", "identifier-crm:7:8"] {
            #expect(try name(text).contains(event), "\(text)")
        }
        for text in [
            "agent-an", "agent-anab", "case-8", "order-5", "interaction-ana", "identifier-crm:7",
            "identifier-crm:7:9", "identifier-crn:7:8",
        ] {
            #expect(try !name(text).contains(event), "\(text)")
        }
    }

    private func name(_ text: String) throws -> StreamName {
        guard case .stream(let name) = StreamName.read(bytes(text).rawSpan) else {
            throw Missing()
        }
        return name
    }

    private struct Missing: Error {}
}

import Client
import DaemonTesting
import Foundation
import JSON
import RESP
import Testing

@testable import throughline

/// A simulated day in which two pairs of people turn out to be one person each, and one pair not.
@Suite("exports of a day with merges", .serialized)
struct ExportTests {
    private let daemon: DaemonProcess
    private let people: [String]

    init() throws {
        daemon = try DaemonProcess()
        try daemon.start(arguments: ["--segment-events", "400", "--stride-bytes", "4000"])
        let filled = try daemon.tool([
            "simulate", "--seed", "5", "--customers", "30", "--start", "2026-03-02T00:00:00Z",
        ])
        try #require(filled.code == 0)
        people = try Self.identifiers(of: daemon)
        try #require(people.count >= 6)
        var connection = try daemon.connect()
        for (verb, one, other) in [
            ("MERGE", 0, 1), ("MERGE", 2, 3), ("UNMERGE", 2, 3), ("MERGE", 4, 1),
        ] {
            let reply = try connection.call(
                verb, people[one], people[other], "REASON", "seen at the desk", "ACTOR",
                "agent:eva")
            let position = try #require(reply.integerValue, "\(verb): \(reply)")
            // The next statement is about who they are by then.
            _ = try connection.call(
                "IDENTITY", people[one], "AFTER", "\(position)", "WITHIN", "60000")
        }
        try #require(daemon.stop() == 0)
    }

    /// An identifier of each of the day's first customers, who are all different persons.
    private static func identifiers(of daemon: DaemonProcess) throws -> [String] {
        let shown = try daemon.tool([
            "tail", "--from", "1", "-n", "400", "--json", "--type", "interaction.created",
        ])
        var connection = try daemon.connect()
        let head = try connection.call("HEAD").integerValue ?? 0
        var persons: Set<String> = []
        var found: [String] = []
        for line in shown.output.split(separator: "\n") {
            let event = try JSONValue.read(Array(line.utf8))
            guard let first = event["identifiers"]?.elements?.first else { continue }
            let identifier = CSVText.field(.array([first]))
            let card = try connection.call(
                "CUSTOMER", identifier, "AFTER", "\(head)", "WITHIN", "60000")
            let text = try #require(card.text, "\(identifier): \(card)")
            let person = try JSONValue.read(Array(text.utf8))["customer"]?.text
            if let person, persons.insert(person).inserted { found.append(identifier) }
        }
        return found
    }

    private func digests(_ words: [String]) throws -> [String: JSONValue] {
        let run = try daemon.tool(["replay", "--json"] + words)
        try #require(run.code == 0, "\(run.error)")
        let views = try JSONValue.read(Array(run.output.utf8))["views"]?.elements ?? []
        return Dictionary(
            views.map { ($0["name"]?.text ?? "", $0["digest"] ?? .null) },
            uniquingKeysWith: { first, _ in first })
    }

    private func exported(_ words: [String]) throws -> [String] {
        let run = try daemon.tool(["export", daemon.store] + words)
        try #require(run.code == 0, "\(words): \(run.error)")
        return run.output.split(whereSeparator: \.isNewline).map(String.init)
    }

    @Test("imported into an empty store, the day gives the views that it had")
    func imported() throws {
        let file = daemon.folder.path + "/day.ndjson.zst"
        try #require(try daemon.tool(["export", daemon.store, "-o", file]).code == 0)
        let other = try DaemonProcess()
        try other.start()
        let read = try other.tool(["import", file])
        try #require(read.code == 0, "\(read.error)")
        try #require(other.stop() == 0)
        // Behind the day stands what the import says of itself.
        let day = ["--to", "\(try exported([]).count)"]
        let mine = try digests([daemon.store])["customers"]
        #expect(try mine != nil && mine == digests([other.store] + day)["customers"])
        // Unions know when they were recorded, queues when their feeds were heard, figures the day of
        // recording: what else they show is the same.
        for view in ["identity", "interactions", "agents"] {
            let documents = try exported(["--view", view])
            let run = try other.tool(["export", other.store, "--view", view] + day)
            let copies = run.output.split(separator: "\n").map(String.init)
            try #require(!documents.isEmpty && documents.count == copies.count)
            for (document, copy) in zip(documents, copies) {
                let (one, another) = (
                    try JSONValue.read(Array(document.utf8)), try JSONValue.read(Array(copy.utf8))
                )
                #expect(Self.lasting(one) == Self.lasting(another), "\(view)")
            }
        }
    }

    @Test("a store that is made of the day's export has the same views, and begins like any other")
    func made() throws {
        let file = daemon.folder.path + "/day.ndjson"
        try #require(try daemon.tool(["export", daemon.store, "-o", file]).code == 0)
        let other = try DaemonProcess()
        // As a process leaves it that was killed.
        let leftOver = other.store + ".importing"
        try FileManager.default.createDirectory(
            atPath: leftOver + "/views", withIntermediateDirectories: true)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: leftOver + "/store.json"))
        let made = try other.tool(["import", file, "--into", other.store])
        try #require(made.code == 0, "\(made.error)")
        #expect(!FileManager.default.fileExists(atPath: leftOver))
        let mine = try digests([daemon.store])
        #expect(try mine.count == 4 && mine == digests([other.store]))
        #expect(try daemon.tool(["verify", other.store]).code == 0)
        // What it exports is what it was made of.
        let again = try other.tool(["export", other.store])
        let lines = try exported([]).map { $0 + "\n" }.joined()
        #expect(Self.withoutNames(again.output) == Self.withoutNames(lines))
        try other.start()
        var connection = try other.connect()
        let head = try connection.call("HEAD").integerValue
        #expect(head == Int64(try exported([]).count))
        #expect(other.stop() == 0)
    }

    /// Lines of an export without the name that a store has given what it recorded by itself.
    private static func withoutNames(_ lines: String) -> String {
        lines.replacing(/"source":"throughline\.[0-9a-f]{8}"/, with: "")
    }

    @Test("what is no export, or no longer one, makes no store")
    func notMade() throws {
        let lines = try exported([])
        let folder = daemon.folder.path
        func refuse(_ text: String, _ reason: String) throws {
            let file = folder + "/other.ndjson"
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            let dead = folder + "/dead.ndjson"
            let run = try daemon.tool([
                "import", file, "--into", folder + "/made", "--dead-letters", dead,
            ])
            let letters = (try? String(contentsOfFile: dead, encoding: .utf8)) ?? ""
            #expect(run.code == 1 && (run.error + letters).contains(reason), "\(run.error)")
            for name in ["made", "made.importing"] {
                #expect(!FileManager.default.fileExists(atPath: folder + "/" + name), "\(name)")
            }
            try? FileManager.default.removeItem(atPath: dead)
        }
        try refuse(lines.reversed().joined(separator: "\n"), "recorded before the event in front")
        let bare = lines[0].replacing(/"recorded":"[^"]*",/, with: "")
        try refuse(bare, "data.recorded is missing")
        let vague = lines[0].replacing(/"recorded":"[^"]*"/, with: #""recorded":"once""#)
        try refuse(vague, "RFC 3339")
        let file = folder + "/day.ndjson"
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
        let occupied = try daemon.tool(["import", file, "--into", daemon.store])
        #expect(occupied.code == 1 && occupied.error.contains("in the way"))
        let mapped = try daemon.tool(["import", file, "--into", folder + "/made", "--dry-run"])
        #expect(mapped.code == 2 && mapped.error.contains("--dry-run"))
    }

    /// A document without moments of recording and what is counted from them.
    private static func lasting(_ value: JSONValue) -> JSONValue {
        if let elements = value.elements { return .array(elements.map(lasting)) }
        guard let members = value.members else { return value }
        let left = members.filter {
            !["now", "recorded"].contains($0.name) && !$0.name.hasSuffix("_ms")
        }
        return .object(left.map { JSONValue.Member($0.name, lasting($0.value)) })
    }

    @Test("a person's export has what is theirs under all of their identifiers, and nothing else")
    func person() throws {
        let lines = try exported(["--customer", people[0]])
        #expect(try exported(["--customer", people[1]]) == lines)
        #expect(try exported(["--customer", people[4]]) == lines)
        let apart = try exported(["--customer", people[2]])
        #expect(try exported(["--customer", people[3]]) != apart)
        for identifier in [people[0], people[1], people[4]] {
            let own = try exported(["--identifier", identifier])
            #expect(!own.isEmpty && Set(own).isSubset(of: Set(lines)), "\(identifier)")
        }
        #expect(lines.count < (try exported([])).count)
        let unknown = try daemon.tool(["export", daemon.store, "--customer", "crm:nobody"])
        #expect(unknown.code == 1 && unknown.error.contains("no customer"))
    }

    @Test("events as CSV have the same columns and rows, interrupted or not")
    func commaSeparated() throws {
        let csv = try exported(["--csv"])
        #expect(csv[0] + "\r\n" == EventCSV.header)
        #expect(csv.count >= (try exported([])).count + 1)
        let whole = daemon.folder.path + "/whole.csv"
        try #require(
            try daemon.tool(["export", daemon.store, "--csv", "-o", whole]).code == 0)
        let part = daemon.folder.path + "/part.csv"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: whole))
        let header = EventCSV.header.utf8.count
        // As a crash leaves it behind the line of names.
        try bytes.prefix(header + 9).write(to: URL(fileURLWithPath: part))
        let store = try JSONValue.read(
            Array(try Data(contentsOf: URL(fileURLWithPath: daemon.store + "/store.json"))))
        let id = try #require(store["store"]?.text)
        let note = ["\(header)", "1", id, "1", "0", "", "", "events", "csv"]
        try Data(note.joined(separator: "\n").utf8)
            .write(to: URL(fileURLWithPath: part + ".resume"))
        let run = try daemon.tool([
            "export", daemon.store, "--csv", "-o", part, "--resume",
        ])
        try #require(run.code == 0, "\(run.error)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: part)) == bytes)
    }

    @Test("a view's export has a document for each of whom it tells, or a line of main figures")
    func views() throws {
        for view in ExportedView.allCases {
            let documents = try exported(["--view", view.rawValue])
            #expect(!documents.isEmpty)
            for line in documents {
                #expect(try JSONValue.read(Array(line.utf8))["position"] != nil, "\(view)")
            }
            let csv = try exported(["--view", view.rawValue, "--csv"])
            #expect(csv[0] + "\r\n" == view.header && csv.count == documents.count + 1)
            // Something has each column.
            let fields = csv.dropFirst().map {
                $0.split(separator: ",", omittingEmptySubsequences: false).count
            }
            #expect(fields.allSatisfy { $0 >= view.columns.count }, "\(view)")
        }
        let persons = try exported(["--view", "customers"]).map {
            try JSONValue.read(Array($0.utf8))["customer"]?.text
        }
        #expect(Set(persons).count == persons.count)
        // As of an earlier position there is less.
        let early = try exported(["--view", "interactions", "--to", "40"])
        #expect(early.count < (try exported(["--view", "interactions"])).count)
    }
}

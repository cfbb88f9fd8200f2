import CommandFuzzing
import Foundation
import TestSupport
import Testing

/// A centre in which people call, order and are spoken of, some of them sharing numbers. Some are
/// erased and some words redacted: views that are copied without what goes have, row by row, what views
/// have that are folded from the scrubbed log.
@Suite("Views that are copied without the erased")
struct CopiedErasureTests {
    private static let seeds: [UInt64] = {
        let given = ProcessInfo.processInfo.environment["THROUGHLINE_SEED"].flatMap { UInt64($0) }
        return [given ?? UInt64(Date().timeIntervalSince1970 / 86_400)]
    }()
    private static let (worlds, rounds, events) = (5, 2, 160)

    /// One store and what is told to it.
    private struct World {
        let store: FuzzedStore
        var random: SeededGenerator
        /// How many people there are: few share much.
        let people: Int
        var told: [[String]] = []
        private var steps: [Int] = []

        init(_ store: FuzzedStore, seed: UInt64) {
            self.store = store
            random = SeededGenerator(seed: seed)
            people = random.pick([6, 24])
            steps = [Int](repeating: 0, count: people * 4)
        }

        mutating func ask(_ words: [String]) throws -> String {
            told.append(words)
            return try store.answer(words)
        }

        /// Answers that refuse are of no interest: what is drawn may not fit what there is.
        mutating func tell(_ type: String, _ words: [String]) throws {
            _ = try ask(["APPEND", type, "source", "s", "id", "\(told.count)"] + words)
        }

        /// An identifier, of a person or of their household, switchboard or browser.
        mutating func name(of person: Int) -> String {
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<5: "crm:\(person)"
            case 5..<8: "email:p\(person)@example.com"
            case 8..<10: "phone:+3460000\(1_000 + person)"
            case 10:
                random.once(in: 4) ? "phone:+34910000000" : "phone:+3491000\(1_000 + person / 2)"
            default: "cookie:b-\(random.once(in: 4) ? person / 3 : person)"
            }
        }

        mutating func names(of person: Int) -> [String] {
            var words: [String] = []
            for _ in 0..<random.pick([0, 1, 1, 1, 2, 3]) {
                words += [
                    random.pick(["customer", "customer", "customer:verified"]), name(of: person),
                ]
            }
            if random.once(in: 14) {
                words += ["recipient", name(of: Int.random(in: 0..<people, using: &random))]
            }
            return words
        }

        mutating func step() throws {
            if random.once(in: 9) { store.pass(days: random.pick([0, 1, 1, 3])) }
            let contact = Int.random(in: 0..<steps.count, using: &random)
            let person =
                random.once(in: 12) ? Int.random(in: 0..<people, using: &random) : contact / 4
            let who = names(of: person)
            let interaction = ["interaction", "i-\(contact)"]
            let order = ["order", "o-\(person)-\(contact % 2)"]
            switch Int.random(in: 0..<34, using: &random) {
            case 0..<14: try call(contact, interaction, who)
            case 14, 15:
                try tell(
                    "note.added", ["note_id", "n", "text", "said \(person)"] + interaction + who)
            case 16:
                try tell("note.added", ["note_id", "n", "text", "about \(name(of: person))"] + who)
            case 17: try tell("order.placed", ["total", "1999 EUR"] + order + who)
            case 18:
                try tell("shipment.sent", ["shipment_id", "s-\(person)", "tracking", "t"] + order)
            case 19: try tell("trait.set", ["name", "full_name", "value", "P \(person)"] + who)
            case 20:
                try tell(
                    "case.opened", ["case_id", "k-\(person)", "kind", "damage"] + interaction + who)
            case 21:
                try tell(
                    "survey.answered",
                    [
                        "invitation_id", "v-\(contact)", "question", "q", "score", "3", "kind",
                        "csat",
                        "scale", "5",
                    ] + interaction + who)
            case 22:
                try tell(
                    "agent.presence",
                    ["agent", "a-\(contact % 3)", "presence", random.pick(["available", "break"])])
            case 23:
                // As the daemon infers it: an id, and nobody's identifier.
                let customer = "c_\(random.pick(Array("123456789ABCDEFGH")))"
                try tell(
                    "stage.inferred",
                    ["stage", "loyal", "rule", "crm", "customer_id", customer])
            case 24:
                try tell("identity.released", ["identifier", name(of: person), "reason", "r"])
            case 25:
                try tell(
                    "identity.linked",
                    ["from", name(of: person), "to", name(of: person), "proof", "p"])
            case 26:
                try tell(
                    "promise.made",
                    ["promise_id", "m-\(contact)", "what", "call", "due", "2026-03-01T00:00:00Z"]
                        + who)
            case 27:
                try tell(
                    "trait.set",
                    ["name", "birth_date", "value", "198\(person % 10)-03-01"] + who)
            case 28:
                try tell(
                    "address.set",
                    [
                        "address_id", "d-\(person)", "kind", "home", "lines", "Calle \(person / 2)",
                        "city", "Madrid", "postal_code", "2800\(person % 10)", "country", "ES",
                    ] + who)
            case 29:
                // Two ends that nobody may have shown yet.
                try tell(
                    "identity.linked",
                    [
                        "from", "loyalty:9\(person)", "to", "email:n\(person)@example.com", "proof",
                        "import", "verified_by", "crm",
                    ])
            case 30:
                try tell(
                    "definition.set",
                    [
                        "kind", "dimension", "key", "ext_campaign", "version", "\(told.count)",
                        "body", "{}",
                    ])
            default:
                let other = random.once(in: 3) ? Int.random(in: 0..<people, using: &random) : person
                _ = try ask([
                    "MERGE", name(of: person), name(of: other), "REASON", "r", "ACTOR", "o",
                ])
            }
        }

        /// The next that happens in a call.
        private mutating func call(_ contact: Int, _ interaction: [String], _ who: [String]) throws
        {
            let step = steps[contact]
            steps[contact] += 1
            let queue = ["queue", "q-\(contact % 2)"]
            switch step % 5 {
            case 0:
                try tell(
                    "interaction.created",
                    ["channel", "voice", "direction", "inbound", "method", "inbound"] + interaction
                        + who)
            case 1: try tell("queue.entered", queue + interaction + who)
            case 2:
                try tell(
                    "offer.accepted",
                    [
                        "agent", "a-\(contact % 3)", "ring_ms", "4000", "ext_campaign",
                        "\(contact % 2)",
                    ]
                        + interaction + who)
            case 3: try tell("interaction.disconnected", ["by", "customer"] + interaction + who)
            default: try tell("interaction.completed", ["outcome", "resolved"] + interaction + who)
            }
        }

        /// Many enter queues and leave them, in one batch.
        mutating func wait(_ count: Int) throws {
            var batch: [String] = []
            for number in 0..<count {
                let contact = Int.random(in: 0..<steps.count, using: &random)
                steps[contact] += 1
                let isEnd = steps[contact] % 2 == 1
                let words =
                    [isEnd ? "queue.left" : "queue.entered", "source", "s"]
                    + ["id", "\(told.count)-\(number)", "customer", "crm:\(contact % people)"]
                    + ["interaction", "i-\(contact)-\(steps[contact] / 2)"]
                    + ["queue", "q-\(contact % 2)"] + (isEnd ? ["reason", "withdrawn"] : [])
                batch += ["\(words.count)"] + words
            }
            let answer = try ask(["APPENDBATCH", "\(count)"] + batch)
            #expect(!answer.hasPrefix("-"), "\(answer)")
        }

        /// Erases and redacts a few things at once.
        mutating func erase() throws -> Bool {
            var isAny = false
            for _ in 0..<random.pick([1, 1, 2, 3]) {
                let person = Int.random(in: 0..<people, using: &random)
                let answer =
                    random.once(in: 3)
                    ? try ask([
                        "REDACT", "1", "TO", "\(told.count / 2)", "PATTERN",
                        random.pick(["said", "P \\d", "198\\d"]), "REASON", "r",
                    ])
                    : try ask(["ERASE", name(of: person), "REASON", "asked"])
                isAny = isAny || answer.hasPrefix("{")
            }
            return isAny
        }

        /// A line of INFO.
        mutating func figure(_ name: String) throws -> Int { Int(try field(name)) ?? 0 }

        /// A field of INFO privacy.
        mutating func field(_ name: String) throws -> String {
            let lines = try store.answer(["INFO", "privacy"]).split(whereSeparator: \.isNewline)
            let line = try #require(lines.first { $0.hasPrefix(name + ":") })
            return String(line.dropFirst(name.utf8.count + 1))
        }

        /// What was told.
        var account: String { told.map { $0.joined(separator: " ") }.joined(separator: "\n") }
    }

    @Test("have the rows of views that are folded from the scrubbed log", arguments: seeds)
    func worlds(_ seed: UInt64) throws {
        var (copied, folded) = (0, 0)
        for number in 0..<UInt64(Self.worlds) {
            let folder = FileManager.default.temporaryDirectory.path
            let store =
                number % 2 == 0
                ? try FuzzedStore(within: folder)
                : try FuzzedStore(within: folder, foldingAtATime: 100 + 60 * Int(number))
            var world = World(store, seed: seed * 1_000 + number)
            do {
                for _ in 0..<Self.rounds {
                    for _ in 0..<Self.events { try world.step() }
                    guard try world.erase() else { continue }
                    // Somebody may be erased while views are copied, or the log is scrubbed, without them.
                    var step: String? = world.random.pick(["copying", "scrubbing", "none"])
                    try world.store.carryOutErasures { word in
                        guard word == step else { return }
                        step = nil
                        _ = try world.erase()
                    }
                    try world.store.holdViews()
                }
                copied += try world.figure("erasure_views_copied")
                folded += try world.figure("erasure_views_folded")
                #expect(try world.field("erasure_copy_trouble") == "none")
            } catch {
                Issue.record("THROUGHLINE_SEED=\(seed) world \(number): \(error)\n\(world.account)")
            }
        }
        print("THROUGHLINE_SEED=\(seed): \(copied) views copied, \(folded) folded anew")
        #expect(copied > folded, "THROUGHLINE_SEED=\(seed)")
    }

    @Test("are copied whatever many erasures take together, a part of the events at a time")
    func portions() throws {
        let folder = FileManager.default.temporaryDirectory.path
        var world = World(try FuzzedStore(within: folder, foldingAtATime: 60), seed: 3)
        for person in 1...12 {
            let who = ["customer:verified", "crm:\(person)", "customer", "email:p\(person)@e.com"]
            for contact in 0..<4 {
                let interaction = ["interaction", "i-\(person)-\(contact)"]
                try world.tell(
                    "interaction.created",
                    ["channel", "voice", "direction", "inbound", "method", "inbound"]
                        + interaction + who)
                try world.tell("queue.entered", ["queue", "q-1"] + interaction)
                try world.tell(
                    "note.added",
                    ["note_id", "n-\(person)-\(contact)", "text", "said"] + interaction)
            }
        }
        for person in 1...10 {
            let answer = try world.ask(["ERASE", "crm:\(person)", "REASON", "asked"])
            #expect(answer.contains("\"events\":12,"), "\(answer)")
        }
        try world.store.carryOutErasures()
        try world.store.holdViews()
        #expect(try world.figure("erasure_views_copied") == 4)
        #expect(try world.field("erasure_copy_trouble") == "none")
    }

    @Test("are copied without whom a statement alone had founded")
    func founded() throws {
        var world = World(
            try FuzzedStore(within: FileManager.default.temporaryDirectory.path), seed: 5)
        // The first is about two, the second about one person.
        try world.tell(
            "identity.linked", ["from", "crm:77001", "to", "phone:+34600000007", "proof", "import"])
        try world.tell(
            "identity.linked",
            ["from", "crm:77002", "to", "email:p@example.com", "proof", "import"])
        for (number, name) in [
            "phone:+34600000007", "crm:77001", "crm:77002", "email:p@example.com", "crm:8",
        ].enumerated() {
            try world.tell(
                "note.added", ["note_id", "n-\(number)", "text", "said", "customer", name])
        }
        let phone = try world.ask(["IDENTITY", "phone:+34600000007"])
        #expect(phone.contains("\"customer\":\"c_1-1\""), "\(phone)")
        for name in ["crm:77001", "crm:77002"] {
            let answer = try world.ask(["ERASE", name, "REASON", "asked"])
            #expect(answer.hasPrefix("{"), "\(answer)")
        }
        try world.store.carryOutErasures()
        try world.store.holdViews()
        #expect(try world.figure("erasure_views_copied") == 4)
        #expect(try world.ask(["CUSTOMER", "crm:8"]).contains("\"crm\""))
        #expect(try world.store.events().allSatisfy { !$0.contains("7700") })
        let after = try world.ask(["IDENTITY", "phone:+34600000007"])
        #expect(after.contains("\"customer\":\"c_1-1\""), "\(after)")
    }

    @Test("have the states from which the past is folded")
    func past() throws {
        var world = World(
            try FuzzedStore(within: FileManager.default.temporaryDirectory.path), seed: 9)
        // The first state is kept behind 4,096 events.
        for _ in 0..<44 { try world.wait(100) }
        for person in 0..<3 { _ = try world.ask(["ERASE", "crm:\(person)", "REASON", "asked"]) }
        try world.store.carryOutErasures()
        #expect(try world.figure("erasure_views_copied") == 4)
        let questions = stride(from: 4_100, to: 4_400, by: 50).flatMap { position in
            ["q-0", "q-1"].map { ["WAITING", $0, "AT", "\(position)"] }
        }
        let copied = try questions.map { try world.store.answer($0) }
        #expect(copied.contains { $0.contains("\"customers\":[\"c_") }, "\(copied.first ?? "")")
        try world.store.foldAnew("queues")
        let folded = try questions.map { try world.store.answer($0) }
        for (question, pair) in zip(questions, zip(copied, folded)) {
            #expect(pair.0 == pair.1, "\(question)")
        }
    }
}

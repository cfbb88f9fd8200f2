import Client
import Commands
import DaemonTesting
import EventModel
import Foundation
import RESP
import Testing

/// Every type of the catalogue is recorded with a marked value wherever it takes one, all about one
/// person; then everything is asked, by who may see up to one class.
@Suite("Who may see what: no answer has a value of a class that its role does not see")
struct ClassesTests {
    /// What a value of a class begins with.
    private static func mark(_ dataClass: DataClass) -> String { "zq\(dataClass)zq" }

    /// Numbers of that class; no other number has these digits.
    private static let sensitiveNumber = "7719283746"

    private static let phone = "phone:+34911\(mark(.personal))"

    private static func start(_ sees: DataClass, _ daemon: DaemonProcess) throws {
        try #require(
            try daemon.start(arguments: ["--set", "access.classes=operator=\(sees)"]))
    }

    /// Records the run; returns how many events were taken.
    private func record(_ connection: inout Connection) throws -> Int {
        var taken = 0
        for (number, type) in TypeRegistry.standard.types.enumerated() {
            var words = [
                "APPEND", type.name, "source", "shop", "id", "\(Self.mark(.personal))-\(number)",
                "customer:verified", Self.phone, "customer:verified",
                "dni:\(Self.mark(.secret))", "recipient",
                "email:\(Self.mark(.personal))@example.test",
                "DATA", "{\"words\":\"\(Self.mark(.personal)) payload\"}",
            ]
            var named: Set<String> = []
            for attribute in type.attributes where named.insert(attribute.name).inserted {
                words.insert(contentsOf: [attribute.name, value(attribute, number)], at: 2)
            }
            for attribute in TypeRegistry.standard.envelope.attributes
            where named.insert(attribute.name).inserted {
                words.insert(contentsOf: [attribute.name, value(attribute, number)], at: 2)
            }
            let reply = try connection.call(words)
            if reply.integerValue != nil { taken += 1 }
        }
        let unknown = try connection.call([
            "APPEND", "demo.unheardOf", "source", "shop", "id", "u", "customer", Self.phone,
            "ext_words", "\(Self.mark(.personal)) unheard", "note", Self.mark(.personal),
            "interaction", "i-1",
        ])
        #expect(unknown.integerValue != nil, "\(unknown)")
        return taken
    }

    private func value(_ attribute: AttributeDefinition, _ number: Int) -> String {
        if let word = attribute.words.first { return word }
        let isSensitive = attribute.attributeClass == .sensitive
        switch attribute.kind {
        case .integer: return isSensitive ? Self.sensitiveNumber : "7"
        case .money: return "1999 EUR"
        case .boolean: return "true"
        case .time: return "2026-03-02T09:00:00Z"
        case .text, .ref:
            if ["interaction", "queue", "agent"].contains(attribute.name) {
                return "\(attribute.name)-1"
            }
            let dataClass: DataClass =
                switch attribute.attributeClass {
                case .open: .open
                case .personal: .personal
                case .sensitive: .sensitive
                }
            return "\(Self.mark(dataClass)) \(attribute.name)"
        }
    }

    /// Every command with what it can be asked about the run, and with marked words besides.
    private static let questions: [[String]] = {
        let window = ["FROM", "2026-03-01T00:00:00Z", "TO", "2027-12-31T00:00:00Z"]
        let questions: [[String]] = [
            ["EVENTS", "FROM", "1", "COUNT", "512"], ["EVENT", "3"], ["TIMELINE", phone],
            ["TIMELINE", "interaction-1"], ["TIMELINE", "agent-agent-1"], ["CUSTOMER", phone],
            ["CUSTOMER", phone, "HISTORY"],
            ["CUSTOMER", phone, "POP"], ["CUSTOMER", "interaction:interaction-1", "POP"],
            ["CUSTOMER", phone, "AT", "100"], ["IDENTITY", phone],
            ["IDENTITY", "dni:\(mark(.secret))"], ["IDENTITY", phone, "AT", "100"],
            ["INTERACTION", "interaction-1"], ["INTERACTION", "interaction-1", "AT", "100"],
            ["QUEUES"], ["QUEUE", "queue-1"], ["WAITING", "queue-1"],
            ["WAITING", "queue-1", "AT", "30"],
            ["AGENTS"], ["AGENT", "agent-1"], ["AGENTS", "FREE", "queue-1"], ["SIGNALS"],
            ["WAIT", "queue-1"], ["METRICS"] + window, ["METRICS"] + window + ["PER", "agent"],
            ["METRICS"] + window + ["PER", "reason"], ["METRICS", "DEFINITIONS"],
            ["METRICS"] + window + ["ONLY", "abandon_rate", "EVENTS"],
            ["METRICS"] + window + ["PER", "driver", "ONLY", "bad_answers"],
            ["METRICS"] + window + ["PER", "survey_mode", "ONLY", "csat"],
            ["METRICS"] + window + ["PER", "stage", "ONLY", "answered"],
            ["METRICS"] + window + ["PER", "team", "ONLY", "esat", "ONLY", "esat_named"],
            ["METRICS"] + window + ["PER", "agent", "ONLY", "occupancy"],
            ["SCORECARD"] + window + ["PER", "queue"], ["EXPORT", phone],
            ["ERASE", phone, "REASON", "a look", "DRYRUN"],
            ["CONSUMER", "CREATE", "c", "FROM", "1"], ["CONSUMER", "READ", "c", "COUNT", "512"],
            ["CONSUMER", "LIST"], ["FOLLOW", "LIST"], ["PROJECTIONS"], ["INFO"], ["LIMITS"],
        ]
        return questions + sections.map { ["CUSTOMER", phone, "FIELDS", $0, "HISTORY"] }
    }()

    /// What a card's FIELDS takes.
    private static let sections = """
        counts identifiers stage value flags signals open orders
        cases promises callbacks consents preferences touchpoints surveys cart
        session loyalty traits notes subscriptions appointments concessions proposals
        notices requests feedback addresses contact_points unknown
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    private static func text(_ reply: Reply) -> String {
        if let elements = reply.elements { return elements.map(text).joined(separator: "\n") }
        return reply.text ?? "\(reply)"
    }

    /// All that is answered, a text for each question.
    private func answers(_ daemon: DaemonProcess) throws -> [(question: [String], answer: String)] {
        var connection = try daemon.connect()
        let head = "\(try #require(try connection.call("HEAD").integerValue))"
        for view in [["CUSTOMER", Self.phone], ["QUEUES"], ["METRICS", "DEFINITIONS"]] {
            _ = try connection.call(view + ["AFTER", head, "WITHIN", "60000"])
        }
        var answers: [(question: [String], answer: String)] = []
        for question in Self.questions {
            answers.append((question, Self.text(try connection.call(question))))
        }
        _ = try connection.call("HELLO", "3")
        for subject in [
            ["LOG", "FROM", "1"], ["CUSTOMER", Self.phone], ["QUEUE", "queue-1"],
        ] {
            let reply = try connection.call(["FOLLOW"] + subject)
            answers.append((["FOLLOW"] + subject, Self.text(reply)))
        }
        // What is pushed by then comes before the answer.
        connection.send(["PING"])
        while case .push(let elements) = try connection.receive() {
            answers.append((["push"], elements.map(Self.text).joined(separator: "\n")))
        }
        return answers
    }

    @Test(
        "for every command", arguments: [DataClass.open, .personal, .sensitive, .secret])
    func everyCommand(_ sees: DataClass) throws {
        let daemon = try DaemonProcess()
        try Self.start(sees, daemon)
        var connection = try daemon.connect()
        #expect(try record(&connection) > 200)
        let answers = try answers(daemon)
        for dataClass in DataClass.allCases {
            let marks =
                [Self.mark(dataClass)] + (dataClass == .sensitive ? [Self.sensitiveNumber] : [])
            for mark in marks {
                let shown = answers.filter { $0.answer.contains(mark) }
                if dataClass <= sees {
                    #expect(!shown.isEmpty, "nothing shows \(mark): the run proves nothing")
                } else {
                    for (question, answer) in shown {
                        let place = answer.range(of: mark).map {
                            answer[..<$0.lowerBound].suffix(160)
                        }
                        Issue.record("\(question) shows \(mark): \(place ?? "")")
                    }
                }
            }
        }
        let pushes = answers.filter { $0.question == ["push"] }
        #expect(pushes.contains { $0.answer.contains("demo.unheardOf") }, "no event was pushed")
        #expect(daemon.stop() == 0)
    }

    @Test("a mask is the same wherever and whenever the value is shown, and another for another")
    func stable() throws {
        let daemon = try DaemonProcess()
        try Self.start(.open, daemon)
        var connection = try daemon.connect()
        func append(_ id: String, _ phone: String) throws {
            let reply = try connection.call(
                "APPEND", "visit.noted", "source", "s", "id", id, "customer", "phone:\(phone)")
            #expect(reply.integerValue != nil)
        }
        try append("1", "+34911000001")
        try append("2", "+34911000001")
        try append("3", "+34911000002")
        func masks() throws -> [String] {
            try (1...3).map { position in
                let event = try daemon.document("EVENT", "\(position)")
                let identifiers = try #require(event["identifiers"] as? [[String: Any]])
                return try #require(identifiers.first?["value"] as? String)
            }
        }
        let before = try masks()
        #expect(before[0] == before[1] && before[0] != before[2])
        #expect(before.allSatisfy { $0.hasPrefix("~") && $0.utf8.count == 17 })
        let identity = try daemon.document(
            "IDENTITY", "phone:+34911000001", "AFTER", "3", "WITHIN", "60000")
        #expect("\(identity)".contains(before[0]))
        #expect(daemon.stop() == 0)
        try Self.start(.open, daemon)
        #expect(try masks() == before)
        #expect(daemon.stop() == 0)
    }

    @Test("the configuration gives names another class, and says what is wrong with a rule")
    func overridden() throws {
        let daemon = try DaemonProcess()
        try #require(
            try daemon.start(arguments: [
                "--set", "access.classes=operator=personal", "--set",
                "privacy.classes=attribute:ext_colour=secret,identifier:dni=open",
            ]))
        var connection = try daemon.connect()
        _ = try connection.call(
            "APPEND", "visit.noted", "source", "s", "id", "1", "customer", "dni:12345678Z",
            "ext_colour", "mauve", "ext_shape", "round")
        let event = "\(try daemon.document("EVENT", "1"))"
        #expect(event.contains("12345678Z") && event.contains("round") && !event.contains("mauve"))
        let info = try connection.call("INFO", "privacy").text ?? ""
        for line in ["operator_sees:personal", "reader_sees:personal", "privacy_sees:secret"] {
            #expect(info.contains("\(line)\r\n"), "\(info)")
        }
        #expect(daemon.stop() == 0)
        for wrong in [
            "access.classes=operator=all", "access.classes=guest=open",
            "privacy.classes=ext_colour=secret", "privacy.classes=attribute:Colour=open",
        ] {
            #expect(try !daemon.start(arguments: ["--set", wrong], quietly: true), "\(wrong)")
            #expect(daemon.waitForExitCode() != 0)
        }
    }
}

/// Words that requests are made of: few of each kind, so that requests are about the same things.
enum Vocabulary {
    static let identifiers = Words(
        [
            "phone:+34911234567", "email:ana@example.com", "crm:1", "crm:2", "crm:7", "cookie:a",
            "loyalty:9", "phone:0034 911 23 45 67", "email:ANA@Example.com",
        ], odd: ["nobody:", ":", "email:@", "phone:+", "c_1"])
    /// What stands for a person in a question.
    static let customers = Words(
        identifiers.usual + ["c_1", "c_8", "c_A", "interaction:i-1", "interaction:i-2"],
        odd: identifiers.odd)
    static let roles = ["customer", "recipient", "device", "household", "customer:verified"]
    static let queues = Words(["billing", "sales", "q"])
    static let agents = Words(["ana", "ben", "cy"])
    static let interactions = Words(["i-1", "i-2", "i-3", "i-4"])
    static let streams = Words(
        [
            "interaction-i-1", "interaction-i-2", "agent-ana", "thread-a", "order-b", "case-a",
            "identifier-crm:1", "identifier-phone:+34911234567",
        ], odd: ["i-1", "crm:1", "c_1", "customer-crm:1"])
    static let versions = Words(["none", "any", "0", "1", "2", "3"], odd: ["-1", "x"])
    static let channels = Words(["voice", "chat", "email", "messaging", "post"], odd: ["pigeon"])
    static let times = Words(
        [
            "2026-01-01T12:00:00Z", "2026-01-01T12:00:00.001Z", "2026-01-01T11:00:00Z",
            "2026-01-01T12:15:00Z", "2026-01-02T00:00:00Z", "2025-12-31T23:59:59.999Z",
            "2026-03-29T01:30:00+01:00",
        ],
        odd: [
            "1970-01-01T00:00:00Z", "1900-01-01T00:00:00Z", "2999-12-31T23:59:59Z",
            "9999-12-31T23:59:59.999Z", "0000-01-01T00:00:00Z", "2026-02-30T00:00:00Z",
            "2026-01-01T12:00:00+23:59", "2024-02-29T24:00:00Z",
        ])
    static let integers = Words(
        ["0", "1", "2", "3", "7", "20", "100", "1000", "60000"],
        odd: [
            "65536", "-1", "2147483648", "9223372036854775807", "9223372036854775808",
            "18446744073709551616", "-9223372036854775808", "-9223372036854775809", "007", "1.5",
            "+1", "1e3", "-0",
        ])
    static let money = Words(
        ["1999 EUR", "0 EUR", "-1 EUR", "1 JPY"],
        odd: ["9223372036854775807 EUR", "-9223372036854775808 USD", "1 eur", "EUR", "1"])
    static let patterns = Words(
        ["*", "queue.*", "queue.entered", "interaction.*"], odd: ["", "**"])
    static let kinds = Words([
        "target", "season", "calendar", "dimension", "signal", "stage", "rate", "orderLate",
        "promiseDue", "callbackDue", "identity", "survey",
        "identityRules",
    ])
    static let bodies = Words(
        [
            "{}", "{\"metric\":\"asa\",\"at_most\":20000,\"weight\":2}",
            "{\"metric\":\"sl_offered\",\"at_least\":0.8,\"queue\":\"billing\"}",
            "{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-03T00:00:00Z\"}",
            "{\"within_ms\":315360000000000}",
            "{\"zone\":\"UTC\",\"monday\":[[\"09:00\",\"17:00\"]]}",
            "{\"kinds\":[{\"name\":\"crm\",\"shared_above\":1},{\"name\":\"cookie\",\"shared_above\":1}]}",
        ],
        odd: [
            "{", "[]", "null", "{\"within_ms\":9223372036854775807}", "{\"within_ms\":-1}",
            "{\"metric\":\"asa\",\"at_most\":1e400}",
            "{\"from\":\"2026-01-03T00:00:00Z\",\"to\":\"2026-01-01T00:00:00Z\",\"closed\":[\"x\"]}",
            "{\"a\":{\"a\":{\"a\":{\"a\":[[[[[[[[]]]]]]]]}}}}",
        ])
    static let metrics = Words(
        [
            "asa", "sl_offered", "sl_answered", "abandon_rate", "offered", "answered", "aht",
            "fcr", "repeat_rate", "csat", "nps", "ces", "occupancy",
        ], odd: ["asap", ""])
    static let dimensions = Words(
        ["queue", "channel", "agent", "provider", "brand", "type", "reason"], odd: ["x"])
    static let names = Words(["a", "b", "crm-sync"], odd: ["..", "two words", "", "\n\r\u{0}"])
    static let texts = Words(
        [
            "a", "two words", "4111 1111 1111 1111", "a\u{301}", "\u{1F600}", "refund", "billing",
            "ana@example.com",
        ], odd: ["", "\u{202E}x", "\n\r\u{0}", String(repeating: "z", count: 300)])
    static let sections = Words(
        [
            "counts", "identifiers,stage", "signals,stage", "open,orders", "server", "log",
            "limits", "views", "commits",
        ], odd: [",", "x"])
    static let positions = Words(["free", "busy", "away", "available", "onContact"], odd: ["x"])

    /// Options of which a command takes one.
    static let alternatives = [
        "FOLLOW": ["LOG", "CUSTOMER", "QUEUE", "LIST"],
        "CONSUMER": ["CREATE", "READ", "ACK", "RESET", "DELETE", "GIVE", "LIST"],
    ]
    /// What commands take first.
    static let subcommands = [
        "CLIENT": [
            "SETNAME", "GETNAME", "ID", "INFO", "LIST", "SETINFO", "READAFTERWRITE", "KILL",
        ],
        "COMMAND": ["COUNT", "DOCS", "INFO", "LIST", "HELP"],
        "CLOCK": ["ACCEPT"],
    ]
    /// Options that are seldom left out.
    static let frequent: Set = ["FROM", "TO", "REASON"]

    /// The words that an argument may be, by what it is called.
    static func words(for name: String, kind: String) -> Words {
        switch name {
        case "customer", "identifier": customers
        case "other", "kind:value": identifiers
        case "stream": streams
        case "n|none|any": versions
        case "stream-or-identifier": Words(streams.usual + customers.usual, odd: streams.odd)
        case "queue": queues
        case "id" where kind == "integer": Words(["1", "2", "3"], odd: integers.odd)
        case "id": Words(interactions.usual + agents.usual)
        case "time", "position-or-time": times
        case "channel", "channels": channels
        case "pattern": patterns
        case "kind": kinds
        case "season": Words(["a", "b", "yearBefore", "periodBefore"], odd: ["winter"])
        case "dimension": dimensions
        case "metric": metrics
        case "iana-name": Words(["UTC"], odd: ["Europe/Madrid", ""])
        case "argument": Words(["ON", "OFF", "LIB-NAME", "a"], odd: texts.odd)
        case "section", "sections": sections
        case "projection": Words(["identity", "queues", "metrics", "customers"], odd: ["x"])
        case "name": Words(queues.usual + names.usual, odd: names.odd)
        case "skill>=level":
            Words(
                ["cards", "cards>=2"],
                odd: ["cards>=", ">=3", "cards>=99999999999999999999"])
        case "presence-or-activity": positions
        case "protover": Words(["2", "3"], odd: integers.odd)
        case "events": Words(["1", "2"], odd: integers.odd)
        case "index": Words(["0"], odd: integers.odd)
        case _ where name.contains("|"):
            Words(name.split(separator: "|").map(String.init), odd: ["x"])
        case _ where kind == "integer": integers
        default: texts
        }
    }
}

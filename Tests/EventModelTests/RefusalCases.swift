import EventModel
import Testing

/// One event that is refused, and what is said about it.
struct RefusalCase: Sendable, CustomTestStringConvertible {
    let type: String
    let words: [(String, String)]
    let data: [UInt8]?
    let code: String
    let message: String

    /// A case whose event also has a source and an id, unless `bare`.
    init(
        _ type: String, _ words: [(String, String)], data: [UInt8]? = nil, bare: Bool = false,
        _ code: String, _ message: String
    ) {
        self.type = type
        self.words = bare ? words : [("source", "s"), ("id", "1")] + words
        self.data = data
        self.code = code
        self.message = message
    }

    var testDescription: String { "\(code) \(message)" }
}

/// Every way in which an event is refused, with the exact words.
enum RefusalCases {
    static var all: [RefusalCase] {
        [
            types, fields, attributes, identifiers, kinds, words, unknown, repeated, sizes,
        ].flatMap { $0 }
    }

    static let entered = [("interaction", "c"), ("queue", "q")]

    private static var types: [RefusalCase] {
        let message = "event type must be 1 to 64 letters, digits, '.', '_' or '-'"
        return ["", "a b", "a/b", "ñ", "a\u{0}", String(bytes: 65)].map {
            RefusalCase($0, [], "BADTYPE", message)
        }
    }

    private static var fields: [RefusalCase] {
        [
            RefusalCase(
                "x", [("id", "1")], bare: true, "MISSING",
                "event has no source; every event names its source and the source's own id"),
            RefusalCase(
                "x", [("source", "s")], bare: true, "MISSING",
                "event has no id; every event names its source and the source's own id"),
            RefusalCase(
                "x", [("source", "")], bare: true, "ILLTYPED",
                "attribute source of x must be UTF-8 text of 1 to 128 bytes"),
            RefusalCase(
                "x", [("source", "s"), ("id", "")], bare: true, "ILLTYPED",
                "attribute id of x must be UTF-8 text of 1 to 256 bytes"),
            RefusalCase(
                "x", [("content_type", "")], "ILLTYPED",
                "attribute content_type of x must be UTF-8 text of 1 to 128 bytes"),
            RefusalCase(
                "x", [("occurred", "yesterday")], "ILLTYPED",
                "attribute occurred of x must be an RFC 3339 time, like `2026-11-27T14:32:08.120Z`"),
            RefusalCase(
                "x", [("occurred", "2026-11-28T14:32:08.121Z")], "BADTIME",
                "occurred lies 86400001 ms ahead of the store's clock, at most 86400000 ms "
                    + "allowed; check the producer's clock and time zone"),
        ]
    }

    private static var attributes: [RefusalCase] {
        [
            RefusalCase(
                "queue.entered", [("queue", "q")], "MISSING",
                "queue.entered requires attribute interaction"),
            RefusalCase(
                "queue.entered", [("interaction", "c")], "MISSING",
                "queue.entered requires attribute queue"),
            RefusalCase(
                "callback.requested", [("interaction", "c"), ("callback_id", "b")], "MISSING",
                "callback.requested requires attribute number"),
        ]
    }

    private static var identifiers: [RefusalCase] {
        let bad = [
            "", "x", ":", "a:", ":1", "A:1", "1a:1", "a-b:1", "a:\n", "a:\u{7F}",
            String(bytes: 33) + ":1", "a:" + String(bytes: 257),
        ]
        return bad.map {
            RefusalCase(
                "x", [("customer:line", $0)], "ILLTYPED",
                "customer:line must be kind:value, the kind [a-z][a-z0-9_]* of at most 32 bytes, "
                    + "the value 1 to 256 bytes")
        }
    }

    private static var kinds: [RefusalCase] {
        let wrong: [(name: String, values: [String], expected: String)] = [
            (
                "points", ["", "1.5", "+1", "1 ", " 1", "-", "9223372036854775808", "ten", "0x1"],
                "a 64-bit integer"
            ),
            (
                "expires_at", ["", "2026-11-27", "1764253928"],
                "an RFC 3339 time, like `2026-11-27T14:32:08.120Z`"
            ),
        ]
        let flags = ["", "True", "1", "yes", "true ", "falsetrue"].map {
            RefusalCase(
                "note.added", [("note_id", "n"), ("text", "t"), ("pinned", $0)], "ILLTYPED",
                "attribute pinned of note.added must be `true` or `false`")
        }
        let amounts = [
            "", "19.99 EUR", "1999", "EUR", "1999EUR", "1999 eur", "1999 EU", "1999  EUR",
            "EUR 1999", "1999 EURO", " EUR", "9223372036854775808 EUR",
        ].map {
            RefusalCase(
                "order.placed", [("order", "o"), ("total", $0)], "ILLTYPED",
                "attribute total of order.placed must be minor units and currency, like "
                    + "`1999 EUR`")
        }
        let refs = ["", "a\nb", "\u{7F}", "\u{0}"].map {
            RefusalCase(
                "ufo.seen", [("queue", $0)], "ILLTYPED",
                "attribute queue of ufo.seen must be a name of 1 to 200 bytes without control "
                    + "characters")
        }
        let others = wrong.flatMap { wrong in
            wrong.values.map {
                RefusalCase(
                    "loyalty.changed", EventIntakeTests.loyalty + [(wrong.name, $0)], "ILLTYPED",
                    "attribute \(wrong.name) of loyalty.changed must be \(wrong.expected)")
            }
        }
        let durations = ["-1", "-9223372036854775808"].map {
            RefusalCase(
                "offer.accepted", [("interaction", "i"), ("agent", "a"), ("ring_ms", $0)],
                "ILLTYPED",
                "attribute ring_ms of offer.accepted must be a number of milliseconds, 0 or more: "
                    + "nothing ends before it begins")
        }
        return flags + amounts + refs + others + durations
    }

    private static var words: [RefusalCase] {
        [
            RefusalCase(
                "queue.entered", entered + [("stay_kind", "Live")], "ILLTYPED",
                "attribute stay_kind of queue.entered must be one of live, callback, transfer, "
                    + "overflow"),
            RefusalCase(
                "ufo.seen", [("channel", "fax")], "ILLTYPED",
                "attribute channel of ufo.seen must be one of voice, video, chat, sms, messaging, "
                    + "email, social, web, app, store, post, task"),
            RefusalCase(
                "queue.entered", entered + [("channel", "")], "ILLTYPED",
                "attribute channel of queue.entered must be one of voice, video, chat, sms, "
                    + "messaging, email, social, web, app, store, post, task"),
            // A word of another list.
            RefusalCase(
                "privacy.requested", [("kind", "loyal")], "ILLTYPED",
                "attribute kind of privacy.requested must be one of access, erase, rectify, "
                    + "object, port"),
        ]
    }

    private static var unknown: [RefusalCase] {
        let hint = " (names are snake_case, those of your own begin with ext_)"
        let near = [
            ("quue", "queue"), ("qeueu", "queue"), ("priorty", "priority"), ("Queue", "queue"),
            ("stayKind", "stay_kind"), ("KEEP_PLACE", "keep_place"), ("keep-place", "keep_place"),
            ("custmer", "customer"), ("customer:verifed", "customer"), ("cusomer", "customer"),
            ("ocurred", "occurred"), ("contentType", "content_type"), ("sourc", "source"),
            ("chanel", "channel"),
        ].map {
            RefusalCase(
                "queue.entered", entered + [($0.0, "1")], "UNKNOWNATTRIBUTE",
                "queue.entered has no attribute \($0.0); did you mean \($0.1)?" + hint)
        }
        let far = ["x", "ring_ms", "colour", "ext", "Ext_a", "customer:x", "a.b"].map {
            RefusalCase(
                "queue.entered", entered + [($0, "1")], "UNKNOWNATTRIBUTE",
                "queue.entered has no attribute \($0)"
                    + ($0 == "customer:x" ? "; did you mean customer?" : "") + hint)
        }
        let values = ["+34911234567", "ana@example.com", "phone:+34911", "crm:8812", "5", "ñu", ""]
            .map {
                RefusalCase(
                    "queue.entered", entered + [($0, "1")], "UNKNOWNATTRIBUTE",
                    "queue.entered has no attribute (\($0.utf8.count) bytes, not shown)" + hint)
            }
        let camel = RefusalCase(
            "ufo.seen", [("ringMs", "1")], "UNKNOWNATTRIBUTE",
            "ufo.seen has no attribute ringMs" + hint)
        return near + far + values + [camel]
    }

    private static var repeated: [RefusalCase] {
        let twice = [
            ("source", "s"), ("id", "1"), ("queue", "q"), ("channel", "voice"), ("ext_a", ""),
            ("priority", "1"),
        ].map {
            RefusalCase(
                "queue.entered",
                [("queue", "q"), ("channel", "chat"), ("ext_a", "x")]
                    + [("ext_ab", "x"), ("priority", "2"), $0], "REPEATED",
                "attribute \($0.0) stands twice")
        }
        let pairs = [("colour", "a"), ("occurred", "2026-11-27T14:00:00Z"), ("content_type", "t")]
            .map {
                RefusalCase("ufo.seen", [$0, $0], "REPEATED", "attribute \($0.0) stands twice")
            }
        return twice + pairs
    }

    private static var sizes: [RefusalCase] {
        let texts: [(String, Int)] = [
            ("source", 128), ("id", 256), ("content_type", 128), ("attribute queue", 200),
            ("attribute text", 32_768),
        ]
        let long = texts.map { what, most in
            RefusalCase(
                "note.added",
                [(String(what.split(separator: " ").last ?? ""), String(bytes: most + 1))],
                bare: true, "TOOLARGE", "\(what) bytes is \(most + 1), at most \(most) allowed")
        }
        return long + [
            RefusalCase(
                "x", [("a" + String(bytes: 64), "")], "TOOLARGE",
                "attribute name bytes is 65, at most 64 allowed"),
            RefusalCase(
                "x", (0...128).map { ("a\($0)", "") }, "TOOLARGE",
                "number of attributes is 129, at most 128 allowed"),
            RefusalCase(
                "x", (0...16).map { ("customer", "crm:\($0)") }, "TOOLARGE",
                "number of identifiers is 17, at most 16 allowed"),
            RefusalCase(
                "x", [], data: Array(repeating: 0, count: 786_433), "TOOLARGE",
                "data bytes is 786433, at most 786432 allowed"),
        ]
    }
}

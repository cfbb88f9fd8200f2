import Testing

@testable import Importing

@Suite("mapping files that are wrong say where and how")
struct MappingErrorTests {
    private func error(_ toml: String) -> String {
        do {
            _ = try Mapping(toml: toml)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    private static let wrongEvents: [(String, String)] = [
        ("[[event]]\ntype = \"a\"", "[[event]] 1 at: is missing"),
        ("[[event]]\nat = \"start\"", "[[event]] 1 type: is missing"),
        ("[[event]]\ntype = \"a\"\nat = \"begin\"", "[[event]] a at: there is no column `begin`"),
        ("[[event]]\ntype = \"a\"\nat = \"a\"", "a is none of the [time] clocks and stamps"),
        ("[[event]]\ntype = \"a\"\nat = \"start\"\nwen = \"b\"", "did you mean when?"),
        ("[[event]]\ntype = \"a\"\nat = \"start\"\nwhen = \"c\"", "there is no condition `c`"),
        ("[[event]]\ntype = \"a\"\nat = \"start\"\nwhen = \"a\"", "stands without a comparison"),
        ("[[event]]\ntype = \"a\"\nat = \"start\"\nwhen = \"a <\"", "ends after a comparison"),
        ("[[event]]\ntype = \"a\"\nat = \"start\"\nwhen = \"(a = 1\"", "closing parenthesis"),
        ("[[event]]\ntype = \"a\"\nat = \"start\"\nwhen = \"a < b\"", "have an order"),
        ("[[event]]\ntype = \"a\"\nat = \"start\"\nwhen = \"start = 'x'\"", "'x' is no clock"),
        (
            "[[event]]\ntype = \"a\"\nat = \"start\"\nattributes = { note = \"{c}\" }",
            "[[event]] a note: there is no column `c`"
        ),
        (
            "[[event]]\ntype = \"a\"\nat = \"start\"\nattributes = { note = \"{a|m}\" }",
            "there is no map `m`"
        ),
        (
            "[[event]]\ntype = \"a\"\nat = \"start\"\nattributes = { note = \"{a\" }",
            "a { without its }"
        ),
        (
            "[[event]]\ntype = \"a\"\nat = \"start\"\nattributes = { id = \"1\" }",
            "is no attribute"
        ),
        (
            "[[event]]\ntype = \"a\"\nat = \"start\"\nattributes = { n = [\"1\", \"2\"] }",
            "a choice after one without a condition"
        ),
        (
            "[[event]]\ntype = \"a\"\nat = \"start\"\nidentifiers = [{ as = \"friend\", value = \"x\" }]",
            "must be a role"
        ),
        (
            "[[event]]\ntype = \"a\"\nat = \"start\"\n[[event]]\ntype = \"a\"\nat = \"start\"",
            "two events have this step"
        ),
    ]

    @Test("every mistake in an event is named", arguments: wrongEvents.indices)
    func events(index: Int) {
        let (events, expected) = Self.wrongEvents[index]
        let message = error(SmallTable.text(events))
        #expect(message.contains(expected), "\(message)")
    }

    private static let wrongParts: [(String, String, String)] = [
        ("format = 1", "format = 2", "format: must be 1"),
        ("delimiter = \";\"", "delimiter = \"\"", "must be one ASCII character"),
        ("zone = \"Asia/Jerusalem\"", "zone = \"Mars\"", "is no IANA time zone"),
        ("century = 1900", "", "what YY is added to"),
        ("date_format = \"YYMMDD\"", "date_format = \"MMDD\"", "belong together"),
        ("clock_format = \"h:mm:ss\"", "clock_format = \"DD h\"", "must say hour and minute"),
        ("reference = \"start\"", "reference = \"a\"", "one of the clocks"),
        ("\"stop\"]\n[time]", "\"stop\", \"a\"]\n[time]", "names one column twice"),
        ("header = false", "hedder = false", "did you mean header?"),
        ("id = \"{id}:{step}\"", "id = 5", "must be a text in quotes"),
        ("order = \"time\"", "order = \"random\"", "must be \"time\" or \"declared\""),
        ("[table]", "[table", "line 2"),
    ]

    @Test("every mistake elsewhere is named", arguments: wrongParts.indices)
    func parts(index: Int) {
        let (right, wrong, expected) = Self.wrongParts[index]
        let text = SmallTable.text(SmallTable.oneEvent)
        #expect(text.contains(right))
        let message = error(text.replacing(right, with: wrong))
        #expect(message.contains(expected), "\(message)")
    }

    @Test("what refers to itself is refused")
    func circles() {
        let event = SmallTable.oneEvent
        for (more, expected) in [
            ("[conditions]\np = \"q\"\nq = \"not p\"", "refers to itself"),
            ("[conditions]\na = \"b = 1\"", "is also a column"),
            ("[moments]\nm = \"n\"\nn = \"m\"", "refers to itself"),
            ("[texts]\nt = \"x{t}\"", "refers to itself"),
        ] {
            var text = SmallTable.text(event, more: more)
            if more.contains("moments") {
                text = text.replacing("at = \"start\"", with: "at = \"m\"")
            }
            if more.contains("texts") { text = text.replacing("{id}:", with: "{t}:") }
            #expect(error(text).contains(expected), "\(error(text))")
        }
    }

    @Test("ids that every event of a row would share are refused")
    func sharedIDs() {
        let two = SmallTable.oneEvent + "\n[[event]]\ntype = \"b\"\nat = \"start\""
        let message = error(SmallTable.text(two).replacing("{id}:{step}", with: "{id}"))
        #expect(message.contains("must hold {step}"), "\(message)")
    }

    @Test("the right file is right")
    func right() { #expect(error(SmallTable.text(SmallTable.oneEvent)) == "none") }
}

internal import EventModel
internal import TOMLKit

extension Mapping {
    static func event(_ section: inout TOMLSection) throws(ImportError) -> EventRule {
        let type = try section.requiredString("type")
        let step = try section.string("step") ?? type
        guard !step.isEmpty else { throw section.error("step", "is empty") }
        let at = try timeChoices("at", &section)
        guard !at.isEmpty else {
            throw section.error("at", "is missing: the column of the event's time")
        }
        let rule = EventRule(
            step: step, type: type, at: at, when: try section.string("when"),
            attributes: try attributes(&section), identifiers: try identifiers(&section),
            data: try section.string("data"), contentType: try section.string("content_type"))
        guard rule.data != nil || rule.contentType == nil else {
            throw section.error("content_type", "stands without data")
        }
        try section.finish()
        return rule
    }

    /// Reads where a time comes from: a name, `{ at, when }`, or a list of those.
    static func timeChoices(
        _ key: String, _ section: inout TOMLSection
    ) throws(ImportError) -> [TimeChoice] {
        try section.choices(key, textKey: "at").map { TimeChoice(name: $0.text, when: $0.when) }
    }

    /// Reads attributes, each a template, `{ value, when }`, or a list of those.
    static func attributes(_ section: inout TOMLSection) throws(ImportError) -> [AttributeRule] {
        guard var table = try section.section("attributes") else { return [] }
        var rules: [AttributeRule] = []
        for name in table.keys {
            guard !reserved.contains(name.lowercased()) else {
                throw table.error(name, "is no attribute: every event has its own key for it")
            }
            for choice in try table.choices(name, textKey: "value") {
                rules.append(AttributeRule(name: name, value: choice.text, when: choice.when))
            }
        }
        return rules
    }

    /// Words that an append reads as something else than an attribute's name.
    static let reserved: Set<String> = [
        "source", "id", "occurred", "content_type", "data", "expect",
    ]

    static func identifiers(_ section: inout TOMLSection) throws(ImportError) -> [IdentifierRule] {
        var rules: [IdentifierRule] = []
        for var inner in try section.sections("identifiers") {
            let role = try inner.string("as") ?? "customer"
            guard isRole(role) else {
                throw inner.error(
                    "as", "must be a role and, if known, a strength, like customer:verified")
            }
            rules.append(
                IdentifierRule(
                    role: role, value: try inner.requiredString("value"),
                    when: try inner.string("when")))
            try inner.finish()
        }
        return rules
    }

    /// Whether an append may name an identifier by this word.
    static func isRole(_ word: String) -> Bool {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard IdentifierRole.allCases.contains(where: { "\($0.attributeName)" == parts[0] })
        else { return false }
        return parts.count == 1
            || IdentifierStrength.allCases.contains { "\($0.word)" == parts[1] }
    }

    static func times(_ root: inout TOMLSection) throws(ImportError) -> TimeRules {
        guard var section = try root.section("time") else {
            throw .mapping(place: "[time]", problem: "is missing")
        }
        let rules = TimeRules(
            zone: try section.requiredString("zone"),
            dateColumn: try section.string("date"),
            datePattern: try pattern("date_format", &section),
            century: try section.integer("century") ?? 0,
            clockColumns: try section.strings("clocks"),
            clockPattern: try pattern("clock_format", &section),
            rollover: try rollover(&section),
            stampColumns: try section.strings("stamps"),
            stampPattern: try stampPattern(&section))
        try check(rules, section)
        try section.finish()
        return rules
    }

    private static func pattern(
        _ key: String, _ section: inout TOMLSection
    ) throws(ImportError) -> TimePattern? {
        guard let text = try section.string(key) else { return nil }
        guard let pattern = TimePattern(text) else {
            throw section.error(
                key, "cannot be read: use YYYY YY MM M DD D hh h mm ss fff, each once")
        }
        return pattern
    }

    private static func rollover(
        _ section: inout TOMLSection
    ) throws(ImportError) -> TimeRules.Rollover? {
        guard var inner = try section.section("next_day") else { return nil }
        let reference = try inner.requiredString("reference")
        guard let hours = try inner.integer("earlier_by_hours"), (1...23).contains(hours) else {
            throw inner.error("earlier_by_hours", "must be 1 to 23")
        }
        try inner.finish()
        return TimeRules.Rollover(reference: reference, earlierBySeconds: hours * 3_600)
    }

    private static func stampPattern(
        _ section: inout TOMLSection
    ) throws(ImportError) -> StampPattern? {
        let known: [StampPattern] = [.rfc3339, .epochSeconds, .epochMilliseconds]
        guard let text = try section.string("stamp_format") else { return nil }
        if let word = known.first(where: { $0.text == text }) { return word }
        return try pattern("stamp_format", &section).map(StampPattern.local)
    }

    private static func check(
        _ rules: TimeRules, _ section: TOMLSection
    ) throws(ImportError) {
        guard Zone(named: rules.zone) != nil else {
            throw section.error("zone", "is no IANA time zone, like \"Europe/Madrid\"")
        }
        if rules.dateColumn != nil || !rules.clockColumns.isEmpty {
            guard rules.dateColumn != nil, rules.datePattern?.hasDate == true else {
                throw section.error("date", "and date_format (year, month, day) belong together")
            }
        }
        guard rules.clockColumns.isEmpty || rules.clockPattern?.hasClock == true,
            rules.clockPattern?.hasDatePart != true
        else { throw section.error("clock_format", "must say hour and minute and no date") }
        if let rollover = rules.rollover, !rules.clockColumns.contains(rollover.reference) {
            throw section.error("next_day", "must refer to one of the clocks")
        }
        guard rules.stampColumns.isEmpty == (rules.stampPattern == nil) else {
            throw section.error("stamps", "and stamp_format belong together")
        }
        if case .local(let pattern) = rules.stampPattern, !pattern.hasDate || !pattern.hasClock {
            throw section.error("stamp_format", "must say year, month, day, hour and minute")
        }
        let needsCentury = [rules.datePattern, rules.stampPattern?.localPattern]
            .contains { $0?.needsCentury == true }
        guard !needsCentury || (rules.century % 100 == 0 && rules.century >= 1900) else {
            throw section.error("century", "must say what YY is added to: 1900, 2000, …")
        }
    }
}

extension StampPattern {
    fileprivate var localPattern: TimePattern? {
        if case .local(let pattern) = self { pattern } else { nil }
    }
}

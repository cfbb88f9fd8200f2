internal import EventModel
internal import TOMLKit

extension Mapping {
    /// Reads a mapping file's text.
    ///
    /// Where the file names the table's columns, every name in it is checked here; else when the
    /// header is read.
    ///
    /// - Throws: `mapping`, with the place in the file and what to do.
    public init(toml text: String) throws(ImportError) {
        var root = TOMLSection(try Self.parse(text), place: "")
        guard try root.integer("format") == 1 else {
            throw .mapping(place: "format", problem: "must be 1, the form that this tool reads")
        }
        table = try Self.table(&root)
        times = try Self.times(&root)
        conditions = try root.texts("conditions")
        texts = try root.texts("texts")
        moments = try Self.moments(&root)
        maps = try Self.maps(&root)
        guard var every = try root.section("every_event") else {
            throw .mapping(place: "[every_event]", problem: "is missing: it names source and id")
        }
        source = try every.requiredString("source")
        id = try every.requiredString("id")
        attributes = try Self.attributes(&every)
        identifiers = try Self.identifiers(&every)
        let word = try every.string("order") ?? EventOrder.time.rawValue
        guard let order = EventOrder(rawValue: word) else {
            throw every.error("order", "must be \"time\" or \"declared\"")
        }
        self.order = order
        try every.finish()
        events = []
        for var section in try root.sections("event") { events.append(try Self.event(&section)) }
        try root.finish()
        try checkEvents()
        if !table.columns.isEmpty { _ = try RowProgram(self, columns: table.columns) }
    }

    private static func parse(_ text: String) throws(ImportError) -> TOMLTable {
        do {
            return try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw .mapping(
                place: "line \(error.source.begin.line)", problem: error.description)
        } catch {
            throw .mapping(place: "file", problem: "is not TOML: \(error)")
        }
    }

    private func checkEvents() throws(ImportError) {
        guard !events.isEmpty, events.count <= ImportLimits.eventRulesMax else {
            throw .mapping(
                place: "[[event]]",
                problem: "there are \(events.count), expected 1 to \(ImportLimits.eventRulesMax)")
        }
        let steps = events.map(\.step)
        if let twice = steps.first(where: { step in steps.count { $0 == step } > 1 }) {
            throw .mapping(
                place: "[[event]] \(twice)", problem: "two events have this step; rename one")
        }
        guard id.contains("{step}") || events.count == 1 else {
            throw .mapping(
                place: "[every_event] id",
                problem: "must hold {step}, or a row's events would all have one id")
        }
    }

    private static func table(_ root: inout TOMLSection) throws(ImportError) -> TableFormat {
        guard var section = try root.section("table") else {
            throw .mapping(place: "[table]", problem: "is missing")
        }
        func byte(_ key: String, _ text: String) throws(ImportError) -> UInt8 {
            guard text.utf8.count == 1, let byte = text.utf8.first, byte != 10, byte != 13 else {
                throw section.error(key, "must be one ASCII character")
            }
            return byte
        }
        let delimiter = try byte("delimiter", try section.requiredString("delimiter"))
        let quoteText = try section.string("quote")
        let quote = try quoteText.map { text throws(ImportError) in try byte("quote", text) }
        let hasHeader = try section.boolean("header", default: true)
        let columns = try section.strings("columns")
        try check(columns, hasHeader, section)
        let trims = try section.boolean("trim", default: true)
        var repairs: [TableFormat.Repair] = []
        for var repair in try section.sections("repair") {
            guard let count = try repair.integer("fields") else {
                throw repair.error("fields", "is missing: the number of fields of such rows")
            }
            repairs.append(
                TableFormat.Repair(fieldCount: count, joined: try repair.strings("joined")))
            try repair.finish()
        }
        try section.finish()
        return TableFormat(
            delimiter: delimiter, quote: quote, hasHeader: hasHeader, columns: columns,
            trims: trims, repairs: repairs)
    }

    private static func check(
        _ columns: [String], _ hasHeader: Bool, _ section: TOMLSection
    ) throws(ImportError) {
        guard hasHeader || !columns.isEmpty else {
            throw section.error("columns", "is missing, and the table has no header to name them")
        }
        guard columns.count <= ImportLimits.columnsMax else {
            throw section.error("columns", "names more than \(ImportLimits.columnsMax)")
        }
        guard Set(columns).count == columns.count else {
            throw section.error("columns", "names one column twice")
        }
    }

    private static func moments(
        _ root: inout TOMLSection
    ) throws(ImportError) -> [String: [TimeChoice]] {
        guard var section = try root.section("moments") else { return [:] }
        var moments: [String: [TimeChoice]] = [:]
        for name in section.keys { moments[name] = try timeChoices(name, &section) }
        return moments
    }

    private static func maps(
        _ root: inout TOMLSection
    ) throws(ImportError) -> [String: [String: String]] {
        guard var section = try root.section("maps") else { return [:] }
        var maps: [String: [String: String]] = [:]
        for name in section.keys { maps[name] = try section.texts(name) }
        return maps
    }
}

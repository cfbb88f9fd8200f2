internal import EventModel
internal import TOMLKit

/// One table of a mapping file: reads keys by kind, and in the end names those that mean nothing.
struct TOMLSection {
    /// Where it stands, for messages.
    let place: String
    private let table: TOMLTable
    private var known: Set<String> = []

    init(_ table: TOMLTable, place: String) {
        self.table = table
        self.place = place
    }

    /// All keys, sorted.
    var keys: [String] { table.keys.sorted() }

    func error(_ key: String, _ problem: String) -> ImportError {
        .mapping(place: "\(place) \(key)", problem: problem)
    }

    mutating func string(_ key: String) throws(ImportError) -> String? {
        known.insert(key)
        guard let value = table[key] else { return nil }
        guard let text = value.string else { throw error(key, "must be a text in quotes") }
        return text
    }

    mutating func requiredString(_ key: String) throws(ImportError) -> String {
        guard let text = try string(key) else { throw error(key, "is missing") }
        return text
    }

    mutating func integer(_ key: String) throws(ImportError) -> Int? {
        known.insert(key)
        guard let value = table[key] else { return nil }
        guard let number = value.int else { throw error(key, "must be an integer") }
        return number
    }

    mutating func boolean(_ key: String, default fallback: Bool) throws(ImportError) -> Bool {
        known.insert(key)
        guard let value = table[key] else { return fallback }
        guard let flag = value.bool else { throw error(key, "must be true or false") }
        return flag
    }

    mutating func strings(_ key: String) throws(ImportError) -> [String] {
        known.insert(key)
        guard let value = table[key] else { return [] }
        guard let array = value.array else { throw error(key, "must be a list of texts") }
        var texts: [String] = []
        for element in array {
            guard let text = element.string else { throw error(key, "must be a list of texts") }
            texts.append(text)
        }
        return texts
    }

    /// A table of texts.
    mutating func texts(_ key: String) throws(ImportError) -> [String: String] {
        guard var section = try section(key) else { return [:] }
        var texts: [String: String] = [:]
        for name in section.keys { texts[name] = try section.requiredString(name) }
        return texts
    }

    mutating func section(_ key: String) throws(ImportError) -> TOMLSection? {
        known.insert(key)
        guard let value = table[key] else { return nil }
        guard let inner = value.table else { throw error(key, "must be a table") }
        return TOMLSection(inner, place: place.isEmpty ? "[\(key)]" : "\(place) \(key)")
    }

    /// A list of tables, as `[[key]]` makes it.
    mutating func sections(_ key: String) throws(ImportError) -> [TOMLSection] {
        known.insert(key)
        guard let value = table[key] else { return [] }
        guard let array = value.array else { throw error(key, "must be a list of tables") }
        var sections: [TOMLSection] = []
        for element in array {
            guard let inner = element.table else { throw error(key, "must be a list of tables") }
            let number = sections.count + 1
            let path = place.isEmpty ? "[[\(key)]] \(number)" : "\(place) \(key) \(number)"
            sections.append(TOMLSection(inner, place: path))
        }
        return sections
    }

    /// A text, `{ textKey, when }`, or a list of those: the first whose condition holds counts.
    mutating func choices(
        _ name: String, textKey: String
    ) throws(ImportError) -> [(text: String, when: String?)] {
        known.insert(name)
        guard let value = table[name] else { return [] }
        if let array = value.array {
            var choices: [(text: String, when: String?)] = []
            for element in array {
                let inner = "\(place) \(name) \(choices.count + 1)"
                choices.append(try choice(element.string, element.table, name, textKey, inner))
            }
            guard !choices.isEmpty else { throw error(name, "is an empty list") }
            return choices
        }
        return [try choice(value.string, value.table, name, textKey, "\(place) \(name)")]
    }

    private func choice(
        _ text: String?, _ table: TOMLTable?, _ name: String, _ textKey: String, _ place: String
    ) throws(ImportError) -> (text: String, when: String?) {
        if let text { return (text, nil) }
        guard let table else {
            throw error(
                name, "must be a text, { \(textKey) = …, when = … }, or a list of those")
        }
        var section = TOMLSection(table, place: place)
        let choice = (try section.requiredString(textKey), try section.string("when"))
        try section.finish()
        return choice
    }

    /// Refuses keys that nothing asked for: a mistyped one would silently do nothing.
    func finish() throws(ImportError) {
        for key in keys where !known.contains(key) {
            let near = known.map { ($0, Spelling.distance($0, key)) }
                .filter { $0.1 <= 2 }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
            throw .mapping(
                place: place.isEmpty ? key : "\(place) \(key)",
                problem: near.map { "is no key here; did you mean \($0)?" }
                    ?? "is no key here; expected \(known.sorted().joined(separator: ", "))")
        }
    }
}

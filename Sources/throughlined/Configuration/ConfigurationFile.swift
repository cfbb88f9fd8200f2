import EventModel
import TOMLKit

/// A configuration file: TOML, a table for each section.
struct ConfigurationFile {
    let path: String
    let values: [(key: String, value: SettingValue)]

    /// Reads the text of a file.
    ///
    /// - Throws: `ConfigurationMistake` for what is not TOML, a key that no setting has, or a value
    ///   of another kind.
    init(path: String, text: String) throws(ConfigurationMistake) {
        self.path = path
        var values: [(key: String, value: SettingValue)] = []
        let root = try Self.parse(text, path)
        for section in root.keys.sorted() {
            guard let table = root[section]?.table else {
                throw Self.unknown(section, path)
            }
            for name in table.keys.sorted() {
                let key = "\(section).\(name)"
                guard let setting = Setting.named(key) else { throw Self.unknown(key, path) }
                guard let value = table[name].flatMap({ Self.value($0, setting.kind) }) else {
                    throw ConfigurationMistake("\(path): \(key) must be \(setting.kind.words)")
                }
                values.append((key, value))
            }
        }
        self.values = values
    }

    private static func parse(
        _ text: String, _ path: String
    ) throws(ConfigurationMistake) -> TOMLTable {
        do {
            return try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw ConfigurationMistake(
                "\(path), line \(error.source.begin.line): \(error.description)")
        } catch {
            throw ConfigurationMistake("\(path) is not TOML: \(error)")
        }
    }

    private static func value(
        _ value: any TOMLValueConvertible, _ kind: Setting.Kind
    ) -> SettingValue? {
        switch kind {
        case .text: return value.string.map { .text($0) }
        case .integer: return value.int.map { .integer($0) }
        case .flag: return value.bool.map { .flag($0) }
        case .list:
            guard let array = value.array else { return nil }
            let texts = array.compactMap(\.string)
            return texts.count == array.count ? .list(texts) : nil
        }
    }

    private static func unknown(_ key: String, _ path: String) -> ConfigurationMistake {
        ConfigurationMistake("\(path): no setting is called \(key)\(NearestSetting.hint(key))")
    }
}

/// What a mistyped key may have meant.
enum NearestSetting {
    /// Returns words that name the nearest key, or where to find them all.
    static func hint(_ key: String) -> String {
        hint(key, among: Setting.all.map(\.key))
    }

    /// Returns words that name the nearest of some names.
    static func hint(_ name: String, among names: [String]) -> String {
        let nearest = names.map { ($0, Spelling.distance($0, name)) }.min { $0.1 < $1.1 }
        guard let nearest, nearest.1 <= max(3, name.utf8.count / 3) else {
            return "; throughlined --check-config shows them all"
        }
        return "; did you mean \(nearest.0)?"
    }
}

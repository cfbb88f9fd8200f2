import Configuration
import Synchronization

/// What the daemon is told: by flags, else by the environment, else by a file, else the standard.
struct DaemonConfiguration {
    /// A setting, its value and who gave it.
    struct Entry {
        let setting: Setting
        let value: SettingValue
        let source: String
    }

    /// In the order of `Setting.all`; those that nobody sets and that have no standard are missing.
    let entries: [Entry]

    /// Puts the sources together.
    ///
    /// - Parameters:
    ///   - flags: What the command line says.
    ///   - environment: All variables; those that begin with `THROUGHLINED_` are looked at.
    ///   - standard: What holds otherwise.
    /// - Throws: `ConfigurationMistake` that names source and key.
    init(
        flags: [String: SettingValue], environment: [String: String], file: ConfigurationFile?,
        standard: [String: SettingValue]
    ) throws(ConfigurationMistake) {
        let variables = environment.filter { $0.key.hasPrefix(Setting.variablePrefix) }
        try Self.check(variables)
        let sources: [(name: String, provider: any ConfigProvider)] = [
            ("command line", Self.provider("command line", flags)),
            (
                "environment",
                EnvironmentVariablesProvider(environmentVariables: variables)
                    .prefixKeys(with: ["throughlined"])
            ),
            (
                file?.path ?? "no file",
                Self.provider("file", Dictionary(uniqueKeysWithValues: file?.values ?? []))
            ),
            ("standard", Self.provider("standard", standard)),
        ]
        let recorder = SourceRecorder()
        let reader = ConfigReader(
            providers: sources.map(\.provider), accessReporter: recorder)
        var entries: [Entry] = []
        for setting in Setting.all {
            let value = Self.read(setting, reader)
            switch recorder.take() {
            case .nobody: continue
            case .failed(let index):
                throw ConfigurationMistake(
                    "\(sources[index].name): \(setting.key) must be \(setting.kind.words)")
            case .given(let index):
                guard let value else { continue }
                entries.append(
                    Entry(setting: setting, value: value, source: sources[index].name))
            }
        }
        self.entries = entries
    }

    private static func check(_ variables: [String: String]) throws(ConfigurationMistake) {
        let known = Setting.all.map(\.variable) + [configVariable]
        for name in variables.keys.sorted() where !known.contains(name) {
            throw ConfigurationMistake(
                "environment: no setting is called \(name)"
                    + NearestSetting.hint(name, among: known))
        }
    }

    /// The variable that names the configuration file.
    static let configVariable = Setting.variablePrefix + "CONFIG"

    private static func provider(
        _ name: String, _ values: [String: SettingValue]
    ) -> InMemoryProvider {
        let pairs = values.map { key, value in
            let content: ConfigContent =
                switch value {
                case .text(let text): .string(text)
                case .integer(let number): .int(number)
                case .flag(let flag): .bool(flag)
                case .list(let texts): .stringArray(texts)
                }
            return (AbsoluteConfigKey(ConfigKey(key)), ConfigValue(content, isSecret: false))
        }
        return InMemoryProvider(name: name, values: Dictionary(uniqueKeysWithValues: pairs))
    }

    private static func read(_ setting: Setting, _ reader: ConfigReader) -> SettingValue? {
        let key = ConfigKey(setting.key)
        return switch setting.kind {
        case .text: reader.string(forKey: key).map { .text($0) }
        case .integer: reader.int(forKey: key).map { .integer($0) }
        case .flag: reader.bool(forKey: key).map { .flag($0) }
        case .list: reader.stringArray(forKey: key).map { .list($0) }
        }
    }

    /// The value of a setting, or nil when nobody sets it.
    subscript(key: String) -> SettingValue? {
        precondition(Setting.named(key) != nil, "no setting is called \(key)")
        return entries.first { $0.setting.key == key }?.value
    }

    /// Who gave a setting its value.
    func source(of key: String) -> String {
        entries.first { $0.setting.key == key }?.source ?? "standard"
    }
}

/// Notes which provider answered the last look-up: they are asked in order until one has a value.
private final class SourceRecorder: AccessReporter {
    enum Outcome {
        case nobody
        case given(Int)
        case failed(Int)
    }

    private let last = Mutex(Outcome.nobody)

    func report(_ event: AccessEvent) {
        let index = event.providerResults.count - 1
        let failed = event.providerResults.firstIndex {
            if case .failure = $0.result { true } else { false }
        }
        last.withLock { last in
            if let failed {
                last = .failed(failed)
            } else if event.conversionError != nil {
                last = .failed(index)
            } else if case .success(.some) = event.result {
                last = .given(index)
            } else {
                last = .nobody
            }
        }
    }

    func take() -> Outcome {
        last.withLock { last in
            defer { last = .nobody }
            return last
        }
    }
}

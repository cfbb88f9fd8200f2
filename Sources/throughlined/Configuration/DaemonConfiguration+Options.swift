import Commands
import EventLog
import EventModel
import Logging
import Server

/// From settings to what the server takes.
extension DaemonConfiguration {
    /// The options that the settings give.
    ///
    /// - Throws: `ConfigurationMistake` that names source, key, value and what it must be.
    func options(
        version: String, workingFolder: String
    ) throws(ConfigurationMistake) -> Server.Options {
        func absolute(_ path: String) -> String {
            path.hasPrefix("/") ? path : workingFolder + "/" + path
        }
        var options = Server.Options(
            storePath: absolute(try text("store.path")),
            socketPath: absolute(try text("socket.path")), durability: try durability(),
            sizes: try sizes(), backupFolder: optionalText("store.backup_folder").map(absolute),
            version: version)
        options.allowsNetworkFileSystem = self["store.force_network_filesystem"] == .flag(true)
        options.socketMode = try socketMode()
        options.socketGroup = optionalText("socket.group")
        options.access = try access()
        options.limits = try limits()
        options.redaction = try redaction()
        options.disclosure = try disclosure()
        options.suppresses = self["privacy.suppression"] == .flag(true)
        options.suppressionFolder = optionalText("privacy.suppression_folder").map(absolute)
        return options
    }

    /// The least level that is logged.
    func logLevel() throws(ConfigurationMistake) -> Logger.Level {
        let text = try text("log.level")
        guard let level = Logger.Level(rawValue: text) else {
            let words = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw mistake("log.level", "must be one of \(words)")
        }
        return level
    }

    private func mistake(_ key: String, _ problem: String) -> ConfigurationMistake {
        let value = self[key]?.shown ?? "nothing"
        return ConfigurationMistake("\(source(of: key)): \(key) is \(value), \(problem)")
    }

    private func optionalText(_ key: String) -> String? {
        guard case .text(let text) = self[key], !text.isEmpty else { return nil }
        return text
    }

    private func text(_ key: String) throws(ConfigurationMistake) -> String {
        guard let text = optionalText(key) else { throw mistake(key, "must not be empty") }
        return text
    }

    private func integer(_ key: String, least: Int) throws(ConfigurationMistake) -> Int {
        guard case .integer(let number) = self[key], number >= least else {
            throw mistake(key, "must be at least \(least)")
        }
        return number
    }

    private func durability() throws(ConfigurationMistake) -> LogDurability {
        guard let durability = LogDurability(try text("store.durability")) else {
            throw mistake(
                "store.durability", "must be always, os, or interval: and 1 to 60000 milliseconds")
        }
        return durability
    }

    private func sizes() throws(ConfigurationMistake) -> LogSizes {
        var sizes = LogSizes()
        sizes.segmentEvents = UInt64(try integer("store.segment_events", least: 1))
        sizes.strideBytes = try integer("store.stride_bytes", least: 1)
        sizes.journalBytes = try integer("store.journal_bytes", least: LogLimits.journalBytesMin)
        guard sizes.journalBytes % 4_096 == 0 else {
            throw mistake("store.journal_bytes", "must be a multiple of 4096")
        }
        return sizes
    }

    private func socketMode() throws(ConfigurationMistake) -> UInt32 {
        guard let mode = UInt32(try text("socket.mode"), radix: 8), mode <= 0o777,
            mode & 0o600 == 0o600
        else {
            throw mistake("socket.mode", "must be octal, 0600 to 0777, like 0660")
        }
        return mode
    }

    private func access() throws(ConfigurationMistake) -> AccessPolicy {
        guard case .list(let texts) = self["access.rules"] else { return AccessPolicy() }
        var rules: [AccessRule] = []
        for text in texts {
            do throws(AccessRuleMistake) {
                rules.append(try AccessRule(text))
            } catch {
                throw ConfigurationMistake("\(source(of: "access.rules")): \(error)")
            }
        }
        return AccessPolicy(rules)
    }

    private func redaction() throws(ConfigurationMistake) -> RedactionRules {
        var rules: Set<RedactionRule> = []
        for name in list("redaction.rules") {
            guard let rule = RedactionRule.choices.first(where: { $0.name == name }) else {
                let names = RedactionRule.choices.map(\.name).joined(separator: ", ")
                throw mistake("redaction.rules", "must be of \(names)")
            }
            rules.insert(rule)
        }
        let texts = list("redaction.patterns")
        let patterns = texts.compactMap(RedactionPattern.init)
        guard patterns.count == texts.count, texts.count <= RedactionPattern.countMax else {
            let (least, most) = (
                RedactionPattern.lengths.lowerBound, RedactionPattern.lengths.upperBound
            )
            throw mistake(
                "redaction.patterns",
                "must be at most \(RedactionPattern.countMax) forms of \(least) to \(most) "
                    + "printable characters with three # for digits, @ for letters")
        }
        return RedactionRules(rules, patterns: patterns)
    }

    private func disclosure() throws(ConfigurationMistake) -> Disclosure {
        var disclosure = Disclosure()
        for text in list("access.classes") {
            let words = text.split(separator: "=", omittingEmptySubsequences: false).map(
                String.init)
            guard words.count == 2, let role = Role(rawValue: words[0]),
                let dataClass = DataClass(words[1])
            else {
                let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw mistake(
                    "access.classes",
                    "must be ROLE=CLASS; roles are \(roles), classes \(Self.classes)")
            }
            disclosure[role] = dataClass
        }
        let texts = list("privacy.classes")
        let overrides = texts.compactMap(DataRegister.Override.init)
        guard overrides.count == texts.count else {
            throw mistake(
                "privacy.classes",
                "must be attribute:NAME=CLASS or identifier:KIND=CLASS; classes are \(Self.classes)"
            )
        }
        disclosure.register = DataRegister(overrides)
        return disclosure
    }

    private static var classes: String {
        DataClass.allCases.map { "\($0)" }.joined(separator: ", ")
    }

    private func list(_ key: String) -> [String] {
        guard case .list(let texts) = self[key] else { return [] }
        return texts
    }

    private func limits() throws(ConfigurationMistake) -> ServiceLimits {
        var limits = ServiceLimits()
        for limit in Limit.allCases {
            let key = "limits.\(limit.name)"
            guard case .integer(let value) = self[key] else { continue }
            do throws(LimitMistake) {
                try limits.set(limit, to: value)
            } catch {
                throw ConfigurationMistake("\(source(of: key)): \(error)")
            }
        }
        do throws(LimitMistake) {
            try limits.check()
        } catch {
            throw ConfigurationMistake("limits: \(error)")
        }
        return limits
    }
}

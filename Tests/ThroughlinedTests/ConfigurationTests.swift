import ArgumentParser
import Commands
import Server
import Testing

@testable import throughlined

@Suite("Configuration: flags before the environment before the file before the standard")
struct ConfigurationTests {
    private func read(
        flags: [String: SettingValue] = [:], environment: [String: String] = [:],
        file: String? = nil
    ) throws -> DaemonConfiguration {
        try DaemonConfiguration(
            flags: flags, environment: environment,
            file: file.map { try ConfigurationFile(path: "/etc/t.toml", text: $0) },
            standard: Throughlined.standard)
    }

    private func mistake(
        flags: [String: SettingValue] = [:], environment: [String: String] = [:],
        file: String? = nil
    ) -> String {
        do {
            _ = try read(flags: flags, environment: environment, file: file)
                .options(version: "1", workingFolder: "/")
            return "no mistake"
        } catch {
            return "\(error)"
        }
    }

    @Test("every source is heard, the nearest wins, and each value says whose it is")
    func order() throws {
        let file = """
            [limits]
            connections = 100
            waiters = 200
            idle_ms = 5000
            [access]
            rules = ["user:root=operator", "user:1=reader"]
            """
        let configuration = try read(
            flags: ["limits.connections": .integer(1_000)],
            environment: [
                "THROUGHLINED_LIMITS_CONNECTIONS": "300", "THROUGHLINED_LIMITS_WAITERS": "400",
                "PATH": "/bin", "THROUGHLINE_LONG": "yes",
            ], file: file)
        #expect(configuration["limits.connections"] == .integer(1_000))
        #expect(configuration.source(of: "limits.connections") == "command line")
        #expect(configuration["limits.waiters"] == .integer(400))
        #expect(configuration.source(of: "limits.waiters") == "environment")
        #expect(configuration["limits.idle_ms"] == .integer(5_000))
        #expect(configuration.source(of: "limits.idle_ms") == "/etc/t.toml")
        #expect(configuration["limits.handshake_ms"] == .integer(30_000))
        #expect(configuration.source(of: "limits.handshake_ms") == "standard")
        #expect(configuration["access.rules"] == .list(["user:root=operator", "user:1=reader"]))
        let options = try configuration.options(version: "1", workingFolder: "/here")
        #expect(options.limits[.connections] == 1_000 && options.limits[.waiters] == 400)
        #expect(configuration.table.contains("limits.waiters"))
        #expect(configuration.table.contains("/etc/t.toml"))
    }

    @Test("every setting can be given by a variable of the environment")
    func variables() throws {
        for setting in Setting.all {
            let value = Throughlined.standard[setting.key]?.shown ?? "x"
            guard !value.isEmpty else { continue }
            let configuration = try read(environment: [setting.variable: value])
            #expect(configuration.source(of: setting.key) == "environment", "\(setting.key)")
            #expect(configuration[setting.key]?.shown == value, "\(setting.key)")
        }
    }

    @Test("the standard settings give options with the standard limits")
    func standard() throws {
        let options = try read().options(version: "1", workingFolder: "/")
        #expect(options.limits == ServiceLimits())
        #expect(options.socketMode == 0o660 && options.socketGroup == nil)
        #expect(options.backupFolder == options.storePath + ".backups")
    }

    @Test(
        "a mistake names its source, the key, and what it must be",
        arguments: [
            ("[limits]\nconections = 5", "/etc/t.toml: no setting is called limits.conections"),
            ("[limits]\nconections = 5", "did you mean limits.connections?"),
            ("[limit]\nconnections = 5", "did you mean limits.connections?"),
            ("limits = 5", "no setting is called limits"),
            ("[limits]\nconnections = \"5\"", "limits.connections must be a whole number"),
            ("[limits]\nconnections = 0", "connections is 0, must be 1 to"),
            ("[limits]\nconnections = 5\nconnections_reserved = 9", "less than connections"),
            ("[socket]\nmode = \"0999\"", "socket.mode is 0999, must be octal"),
            ("[socket]\nmode = \"0066\"", "socket.mode is 0066, must be octal"),
            ("[store]\ndurability = \"never\"", "store.durability is never, must be always"),
            ("[store]\njournal_bytes = 1", "must be at least"),
            ("[access]\nrules = [\"root\"]", "user:NAME=ROLE"),
            ("[access]\nrules = [5]", "access.rules must be a list of texts"),
            ("[limits\n", "/etc/t.toml, line 1"),
        ])
    func mistakes(_ file: String, _ words: String) {
        let text = mistake(file: file)
        #expect(text.contains(words), "\(text)")
    }

    @Test("unknown and unreadable variables are refused; those of others are not looked at")
    func unknownVariables() {
        #expect(
            mistake(environment: ["THROUGHLINED_LIMITS_WAITER": "1"])
                .contains("did you mean THROUGHLINED_LIMITS_WAITERS?"))
        #expect(
            mistake(environment: ["THROUGHLINED_LIMITS_WAITERS": "many"])
                .contains("environment: limits.waiters must be a whole number"))
        #expect(mistake(environment: ["THROUGHLINE_WAITER": "1"]) == "no mistake")
    }

    @Test("--set takes any setting, and refuses what none is")
    func set() throws {
        let daemon = try Throughlined.parse([
            "--set", "limits.waiters=7", "--set", "access.rules=user:1=reader,group:2=writer",
            "--durability", "os",
        ])
        #expect(
            try daemon.flags() == [
                "limits.waiters": .integer(7), "store.durability": .text("os"),
                "access.rules": .list(["user:1=reader", "group:2=writer"]),
            ])
        for wrong in ["limits.waiters", "limits.waiters=x", "limit.waiters=1"] {
            let daemon = try Throughlined.parse(["--set", wrong])
            #expect(throws: ConfigurationMistake.self) { try daemon.flags() }
        }
    }
}

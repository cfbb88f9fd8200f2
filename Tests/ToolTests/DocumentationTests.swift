import ArgumentParser
import Foundation
import Testing

@testable import throughline

@Suite("what the documentation says of the tool")
struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The command lines that a page shows, without what stands behind a `#`.
    private static func commands(_ page: String) throws -> [[String]] {
        let text = try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.hasPrefix("$ throughline ") }.map { line in
            line.dropFirst("$ throughline ".count).split(separator: "#")[0]
                .split(separator: " ").map { $0.filter { $0 != "'" } }
        }
    }

    @Test(
        "every command line that is shown can be meant",
        arguments: ["README.md", "Sources/Commands/GUIDE.md"])
    func commandLines(page: String) throws {
        let commands = try Self.commands(page)
        #expect(commands.count >= 5)
        for words in commands {
            #expect(throws: Never.self, "\(words)") { try Throughline.parseAsRoot(words) }
        }
    }

    @Test("every verb stands in the README")
    func verbs() throws {
        let text = try String(
            contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
        for command in Throughline.configuration.subcommands where command != Hidden.self {
            let name = command.configuration.commandName ?? ""
            let isNamed = text.contains("`\(name)") || text.contains("throughline \(name)")
            #expect(isNamed, "\(name)")
        }
    }

    /// For those who change the stored form of events, not for operators.
    private typealias Hidden = TrainDictionaryCommand
}

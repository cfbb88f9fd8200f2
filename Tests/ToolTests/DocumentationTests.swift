import ArgumentParser
import Foundation
import Testing

@testable import throughline

@Suite("what the documentation says of the tool")
struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ page: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8)
    }

    /// The command lines that a page shows, without what stands behind a `#`.
    private static func commands(_ page: String) throws -> [[String]] {
        try text(page).split(separator: "\n").filter { $0.hasPrefix("$ throughline ") }.map {
            line in
            line.dropFirst("$ throughline ".count).split(separator: "#")[0]
                .split(separator: " ").map { $0.filter { $0 != "'" } }
        }
    }

    @Test(
        "every command line that is shown can be meant",
        arguments: ["tools/README.md", "Sources/Commands/GUIDE.md"])
    func commandLines(page: String) throws {
        let commands = try Self.commands(page)
        #expect(commands.count >= 5)
        for words in commands {
            #expect(throws: Never.self, "\(words)") { try Throughline.parseAsRoot(words) }
        }
    }

    /// What stands between backticks in a page's sentences and tables, in words.
    private static func spans(_ page: String) throws -> [[String]] {
        let blocks = try text(page).components(separatedBy: "```")
        let sentences = stride(from: 0, to: blocks.count, by: 2).map { blocks[$0] }
        return sentences.flatMap { sentence -> [[String]] in
            let parts = sentence.components(separatedBy: "`")
            return stride(from: 1, to: parts.count, by: 2).map { index in
                parts[index].split(whereSeparator: \.isWhitespace).map(String.init)
            }
        }
    }

    private static func command(
        _ name: String, of parent: any ParsableCommand.Type = Throughline.self
    ) -> (any ParsableCommand.Type)? {
        parent.configuration.subcommands.first { $0.configuration.commandName == name }
    }

    @Test(
        "every command line in a sentence names a verb, and options that it has",
        arguments: ["README.md", "tools/README.md", "Sources/Commands/GUIDE.md"])
    func sentences(page: String) throws {
        let lines = try Self.spans(page).filter { $0.count > 1 && $0[0] == "throughline" }
        #expect(!lines.isEmpty)
        for words in lines {
            let command = try #require(Self.command(words[1]), "\(words)")
            for word in words.dropFirst(2) where word != "|" && word != "…" {
                if word.hasPrefix("-") {
                    let help = command.helpMessage().split { " ,/\n".contains($0) }
                    #expect(help.contains { $0 == word }, "\(words): \(word)")
                } else if !command.configuration.subcommands.isEmpty {
                    #expect(Self.command(word, of: command) != nil, "\(words): \(word)")
                }
            }
        }
    }

    @Test("every verb stands in the README, as a word of its own")
    func verbs() throws {
        let spans = try Self.spans("README.md")
        let named = Set(
            spans.compactMap { $0.first == "throughline" ? $0.dropFirst().first : $0.first })
        let commands = Throughline.configuration.subcommands
        #expect(commands.count > 20)
        for command in commands where command != Hidden.self {
            let name = command.configuration.commandName ?? ""
            #expect(named.contains(name), "\(name)")
        }
    }

    /// For those who change the stored form of events, not for operators.
    private typealias Hidden = TrainDictionaryCommand
}

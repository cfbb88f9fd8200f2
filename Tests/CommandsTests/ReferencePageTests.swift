import Foundation
import Testing

@testable import Commands

/// The reference page is the command table, written out. `THROUGHLINE_RECORD=1` writes it anew.
@Suite("The reference page")
struct ReferencePageTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/Commands/REFERENCE.md")

    @Test("says what the command table, the codes of errors and the limits say")
    func current() throws {
        let page = ReferencePage.text
        if ProcessInfo.processInfo.environment["THROUGHLINE_RECORD"] != nil {
            try page.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: Self.file, encoding: .utf8)
        #expect(written == page, "set THROUGHLINE_RECORD=1, run this again and read the difference")
        for command in CommandTable.standard.commands {
            #expect(page.contains("### \(command.name)\n"), "\(command.name) is not on the page")
        }
    }

    @Test("each option of a command stands once, and each line of it in one line")
    func shape() {
        for command in CommandTable.standard.commands {
            let tokens = command.arguments.compactMap(\.token)
            #expect(Set(tokens).count == tokens.count, "\(command.name)")
            for text in [command.summary, command.reply] {
                #expect(!text.isEmpty && !text.contains("\n"), "\(command.name)")
            }
        }
    }
}

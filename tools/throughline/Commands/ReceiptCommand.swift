import ArgumentParser
import EventLog
import EventModel
import Importing
import JSON

struct ReceiptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "Sign what an erasure or a redaction took, and hold the store against it later.",
        discussion: """
            A receipt says, with an Ed25519 signature by the key of 'throughline checkpoint key', \
            what was taken out of a store, when, by whom, of which events, and the commitments to \
            what they were and to what is left of them. It names nobody, and whoever asked for it \
            may have it.
            """,
        subcommands: [
            ReceiptListCommand.self, ReceiptWriteCommand.self, ReceiptCheckCommand.self,
        ])
}

/// The words that name an erasure or a redaction of a store.
struct ReceiptOptions: ParsableArguments {
    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @Argument(help: "erasure or redaction.")
    var kind: ReceiptKind

    @Argument(help: "Its number, as ERASE or REDACT answered it.")
    var number: UInt64
}

/// What there are receipts of, as it is typed.
enum ReceiptKind: String, ExpressibleByArgument, CaseIterable {
    case erasure, redaction

    var kind: Erasure.Kind {
        switch self {
        case .erasure: .erasure
        case .redaction: .redaction
        }
    }
}

struct ReceiptListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "All erasures and redactions of a store.",
        discussion: "A daemon may have the store open.")

    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
        let statements = try ToolFailure.telling { () throws(EventLogError) in
            try StoredLog.open(store: store).statements()
        }
        let list = StatementList(statements)
        Terminal.write(json ? list.json : list.text)
    }
}

struct ReceiptWriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write", abstract: "Sign what an erasure or a redaction took.",
        discussion: "It must be carried out. A daemon may have the store open.")

    @OptionGroup var which: ReceiptOptions

    @OptionGroup var signing: SigningOptions

    func run() throws {
        let key = try signing.key()
        let receipt = try ToolFailure.telling { () throws(ReceiptError) in
            try ErasureReceipt.make(
                of: which.kind.kind, which.number, store: which.store, with: key, now: signing.now()
            )
        }
        try signing.write(receipt.text)
        Terminal.write(
            "signed \(which.kind.rawValue) \(which.number) of store \(receipt.store): "
                + "\(receipt.entries.count.grouped) events\n")
    }
}

struct ReceiptCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Hold a store against a receipt.",
        discussion: """
            Exit code: 0 the signature is right and of every event that the receipt names the store \
            has what is left and no more, 1 it is not so. That the chain of digests goes over all of \
            it, throughline verify proves.
            """)

    @OptionGroup var checking: CheckingOptions

    func run() throws {
        let bytes = try DataFile.read(checking.file, bytesMax: ErasureReceipt.bytesMax)
        let key = try checking.key()
        let (receipt, later) = try ToolFailure.telling { () throws(ReceiptError) in
            let receipt = try ErasureReceipt(reading: String(decoding: bytes, as: UTF8.self))
            return (receipt, try receipt.check(store: checking.store, publicKey: key))
        }
        var text =
            "the store is as the receipt says: \(receipt.kind.rawValue) \(receipt.number), "
            + "\(receipt.entries.count.grouped) events, carried out at position "
            + receipt.completed.grouped
        if later > 0 { text += "; of \(later.grouped) of them more was taken since" }
        Terminal.write(text + "\n")
    }
}

/// Erasures and redactions in words or as a document.
struct StatementList {
    private let statements: [ErasureStatement]

    init(_ statements: [ErasureStatement]) { self.statements = statements }

    var isEmpty: Bool { statements.isEmpty }

    /// A line for each, below titles.
    var text: String {
        var table = TextTable(
            titles: ["", "number", "position", "events", "said", "carried out at"],
            isNumeric: [false, true, true, true, false, true])
        for statement in statements {
            let erasure = statement.erasure
            table.add([
                erasure.kind.rawValue, "\(erasure.number)", erasure.position.grouped,
                erasure.eventCount.grouped, statement.recorded.rfc3339,
                statement.completed?.grouped ?? "pending",
            ])
        }
        return table.lines().joined(separator: "\n") + "\n"
    }

    /// What `verify --json` and `receipt list --json` say of them.
    var document: JSONValue {
        .array(
            statements.map { statement in
                let erasure = statement.erasure
                func number(_ number: UInt64?) -> JSONValue {
                    number.map { .integer(Int64(clamping: $0)) } ?? .null
                }
                func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
                return .object([
                    .init("kind", .string(erasure.kind.rawValue)),
                    .init("number", number(erasure.number)),
                    .init("position", number(erasure.position.rawValue)),
                    .init("events", .integer(Int64(erasure.eventCount))),
                    .init("recorded", .string(statement.recorded.rfc3339)),
                    .init("reason", .string(statement.reason)), .init("by", text(statement.actor)),
                    .init("request", text(statement.request)),
                    .init("completed", number(statement.completed?.rawValue)),
                ])
            })
    }

    var json: String {
        var bytes: [UInt8] = []
        document.write(to: &bytes)
        return String(decoding: Escaping.document(bytes), as: UTF8.self) + "\n"
    }
}

extension Position {
    fileprivate var grouped: String { Int(clamping: rawValue).grouped }
}

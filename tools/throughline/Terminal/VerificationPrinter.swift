import EventLog
import EventModel
import Importing
import JSON

/// What a verification found, in words or as a document.
struct VerificationPrinter {
    let report: VerificationReport
    /// Erasures and redactions; nil where they cannot be told.
    let statements: StatementList?
    /// The files that a repair has removed; nil when none was asked for.
    let removed: [String]?
    let elapsed: Duration

    private var seconds: Double { max(0.001, elapsed.seconds) }

    var text: String {
        var text = ""
        for fault in report.faults { text += Self.line(fault) }
        if report.faultCount > report.faults.count {
            text += "and \((report.faultCount - report.faults.count).grouped) faults more\n"
        }
        for file in removed ?? [] {
            text += "removed \(Escaping.printable(file)); the next start makes it anew\n"
        }
        if !text.isEmpty { text += "\n" }
        let kind = report.isBackup ? "backup" : "store"
        let id = report.storeID ?? "of unknown name"
        text += "\(kind)      ".prefix(11) + id + "\n"
        text += "events     \(events)\n"
        text += "log        \(segments)\n"
        if report.indexEntries > 0 {
            text += "indexes    \(Int(report.indexEntries).grouped) entries, both ways\n"
        }
        if let digest = report.digest, report.events > 0 {
            text += "digest     \(digest.hexadecimal)\n"
        }
        if let statements {
            if !statements.isEmpty { text += "\n\(statements.text)\n" }
        } else {
            text += "erasures   cannot be told: the log is damaged\n"
        }
        let count = report.faultCount
        text += "found      "
        text += report.isWhole ? "all as it was written" : Terminal.bold(Self.count(count, "fault"))
        let tenths = Int(seconds * 10)
        let rate = Int(Double(report.events) / seconds).grouped
        return text + "\n\(tenths / 10).\(tenths % 10) s, \(rate) events/s\n"
    }

    private var events: String {
        guard let positions = report.positions else { return "none" }
        let range =
            "\(Int(report.events).grouped), positions \(positions.lowerBound.grouped) to "
            + positions.upperBound.grouped
        guard report.journalEvents > 0 else { return range }
        return range + ", \(Int(report.journalEvents).grouped) of them in the journal"
    }

    private var segments: String {
        Self.count(Int(report.blocks), "block") + " in " + Self.count(report.segments, "segment")
            + ", \(report.sealed.grouped) sealed"
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number.grouped) \(noun)" + (number == 1 ? "" : "s")
    }

    /// One fault, one line.
    static func line(_ fault: VerificationFault) -> String {
        var place = Escaping.printable(fault.file)
        if let block = fault.block { place += ", block \(block)" }
        if let positions = fault.positions {
            place +=
                positions.count == 1
                ? ", position \(positions.lowerBound)"
                : ", positions \(positions.lowerBound) to \(positions.upperBound)"
        }
        return "\(fault.kind.rawValue): \(place): \(Escaping.printable(fault.what))\n"
    }

    var json: String {
        var members: [JSONValue.Member] = [
            .init("whole", .boolean(report.isWhole)),
            .init("backup", .boolean(report.isBackup)),
            .init("store", report.storeID.map(JSONValue.string) ?? .null),
            .init("first", number(report.positions?.lowerBound.rawValue)),
            .init("last", number(report.positions?.upperBound.rawValue)),
            .init("digest", report.digest.map { .string($0.hexadecimal) } ?? .null),
            .init("events", number(report.events)), .init("blocks", number(report.blocks)),
            .init("segments", .integer(Int64(report.segments))),
            .init("sealed", .integer(Int64(report.sealed))),
            .init("journal_events", number(report.journalEvents)),
            .init("index_entries", number(report.indexEntries)),
            .init("erasures", statements?.document ?? .null),
            .init("fault_count", .integer(Int64(report.faultCount))),
            .init("faults", .array(report.faults.map(document))),
            .init("elapsed_ms", .integer(Int64(seconds * 1_000))),
        ]
        if let removed { members.append(.init("removed", .array(removed.map(JSONValue.string)))) }
        var bytes: [UInt8] = []
        JSONValue.object(members).write(to: &bytes)
        return String(decoding: Escaping.document(bytes), as: UTF8.self) + "\n"
    }

    private func number(_ number: UInt64?) -> JSONValue {
        number.map { .integer(Int64(clamping: $0)) } ?? .null
    }

    private func document(_ fault: VerificationFault) -> JSONValue {
        .object([
            .init("kind", .string(fault.kind.rawValue)), .init("file", .string(fault.file)),
            .init("block", number(fault.block?.rawValue)),
            .init("first", number(fault.positions?.lowerBound.rawValue)),
            .init("last", number(fault.positions?.upperBound.rawValue)),
            .init("disposable", .boolean(fault.isDisposable)),
            .init("what", .string(fault.what)),
        ])
    }
}

extension Position {
    fileprivate var grouped: String { Int(clamping: rawValue).grouped }
}

extension ClosedRange<Position> {
    fileprivate var count: UInt64 { upperBound.rawValue - lowerBound.rawValue &+ 1 }
}

internal import Consumers
internal import EventLog
internal import Projecting

/// Whether this program can open a store that another version of it may have written, and what
/// that would take; what `--check-upgrade` says.
public struct UpgradeCheck {
    /// Whether the store can be opened.
    public let isPossible: Bool
    /// What was found, for people.
    public let text: String

    /// Looks at a store, which nobody needs to let go of: a daemon may be serving it.
    public init(store: String, version: String) {
        let findings: [StoreFormats.Finding]
        do throws(EventLogError) {
            findings = try StoreFormats.look(store: store)
        } catch {
            isPossible = false
            text = "\(error)\n"
            return
        }
        var lines: [String] = []
        for kind in StoreFormats.Kind.allCases {
            let own = findings.filter { $0.kind == kind }
            guard !own.isEmpty else { continue }
            let read = own.filter { $0.refusal == nil }.count
            lines.append(Self.line(kind.rawValue, "\(read) of \(own.count) read"))
            for finding in own {
                guard let refusal = finding.refusal else { continue }
                let end = finding.isDisposable ? "; made anew from the log" : ""
                lines.append("  \(finding.file): \(refusal)\(end)")
            }
        }
        let consumers = ConsumerFile.faults(store: store)
        lines.append(Self.line("consumers", consumers.isEmpty ? "read" : "not read"))
        lines += consumers.map { "  \($0)" }
        for (name, upgrade) in ViewSet.upgrades(folder: store + "/views") {
            switch upgrade {
            case .kept: lines.append(Self.line("view \(name)", "kept"))
            case .foldedAnew(let file):
                lines.append(
                    Self.line("view \(name)", "folded anew, from \(file); -REBUILDING until then"))
            case .prepared(let position):
                lines.append(
                    Self.line("view \(name)", "prepared, folded on from position \(position)"))
            }
        }
        if !ViewSet.outdated(folder: store + "/views").isEmpty {
            lines.append("to have them ready before: throughline replay \(store) --prepare")
        }
        isPossible =
            consumers.isEmpty && findings.allSatisfy { $0.refusal == nil || $0.isDisposable }
        let end = isPossible ? "can open" : "cannot open"
        text = (lines + ["throughlined \(version) \(end) \(store)"]).joined(separator: "\n") + "\n"
    }

    private static func line(_ what: String, _ found: String) -> String {
        what + String(repeating: " ", count: max(1, 18 - what.utf8.count)) + found
    }
}
